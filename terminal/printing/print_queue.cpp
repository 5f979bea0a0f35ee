#include "terminal/printing/print_queue.h"

#include <csignal>

namespace dfb::terminal {

PrintQueue::PrintQueue(PrinterAddress printer, PrinterTiming timing)
    : printer_(std::move(printer)), timing_(timing), thread_([this] { run(); }) {}

PrintQueue::~PrintQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

bool PrintQueue::push(std::string bytes) {
  const std::lock_guard lock(mutex_);
  if (jobs_.size() == kJobsMax) {
    ++status_.given_up_count;
    return false;
  }
  jobs_.push_back({std::move(bytes), std::chrono::steady_clock::now() + timing_.keep_trying});
  if (status_.state == PrinterState::ready) status_.state = PrinterState::printing;
  changed_.notify_all();
  return true;
}

PrinterStatus PrintQueue::status() const {
  const std::lock_guard lock(mutex_);
  PrinterStatus status = status_;
  status.waiting_count = jobs_.size();
  return status;
}

bool PrintQueue::finish(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most, [this] { return jobs_.empty(); });
  return jobs_.empty() && status_.given_up_count == 0;
}

bool PrintQueue::is_stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void PrintQueue::run() {
  // A printer that goes away in the middle is an error of write(), not the end of the till.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  const std::function<bool()> stopped = [this] { return is_stopped(); };
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
    if (stopped_) return;
    // Only this thread takes jobs out, and those behind do not move it.
    const Job& job = jobs_.front();
    lock.unlock();
    const PrintResult result = send_to_printer(printer_, job.bytes, timing_, stopped);
    lock.lock();
    if (stopped_) return;
    if (result.printed == Printed::yes) {
      jobs_.pop_front();
      status_ = {jobs_.empty() ? PrinterState::ready : PrinterState::printing};
      changed_.notify_all();
      continue;
    }
    status_.state = result.printed == Printed::no_paper ? PrinterState::no_paper : PrinterState::silent;
    status_.why = result.why;
    const Moment again = std::chrono::steady_clock::now() + timing_.retry;
    while (!jobs_.empty() && jobs_.front().until <= again) {
      jobs_.pop_front();
      ++status_.given_up_count;
    }
    changed_.notify_all();
    if (!jobs_.empty()) changed_.wait_until(lock, again, [this] { return stopped_; });
  }
}

}  // namespace dfb::terminal
