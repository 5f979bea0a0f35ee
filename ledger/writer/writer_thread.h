// The writer's queues and its thread. Made by Writer::start().
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/writer/batch.h"
#include "ledger/writer/writer.h"

namespace dfb {

class WriterThread final : public Writer {
 public:
  // REQUIRES: `head` is the store's (read_head()).
  WriterThread(store::Store& store, log::Signer signer, const Clock& clock, Options options,
               store::Head head);
  ~WriterThread() override { stop(); }

  using Writer::submit;
  void submit(std::vector<check::CheckedCommand> chain, Step step, ChainCallback callback) override;
  void submit(std::function<Result<void>(sql::Connection&)> work,
              std::function<void(Result<void>)> done) override;
  std::shared_ptr<const store::Head> head() const override;
  void stop() override;

  static bool on_writer_thread();

 private:
  struct Job {
    std::vector<check::CheckedCommand> commands;  // one, or a chain
    Step step;
    ChainCallback callback;
  };
  struct Work {
    std::function<Result<void>(sql::Connection&)> work;
    std::function<void(Result<void>)> done;
  };
  // One round of the loop, with its answers as they will be given after the commit.
  struct Round {
    std::vector<Job> jobs;
    std::vector<Work> works;
    std::vector<Result<std::vector<Answer>>> answers;
    std::vector<Result<void>> results;
    bool changed = false;  // something is there to commit
  };

  Error why_not() const;  // nothing is taken. REQUIRES: mutex_ is held
  void loop();
  bool take(Round& round);  // waits; false when stopped and empty
  bool run(Round& round);   // false: the outcome is unknown and `fatal` was called
  void apply(Batch& batch, Round& round);
  Result<std::vector<Answer>> answer(Batch& batch, Job& job, bool& changed);
  Result<Answer> known_answer(Batch& batch, std::int64_t seq);
  Result<void> run_step(Batch& batch, const std::function<Result<void>(sql::Connection&)>& step);
  // unknown_key: after these entries a key has to sign that is not here.
  Result<void> check_signable(Batch& batch) const;
  std::shared_ptr<const store::Head> sign(Batch& batch) const;
  void give_answers(Round& round);
  void die(const std::string& why);

  store::Store& store_;
  const log::Signer signer_;
  const Clock& clock_;
  const Options options_;

  book::State state_;  // of the writer thread alone: rows kept from one batch to the next

  mutable std::mutex head_mutex_;
  std::shared_ptr<const store::Head> head_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> inbox_;
  std::deque<Work> works_;
  bool stopping_ = false;
  bool dead_ = false;  // after `fatal`
  int rounds_without_work_ = 0;

  std::mutex join_mutex_;
  std::thread thread_;
};

}  // namespace dfb
