// A progress bar on a terminal's standard error: how far, how fast, how much longer. Writes nothing when
// `shown` is false. How fast counts from the first call on, which says what was done before. Threads: one.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>

#include "ledger/audit/finding.h"

namespace dfb::audit {

class Progress {
 public:
  using Time = std::chrono::steady_clock;
  using Now = std::function<Time::time_point()>;
  // `out` outlives it.
  Progress(bool shown, Lang lang, std::FILE* out = stderr, Now now = Time::now)
      : shown_(shown), lang_(lang), out_(out), now_(std::move(now)) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t done, std::int64_t all);
  void clear();  // wipes the bar, before other text is written

 private:
  struct Begin {
    std::int64_t done = 0;
    Time::time_point at;
  };
  bool shown_;
  Lang lang_;
  std::FILE* out_;
  Now now_;
  bool drawn_ = false;
  std::optional<Begin> begin_;
  Time::time_point last_{};
};

}  // namespace dfb::audit
