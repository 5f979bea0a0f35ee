#include "api/http/worker_pool.h"

#include <algorithm>

namespace dfb::http {

WorkerPool::WorkerPool(int threads, int favoured_threads, int queued_max)
    : threads_max_(static_cast<std::size_t>(threads)), queued_max_(static_cast<std::size_t>(queued_max)) {
  favoured_.running_max = threads_max_;
  common_.running_max = static_cast<std::size_t>(std::max(1, threads - favoured_threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

std::size_t WorkerPool::idle_for(const Lane& lane) const {
  return std::min(lane.running_max - lane.running, threads_max_ - favoured_.running - common_.running);
}

bool WorkerPool::submit(std::function<void()> job, bool favoured) {
  Lane& lane = favoured ? favoured_ : common_;
  {
    const std::lock_guard lock(mutex_);
    // What an idle thread is about to take does not wait.
    if (stopped_ || lane.queue.size() >= idle_for(lane) + queued_max_) return false;
    lane.queue.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

WorkerPool::Lane* WorkerPool::ready() {
  for (Lane* lane : {&favoured_, &common_})
    if (!lane->queue.empty() && lane->running < lane->running_max) return lane;
  return nullptr;
}

// A thread that ends a job looks itself for the next one, so a job that had to wait needs no second call.
void WorkerPool::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    Lane* lane = nullptr;
    wake_.wait(lock, [this, &lane] { return stopped_ || (lane = ready()) != nullptr; });
    if (stopped_) return;
    std::function<void()> job = std::move(lane->queue.front());
    lane->queue.pop_front();
    ++lane->running;
    lock.unlock();
    job();
    job = nullptr;  // what it holds goes before the thread counts as idle
    lock.lock();
    --lane->running;
  }
}

void WorkerPool::stop() {
  std::deque<std::function<void()>> dropped, more;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(common_.queue);
    more.swap(favoured_.queue);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace dfb::http
