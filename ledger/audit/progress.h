// A progress bar on a terminal's standard error: how far, how fast, how much longer. Writes nothing when
// `shown` is false. Threads: one.
#pragma once
#include <chrono>
#include <cstdint>

#include "ledger/audit/finding.h"

namespace dfb::audit {

class Progress {
 public:
  Progress(bool shown, Lang lang) : shown_(shown), lang_(lang) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t done, std::int64_t all);
  void clear();  // wipes the bar, before other text is written

 private:
  using Time = std::chrono::steady_clock;
  bool shown_;
  Lang lang_;
  bool drawn_ = false;
  Time::time_point start_ = Time::now(), last_{};
};

}  // namespace dfb::audit
