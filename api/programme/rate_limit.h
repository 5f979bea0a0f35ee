// A fixed window of tries for each name (an address, a key): enough to slow guessing and floods down, no
// more. Threads: any.
#pragma once
#include <mutex>
#include <string>
#include <unordered_map>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"

namespace dfb::programme {

class RateLimit {
 public:
  RateLimit(std::int64_t tries_max, TimeUs window_us) : tries_max_(tries_max), window_us_(window_us) {}
  // rate_limited when `name` has used up its window; the detail says how many seconds are left. An IPv6
  // address stands for its network of 64 bits, which one house has to itself.
  Result<void> take(const std::string& name, TimeUs now_us);

 private:
  struct Window {
    TimeUs ends_us = 0;
    std::int64_t tries = 0;
  };
  const std::int64_t tries_max_;
  const TimeUs window_us_;
  std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace dfb::programme
