// Replays a log's entries from the first: order, authority, rules and every derived outcome. The one question
// for each entry: would an honest ledger, in the state that the entries before it left, have written exactly
// this? Rows beyond the limit lie in temporary files, so run(), close() and archive() may throw TempError.
// Threads: one at a time.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/audit/as_of.h"
#include "ledger/audit/figures.h"
#include "ledger/audit/finding.h"
#include "ledger/audit/legs.h"
#include "ledger/audit/log_keys.h"
#include "ledger/audit/signatures.h"
#include "ledger/audit/totals.h"
#include "ledger/audit/trial_policy.h"

namespace dfb::audit {

template <class Archive>
void archive(Archive& a, book::EndOrigin& end) {
  a(end.size, end.root);
}

class Replay {
 public:
  // `times_of`: entries whose time will be asked for. `limit`: for rows, and what each entry moved.
  explicit Replay(std::string origin, std::set<std::int64_t> times_of = {}, const MemoryLimit& limit = {})
      : origin_(std::move(origin)),
        times_of_(std::move(times_of)),
        rows_({limit.bytes - limit.bytes / kActsShare, limit.folder}),
        state_(limit.bytes / kBytesAKeptRow),
        plain_({limit.bytes / kActsShare, limit.folder}) {
    state_.read_from(rows_);
  }

  // The next entries. The first finding ends the replay: the state after it says nothing any more.
  // REQUIRES: their signatures were checked; no finding before.
  std::optional<Finding> run(const std::vector<CheckedEntry>& entries);
  // After the last entry: every balance against the plain ledger, the sum of all, residents' lots, no chain
  // left open.
  std::optional<Finding> close();

  // Asked before each entry's effects are known; nullptr: nobody is.
  void set_trial(Trial* trial) { trial_ = trial; }
  // The same, for accounts as they stood.
  void set_as_of(AsOf* as_of) { as_of_ = as_of; }

  std::int64_t size() const { return size_; }
  TimeUs last_us() const { return last_us_; }
  // Complete after close().
  const Figures& figures() const { return closed_; }
  const CompactRows& rows() const { return rows_; }
  // What Z reports and statements say wrongly. They end no replay.
  const Findings& totals() const { return wrong_totals_; }
  const LogKeys& log_keys() const { return log_keys_; }
  std::optional<TimeUs> time_of(std::int64_t seq) const;
  // What the last entry says that it ends, if it does.
  const std::optional<book::EndOrigin>& end() const { return end_; }

  // Everything that a later run needs to go on from here.
  template <class Archive>
  void archive(Archive& a) {
    a(size_, last_us_, plain_, totals_, figures_, log_keys_);
    std::vector<book::EndOrigin> end;
    if (end_) end.push_back(*end_);
    a(end);
    if constexpr (Archive::kReads) {
      if (!end.empty()) end_ = end.front();
      if (size_ < 0 || (size_ > 0 && log_keys_.named().empty()) || (end_ && end_->size != size_ - 1))
        a.refuse();
    }
    rows_.archive(a);
  }

 private:
  static constexpr std::size_t kActsShare =
      16;  // of the limit: two numbers an entry, to some sixty bytes a row
  static constexpr std::size_t kBytesAKeptRow = 8'192;  // of the limit, for each row of a type that stays at hand

  std::optional<Finding> one(const CheckedEntry& entry);
  std::optional<Finding> check_place(const CheckedEntry& entry) const;
  std::optional<Finding> check_signers(const CheckedEntry& entry);
  std::optional<Finding> check_rules(const CheckedEntry& entry);
  std::optional<Finding> check_legs(const std::vector<Leg>& legs);
  std::optional<Finding> check_account(const book::Account& account) const;
  std::optional<Finding> note_log_key(const book::Body& body);
  Finding found(What what, std::string expected, std::string found, std::string rule = {},
                std::string account = {}) const;

  std::string origin_;
  std::set<std::int64_t> times_of_;
  CompactRows rows_;
  book::State state_;  // what the last entries asked for and changed, as the writer has it
  PlainLedger plain_;
  Totals totals_;
  Findings wrong_totals_;
  Figures figures_, closed_;
  LogKeys log_keys_;
  std::optional<book::EndOrigin> end_;
  std::map<std::int64_t, TimeUs> times_;
  Trial* trial_ = nullptr;
  AsOf* as_of_ = nullptr;
  std::int64_t size_ = 0;
  TimeUs last_us_ = 0;
};

}  // namespace dfb::audit
