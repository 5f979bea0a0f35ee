// Sessions by a device key's challenge: nothing to remember, nothing to guess. Kept in memory; a restart
// signs everybody out, and pages sign in again by themselves. Bytes: docs/formats.md#login.
//
// A nonce is kept nowhere: it says itself when it ends, under a seal of this process, so that no number of
// strangers who ask for challenges can shut anybody out. Only those that opened a session are remembered, for
// the rest of their minute, since they may not open another.
//
// Whether a key may still act is asked of the ledger on each request, not here. Threads: any.
#pragma once
#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/crypto/keys.h"

namespace dfb::programme {

inline constexpr TimeUs kNonceLifeUs = kMinuteUs;
inline constexpr TimeUs kSessionLifeUs = 12 * kHourUs;
inline constexpr std::size_t kSessionsMax = 200'000;
// Of one key: a device with many tabs has enough, and no device alone fills the table. The next one ends the
// oldest.
inline constexpr std::size_t kSessionsOfKeyMax = 8;

struct OpenedSession {
  std::string token;
  TimeUs expires_us = 0;
};

class Sessions {
 public:
  Sessions(std::string origin, const Clock& clock, Random& random)
      : origin_(std::move(origin)), clock_(clock), random_(random), secret_(random.bytes(32)) {}

  // 32 bytes that nobody can foresee, good once, for a minute, for this key.
  std::string challenge(const KeyId& key);
  // `client_nonce`: 16 bytes. unauthenticated for a used, late, made-up or another key's nonce and for a
  // wrong signature; busy when too many sessions are open.
  Result<OpenedSession> open(const PublicKey& key, std::string_view nonce, std::string_view client_nonce,
                             std::string_view signature);
  std::optional<KeyId> find(std::string_view token);
  void close(std::string_view token);

 private:
  struct Held {
    KeyId key;
    TimeUs expires_us = 0;
  };
  using Map = std::unordered_map<std::string, Held>;
  // The last tokens of one key, some of which may have ended already.
  struct Latest {
    std::array<std::string, kSessionsOfKeyMax> tokens;
    std::size_t next = 0;
  };
  std::string seal(const KeyId& key, std::string_view head) const;
  bool is_fresh(const KeyId& key, std::string_view nonce) const;
  bool use_up(std::string_view nonce);  // false: it was used already

  const std::string origin_;
  const Clock& clock_;
  Random& random_;
  const std::string secret_;
  std::mutex mutex_;
  std::unordered_map<std::string, TimeUs> used_;  // nonces, and when they end
  std::size_t sweep_used_at_ = 1024;
  Map sessions_;  // by the token's SHA-256, so that a memory dump holds no token
  std::unordered_map<KeyId, Latest, HashOfHash> latest_;  // enrolled keys alone come so far
};

}  // namespace dfb::programme
