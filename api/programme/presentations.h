// Scanning presents a pay code: the first till to do so owns the code for five minutes, and no other till can
// use it.
//
// A reservation in memory, not an entry: it moves nothing, and a restart only means scanning again. That a
// code is used once is the ledger's rule (the device key's last step); this only keeps two counters from
// working on one code. A device's newer code ends its older ones. Threads: any.
#pragma once
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"
#include "ledger/crypto/keys.h"

namespace dfb::programme {

inline constexpr TimeUs kPresentationLifeUs = 5 * kMinuteUs;

class Presentations {
 public:
  // REQUIRES: the code's signature is `device`'s and its step within the window.
  // Returns when the reservation ends. presented_elsewhere: another till owns this code, or a newer one.
  // code_stale: this till was shown a newer code already.
  Result<TimeUs> present(const KeyId& device, std::uint32_t step, const KeyId& till, TimeUs now_us);
  // Before a redemption enters the ledger. not_presented, presented_elsewhere.
  Result<void> check(const KeyId& device, std::uint32_t step, const KeyId& till, TimeUs now_us);
  // Has this till been shown a code of the device, and no other since? not_presented.
  Result<void> check(const KeyId& device, const KeyId& till, TimeUs now_us);

 private:
  struct Held {
    std::uint32_t step = 0;
    KeyId till;
    TimeUs expires_us = 0;
  };
  std::mutex mutex_;
  std::unordered_map<KeyId, Held, HashOfHash> held_;  // by device
  std::size_t sweep_at_ = 1024;
};

}  // namespace dfb::programme
