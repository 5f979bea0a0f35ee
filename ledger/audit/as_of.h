// Some accounts as they stood right after an entry, or at the end of a moment: taken from the replayed state
// as the replay passes by. Threads: one at a time.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/book/state.h"

namespace dfb::audit {

class AsOf {
 public:
  // `when`: an entry's number, a civil day of UTC+8 (2026-11-24, its end), or a second of one
  // (2026-11-24T18:30:00, its end). malformed.
  static Result<AsOf> parse(std::string_view when, std::vector<book::AccountId> accounts);

  // Asked before each entry, with the state that the entries before it left.
  void pass(std::int64_t seq, TimeUs time_us, book::State& state) {
    if (!taken_ && is_after(seq, time_us)) take(state);
    if (!taken_) seq_ = seq, last_us_ = time_us;
  }
  // After the last entry.
  void end(book::State& state) {
    if (!taken_) take(state);
  }

  // Why there is no answer: the log has no such entry, or none yet at that moment; ok otherwise.
  // REQUIRES: end() was called.
  Result<void> answerable() const;
  std::int64_t seq() const { return seq_; }  // the last entry that counts
  TimeUs at_us() const { return asked_us_ ? *asked_us_ : last_us_; }
  const std::vector<book::AccountId>& accounts() const { return accounts_; }
  // In the order of accounts(); nothing for one that was not open yet.
  const std::vector<std::optional<book::Account>>& answers() const { return answers_; }
  // What may be spent on the day of at_us(); of others than residents, what no hold has set aside.
  std::int64_t available(const book::Account& account) const;

 private:
  bool is_after(std::int64_t seq, TimeUs time_us) const {
    return asked_us_ ? time_us > *asked_us_ : seq > *asked_seq_;
  }
  void take(book::State& state);

  std::optional<std::int64_t> asked_seq_;
  std::optional<TimeUs> asked_us_;
  std::vector<book::AccountId> accounts_;
  std::vector<std::optional<book::Account>> answers_;
  bool taken_ = false;
  std::int64_t seq_ = -1;
  TimeUs last_us_ = 0;
};

}  // namespace dfb::audit
