#include "api/programme/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>

namespace dfb::programme {
namespace {

std::string network_of(const std::string& name) {
  unsigned char bytes[16];
  if (inet_pton(AF_INET6, name.c_str(), bytes) != 1) return name;
  return {reinterpret_cast<const char*>(bytes), 8};
}

}  // namespace

Result<void> RateLimit::take(const std::string& name, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  if (windows_.size() >= sweep_at_) {
    std::erase_if(windows_, [now_us](const auto& w) { return w.second.ends_us <= now_us; });
    sweep_at_ = std::max<std::size_t>(1024, windows_.size() * 2);
  }
  Window& window = windows_[network_of(name)];
  if (window.ends_us <= now_us) window = {now_us + window_us_, 0};
  if (window.tries >= tries_max_)
    return fail(
        Code::rate_limited,
        "too many tries; wait " + std::to_string((window.ends_us - now_us) / kSecondUs + 1) + " seconds");
  ++window.tries;
  return ok();
}

}  // namespace dfb::programme
