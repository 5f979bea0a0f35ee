// A fixed number of threads that run handlers, and a bounded queue before them.
// Threads: any may submit; stop() from one.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dfb::http {

class WorkerPool {
 public:
  WorkerPool(int threads, int queued_max);
  ~WorkerPool();  // as stop()

  // False, and nothing happens, when the queue is full or the pool has stopped. Jobs must not throw.
  bool submit(std::function<void()> job);
  // Drops what is queued, waits for what runs. Idempotent.
  void stop();

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  const std::size_t queued_max_;
  std::size_t idle_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dfb::http
