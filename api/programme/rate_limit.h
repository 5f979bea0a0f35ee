// How often each name (an address, a key) may try: so many at once, and as many again evenly over the window.
// Enough to slow guessing and floods down, no more. Threads: any.
#pragma once
#include <mutex>
#include <string>
#include <unordered_map>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"

namespace dfb::programme {

class RateLimit {
 public:
  // REQUIRES: tries_max >= 1.
  RateLimit(std::int64_t tries_max, TimeUs window_us);
  // rate_limited when `name` has no try left; the detail says how many seconds until it has. An IPv6 address
  // stands for its network of 64 bits, which one house has to itself.
  Result<void> take(const std::string& name, TimeUs now_us);
  // The same answer, and no try is used up.
  Result<void> look(const std::string& name, TimeUs now_us);

 private:
  Result<void> try_left(TimeUs& full_at_us, TimeUs now_us) const;
  const TimeUs window_us_, interval_us_;
  std::mutex mutex_;
  // When each name has all its tries back: a try moves it on by one interval. What has passed needs no row.
  std::unordered_map<std::string, TimeUs> full_at_us_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace dfb::programme
