// One store transaction with the book's state and the tree's edge over it: what applying commands needs, live
// or in a replay. Internal to the writer.
//
// For each command: decide(), and if that gives a draft, exactly one of accept() and drop(). Then finish(),
// once. Errors of the engine throw and cost the whole batch: destroy it, and nothing happened. Threads: one.
#pragma once
#include <memory>
#include <optional>
#include <string>

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
  };

  // `edge` is that of what the store holds. Waits for the transaction before.
  Batch(store::Store& store, std::string origin, log::Edge edge);

  // The entry's time at this reading of the clock: never before the last entry's. More than 15 minutes
  // behind, it is the reading itself, at which decide() makes no entries.
  TimeUs entry_time(TimeUs now_us);
  // Decides at that time. Fails as apply() does, and with clock_behind and entry_too_large. REQUIRES: no
  // draft is open.
  Result<Draft> decide(const check::CheckedCommand& command, TimeUs time_us);
  void accept(const Draft& draft);  // appends the entry. REQUIRES: not a known one
  void drop() { state_.drop(); }

  store::Transaction& transaction() { return *transaction_; }
  book::State& state() { return state_; }
  const log::Edge& edge() const { return edge_; }
  std::int64_t size() const { return edge_.size(); }

  // Writes the rows that changed and, unless it is empty, the checkpoint's note. Then transaction().commit().
  void finish(std::string_view note);

 private:
  std::vector<book::AccountId> touched(const book::Payload& payload, const book::Outcome& outcome);

  const std::string origin_;
  std::unique_ptr<store::Transaction> transaction_;
  book::State state_;
  log::Edge edge_;
};

}  // namespace dfb
