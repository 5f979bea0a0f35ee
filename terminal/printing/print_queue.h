// Printouts on their way to the printer, so that selling never waits for one.
//
// A thread of its own sends them in their order. A printer that does not answer, or has no paper, is tried
// again until the printout is a minute old; then it is given up, since nobody waits for it any longer, and
// can be printed anew by hand. Threads: any.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "terminal/printing/printer.h"

namespace dfb::terminal {

enum class PrinterState : std::uint8_t { none, ready, printing, silent, no_paper };

struct PrinterStatus {
  PrinterState state = PrinterState::none;  // `none`: the till has no printer
  std::size_t waiting_count = 0;            // not printed yet, and still tried
  std::size_t given_up_count = 0;           // since the last one that was printed
  std::string why = {};                     // of silent and no_paper
  friend bool operator==(const PrinterStatus&, const PrinterStatus&) = default;
};

class PrintQueue {
 public:
  static constexpr std::size_t kJobsMax = 16;

  explicit PrintQueue(PrinterAddress printer, PrinterTiming timing = {});
  // What is not printed by then is given up.
  ~PrintQueue();
  PrintQueue(const PrintQueue&) = delete;
  PrintQueue& operator=(const PrintQueue&) = delete;

  bool push(std::string bytes);  // false when kJobsMax wait already; that one counts as given up
  PrinterStatus status() const;
  // Waits until nothing waits, at most so long. Whether everything was printed.
  bool finish(std::chrono::milliseconds most);

 private:
  using Moment = std::chrono::steady_clock::time_point;
  struct Job {
    std::string bytes;
    Moment until;  // tried till then
  };
  void run();
  bool is_stopped() const;

  const PrinterAddress printer_;
  const PrinterTiming timing_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;  // the first is being sent
  PrinterStatus status_{PrinterState::ready};
  bool stopped_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace dfb::terminal
