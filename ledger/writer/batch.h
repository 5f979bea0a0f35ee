// One store transaction with the book's state and the tree's edge over it: what applying commands needs, live
// or in a replay. Internal to the writer.
//
// For each command, or chain of linked ones: decide(), and if that gives drafts, exactly one of accept() and
// drop(). Then finish(),
// once. Errors of the engine throw and cost the whole batch: destroy it, and nothing happened. Threads: one.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/book/outcome.h"
#include "ledger/book/state.h"
#include "ledger/check/checked_command.h"
#include "ledger/log/edge.h"
#include "ledger/store/store.h"

namespace dfb {

class Batch {
 public:
  // An entry that the rules agreed to and that is not written yet; or the number of the entry that answered
  // before.
  struct Draft {
    std::optional<std::int64_t> known_seq;
    std::int64_t seq = 0;
    TimeUs time_us = 0;
    book::Outcome outcome;
    std::string text;
    std::vector<book::AccountId> touched;
    bool changes_log_key = false;
  };

  // `edge` is that of what the store holds; `state` may hold rows of the batches before. Waits for the
  // transaction before. Whoever owns `state` tells it what became of the batch.
  Batch(store::Store& store, std::string origin, log::Edge edge, book::State& state);

  // The entry's time at this reading of the clock: never before the last entry's. More than 15 minutes
  // behind, it is the reading itself, at which decide() makes no entries.
  TimeUs entry_time(TimeUs now_us);
  // Decides at that time: one command, or all of a chain in its order, or none. Fails as apply() does, and
  // with clock_behind, entry_too_large and chain_broken (a chain that is not whole). REQUIRES: no draft is
  // open.
  Result<std::vector<Draft>> decide(const std::vector<check::CheckedCommand>& commands, TimeUs time_us);
  // The next entry of a log that exists already; of a chain each entry for itself.
  Result<Draft> decide_again(const check::CheckedCommand& command, TimeUs time_us) {
    return decide_one(command, size(), time_us);
  }
  void accept(const std::vector<Draft>& drafts);  // appends the entries. REQUIRES: no known ones
  void drop() { state_.drop(); }

  store::Transaction& transaction() { return *transaction_; }
  book::State& state() { return state_; }
  const log::Edge& edge() const { return edge_; }
  std::int64_t size() const { return edge_.size(); }

  // Writes the rows that changed and, unless it is empty, the checkpoint's note. Then transaction().commit().
  void finish(std::string_view note);
  // Beside it, where the batch's own entries change the log's key.
  void keep_log_key_changes(const std::string& note);

 private:
  Result<std::vector<Draft>> answered_before_or(Error broken,
                                                const std::vector<check::CheckedCommand>& commands,
                                                TimeUs time_us);
  Result<Draft> decide_one(const check::CheckedCommand& command, std::int64_t seq, TimeUs time_us);
  std::vector<book::AccountId> touched(const book::Payload& payload, const book::Outcome& outcome);

  const std::string origin_;
  std::unique_ptr<store::Transaction> transaction_;
  book::State& state_;
  log::Edge edge_;
  std::vector<std::int64_t> log_key_changes_;  // of this batch
};

}  // namespace dfb
