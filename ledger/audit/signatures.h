// The signatures of entries, checked on several threads: what costs the most in an audit.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/audit/key_directory.h"
#include "ledger/log/entry_text.h"

namespace dfb::audit {

// An entry on its way through the audit.
struct CheckedEntry {
  std::string origin;
  std::int64_t seq = 0;
  TimeUs time_us = 0;
  std::string outcome;
  Result<check::ParsedCommand> parsed;
  std::optional<Result<void>> signatures;  // of what was parsed; set by check_signatures()

  explicit CheckedEntry(log::EntryText text);
};

void check_signatures(CheckedEntry& entry, const KeyDirectory& keys);

// Batches of entries stand in a line, and its threads work through them without waiting for one batch's end
// before they begin the next.
// Threads: add() and wait() by one. A batch is the caller's again after wait(); the destructor leaves those
// undone that no thread has begun.
class SignatureChecks {
 public:
  // REQUIRES: threads > 0. `keys` outlives this and knows every key that a batch's entries bring in.
  SignatureChecks(const KeyDirectory& keys, unsigned threads);
  SignatureChecks(const SignatureChecks&) = delete;
  SignatureChecks& operator=(const SignatureChecks&) = delete;
  ~SignatureChecks();

  void add(std::vector<CheckedEntry>& batch);
  // Until the oldest batch that was added and not waited for is done.
  void wait();

 private:
  struct Job {
    std::vector<CheckedEntry>* batch;
    std::size_t begun = 0, done = 0;  // entries
  };
  void work();

  const KeyDirectory& keys_;
  std::mutex mutex_;
  std::condition_variable more_, done_;
  std::deque<Job> jobs_;  // the oldest first
  bool ends_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace dfb::audit
