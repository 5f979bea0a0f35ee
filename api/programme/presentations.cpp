#include "api/programme/presentations.h"

#include <algorithm>

namespace dfb::programme {

Result<TimeUs> Presentations::present(const KeyId& device, std::uint32_t step, const KeyId& till,
                                      TimeUs now_us) {
  std::lock_guard lock(mutex_);
  if (held_.size() >= sweep_at_) {
    std::erase_if(held_, [now_us](const auto& item) { return item.second.expires_us <= now_us; });
    sweep_at_ = std::max<std::size_t>(1024, held_.size() * 2);
  }
  Held& held = held_[device];
  const bool live = held.expires_us > now_us;
  if (live && held.till != till && step <= held.step)
    return fail(Code::presented_elsewhere,
                "this code is in use at another counter; ask the customer for a new code");
  if (live && held.till == till && step < held.step)
    return fail(Code::code_stale, "the customer has shown a newer code; scan the one on the screen now");
  held = {step, till, now_us + kPresentationLifeUs};
  return held.expires_us;
}

Result<void> Presentations::check(const KeyId& device, std::uint32_t step, const KeyId& till, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  const auto it = held_.find(device);
  if (it == held_.end() || it->second.expires_us <= now_us || it->second.step < step)
    return fail(Code::not_presented, "scan the customer's code again");
  if (it->second.till != till || it->second.step != step)
    return fail(Code::presented_elsewhere, "a newer code of this customer is in use; ask for a new code");
  return ok();
}

Result<void> Presentations::check(const KeyId& device, const KeyId& till, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  const auto it = held_.find(device);
  if (it == held_.end() || it->second.expires_us <= now_us || it->second.till != till)
    return fail(Code::not_presented, "scan the customer's code again");
  return ok();
}

}  // namespace dfb::programme
