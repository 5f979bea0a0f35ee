// How far a long piece of work is, on standard error: redrawn in place on a terminal, else a line now and
// then. Threads: one.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace dfb::server {

class ProgressLine {
 public:
  // `unit` in the plural: entries, pages, MB.
  ProgressLine(std::string what, std::string unit);
  ~ProgressLine();  // ends the line
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::int64_t done, std::int64_t all);

 private:
  using Time = std::chrono::steady_clock;
  const std::string what_, unit_;
  const bool on_terminal_;
  const Time::time_point start_ = Time::now();
  Time::time_point last_{};
  bool drawn_ = false;
};

// "backup: 1200 of 4800 pages (25 %), 600 pages/s, 0:06 left"
std::string progress_text(const std::string& what, const std::string& unit, std::int64_t done,
                          std::int64_t all, double seconds);

}  // namespace dfb::server
