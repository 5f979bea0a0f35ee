// Replays a log's entries from the first: order, authority, rules and every derived outcome. The one question
// for each entry: would an honest ledger, in the state that the entries before it left, have written exactly
// this? Threads: one at a time.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/figures.h"
#include "ledger/audit/finding.h"
#include "ledger/audit/legs.h"
#include "ledger/audit/signatures.h"
#include "ledger/book/memory_rows.h"
#include "ledger/log/note.h"

namespace dfb::audit {

class Replay {
 public:
  Replay(std::string origin, const log::Vkey& log_key) : origin_(std::move(origin)), log_key_(log_key) {}

  // The next entries. The first finding ends the replay: the state after it says nothing any more.
  // REQUIRES: their commands were checked; no finding before.
  std::optional<Finding> run(const std::vector<CheckedEntry>& entries);
  // After the last entry: every balance against the plain ledger, the sum of all, residents' lots.
  std::optional<Finding> close();

  std::int64_t size() const { return size_; }
  const Figures& figures() const { return figures_; }
  const book::MemoryRows& rows() const { return rows_; }

 private:
  std::optional<Finding> one(const CheckedEntry& entry, book::State& state);
  std::optional<Finding> check_place(const log::EntryText& text) const;
  std::optional<Finding> check_signers(const CheckedEntry& entry, book::State& state) const;
  std::optional<Finding> check_rules(const CheckedEntry& entry, book::State& state);
  std::optional<Finding> check_legs(const book::Payload& payload, const book::Outcome& outcome,
                                    book::State& state);
  std::optional<Finding> check_account(const book::Account& account) const;
  Finding found(What what, std::string expected, std::string found, std::string rule = {},
                std::string account = {}) const;

  std::string origin_;
  const log::Vkey& log_key_;
  book::MemoryRows rows_;
  PlainLedger plain_;
  Figures figures_;
  std::int64_t size_ = 0;
  TimeUs last_us_ = 0;
};

}  // namespace dfb::audit
