// A real till as a process of its own, on its text terminal, and what a cashier and a stopwatch see of it.
//
// What goes wrong throws std::runtime_error. Threads: one.
#pragma once
#include <string>

#include "api/demo/process.h"
#include "tests/e2e/live_town.h"

namespace dfb::bench {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point begin);
[[noreturn]] void give_up(const std::string& why);

class TillProcess {
 public:
  explicit TillProcess(const e2e::Till& till);
  double cold_start_s() const { return cold_start_s_; }  // until it takes scans
  double cold_start_cpu_s() const { return cold_start_cpu_s_; }  // of these, the processor's: on a busy machine too
  // Types `input` and waits for `answer`; the seconds that it took.
  double step(const std::string& input, const std::string& answer);
  void wait_for(const std::string& answer, demo::milliseconds limit = demo::milliseconds(30'000));
  double memory_mb() const;  // the most that was resident (VmHWM)
  void quit();

 private:
  Steady::time_point started_;
  demo::Process program_;
  double cold_start_s_ = 0, cold_start_cpu_s_ = 0;
};

}  // namespace dfb::bench
