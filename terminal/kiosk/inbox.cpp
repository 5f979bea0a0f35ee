#include "terminal/kiosk/inbox.h"

namespace dfb::terminal::kiosk {

bool Inbox::push(Touch touch) {
  const std::lock_guard lock(mutex_);
  if (closed_ || touches_.size() == kTouchesMax) return false;
  touches_.push_back({std::move(touch), std::chrono::steady_clock::now()});
  changed_.notify_one();
  return true;
}

std::optional<Inbox::Given> Inbox::take(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [this] { return closed_ || !touches_.empty(); });
  if (closed_ || touches_.empty()) return std::nullopt;
  Given given = std::move(touches_.front());
  touches_.pop_front();
  return given;
}

void Inbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool Inbox::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace dfb::terminal::kiosk
