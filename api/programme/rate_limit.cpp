#include "api/programme/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>

#include "ledger/base/check.h"

namespace dfb::programme {
namespace {

std::string network_of(const std::string& name) {
  unsigned char bytes[16];
  if (inet_pton(AF_INET6, name.c_str(), bytes) != 1) return name;
  return {reinterpret_cast<const char*>(bytes), 8};
}

}  // namespace

RateLimit::RateLimit(std::int64_t tries_max, TimeUs window_us)
    : window_us_(window_us), interval_us_(window_us / tries_max) {
  DFB_CHECK(tries_max >= 1);
}

Result<void> RateLimit::try_left(TimeUs& full_at_us, TimeUs now_us) const {
  // No try leads further ahead than this; a moment beyond it was written by a clock that has been set back since.
  full_at_us = std::min(full_at_us, now_us + window_us_);
  const TimeUs after_us = std::max(full_at_us, now_us) + interval_us_;
  if (after_us <= now_us + window_us_) return ok();
  return fail(Code::rate_limited, "too many tries; wait " +
                                      std::to_string((after_us - now_us - window_us_ - 1) / kSecondUs + 1) + " seconds");
}

Result<void> RateLimit::look(const std::string& name, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  const auto it = full_at_us_.find(network_of(name));
  return it == full_at_us_.end() ? ok() : try_left(it->second, now_us);
}

Result<void> RateLimit::take(const std::string& name, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  if (full_at_us_.size() >= sweep_at_) {
    std::erase_if(full_at_us_, [now_us](const auto& item) { return item.second <= now_us; });
    sweep_at_ = std::max<std::size_t>(1024, full_at_us_.size() * 2);
  }
  TimeUs& full_at_us = full_at_us_[network_of(name)];
  DFB_TRY_VOID(try_left(full_at_us, now_us));
  full_at_us = std::max(full_at_us, now_us) + interval_us_;
  return ok();
}

}  // namespace dfb::programme
