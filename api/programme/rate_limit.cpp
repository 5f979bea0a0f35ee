#include "api/programme/rate_limit.h"

namespace dfb::programme {

Result<void> RateLimit::take(const std::string& name, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  if (windows_.size() > 100'000)
    std::erase_if(windows_, [now_us](const auto& w) { return w.second.ends_us <= now_us; });
  Window& window = windows_[name];
  if (window.ends_us <= now_us) window = {now_us + window_us_, 0};
  if (window.tries >= tries_max_)
    return fail(
        Code::rate_limited,
        "too many tries; wait " + std::to_string((window.ends_us - now_us) / kSecondUs + 1) + " seconds");
  ++window.tries;
  return ok();
}

}  // namespace dfb::programme
