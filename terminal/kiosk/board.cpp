#include "terminal/kiosk/board.h"

#include "api/http/json.h"

namespace dfb::terminal::kiosk {

void Board::hang(const View& view) {
  std::string said = http::to_json(view);
  const std::lock_guard lock(mutex_);
  if (said == said_) return;
  Snapshot snapshot;
  snapshot.version = newest_ ? newest_->version + 1 : 1;
  snapshot.json = "{\"version\":" + std::to_string(snapshot.version) + "," + said.substr(1);
  said_ = std::move(said);
  newest_ = std::make_shared<const Snapshot>(std::move(snapshot));
  changed_.notify_all();
}

std::shared_ptr<const Snapshot> Board::newest(std::int64_t after, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (waiters_ < kWaitersMax) {
    ++waiters_;
    changed_.wait_for(lock, patience, [&] { return closed_ || (newest_ && newest_->version != after); });
    --waiters_;
  }
  return newest_;
}

void Board::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace dfb::terminal::kiosk
