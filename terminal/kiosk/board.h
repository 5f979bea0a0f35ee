// The newest view, hung up by the till's thread for all HTTP workers to read.
// Threads: any.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "terminal/kiosk/view.h"

namespace dfb::terminal::kiosk {

struct Snapshot {
  std::int64_t version = 0;  // from 1
  std::string json;          // the view, with `version` as its first member
};

class Board {
 public:
  static constexpr int kWaitersMax = 4;

  // A view that says what the last one said is no new version.
  void hang(const View& view);
  // The newest snapshot, as soon as its version is not `after`; after `patience` whatever there is. No
  // waiting when too many wait already or the board is closed. Null before the first view.
  std::shared_ptr<const Snapshot> newest(std::int64_t after, std::chrono::milliseconds patience);
  void close();  // nobody waits any longer

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const Snapshot> newest_;
  std::string said_;
  int waiters_ = 0;
  bool closed_ = false;
};

}  // namespace dfb::terminal::kiosk
