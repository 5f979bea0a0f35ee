// Touches on their way from the HTTP workers to the till's thread: few, since a person makes them.
// Threads: any; take() one.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "terminal/kiosk/touch.h"

namespace dfb::terminal::kiosk {

class Inbox {
 public:
  static constexpr std::size_t kTouchesMax = 16;
  struct Given {
    Touch touch;
    std::chrono::steady_clock::time_point at;  // when it came in
  };

  bool push(Touch touch);  // false when it is full or closed
  // The next touch; nothing when `until` comes first or the inbox is closed.
  std::optional<Given> take(std::chrono::steady_clock::time_point until);
  void close();
  bool is_closed() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Given> touches_;
  bool closed_ = false;
};

}  // namespace dfb::terminal::kiosk
