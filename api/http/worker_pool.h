// A fixed number of threads that run handlers, and a bounded queue before them. Favoured jobs have a queue of
// their own that is served first, and threads that nothing else may take.
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
  // All but `favoured_threads` of the threads, and at least one, run what comes.
  WorkerPool(int threads, int favoured_threads, int queued_max);
  ~WorkerPool();  // as stop()

  // False, and nothing happens, when the job's queue is full or the pool has stopped. Jobs must not throw.
  bool submit(std::function<void()> job, bool favoured = false);
  // Drops what is queued, waits for what runs. Idempotent.
  void stop();

 private:
  struct Lane {
    std::deque<std::function<void()>> queue;
    std::size_t running = 0;
    std::size_t running_max = 0;
  };
  Lane* ready();  // whose next job may run now, or null
  std::size_t idle_for(const Lane& lane) const;
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  Lane favoured_, common_;
  const std::size_t threads_max_, queued_max_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dfb::http
