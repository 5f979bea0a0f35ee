// A policy that nobody has published, tried on the entries of the last month: what would have been paid, what
// refused, and by which rule. Each record and its review, award, redemption, hold and what resolves it, and
// cancel is judged by the book itself, in the state that it met then, as if this policy had been in force
// since the window began.
//
// What is counted anew from the window's first entry: facts stated in it, the caps of rules,
// phone_life_points, what was spent by day and burnt by hour. Its holds are the trial's own. Balances, people
// and keys are those that history has. Threads: one at a time.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "ledger/audit/compact_rows.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/state.h"

namespace dfb::audit {

// What one rule, or one operation, would have done. What a review decides is counted with its record.
struct TrialFigures {
  std::int64_t entries = 0;                          // that it judged
  std::int64_t was_paid = 0, was_points = 0;         // under the policies that were in force
  std::int64_t would_pay = 0, would_points = 0;      // under this one
  std::int64_t would_wait = 0;                       // for a review that nobody made
  std::map<std::string, std::int64_t> would_refuse;  // by refusal
};

class TrialPolicy {
 public:
  static constexpr TimeUs kWindowUs = 31 * kDayUs;

  // `payload`: the line of a `policy` `publish`, signed by nobody yet, of any version. malformed;
  // policy_invalid for one that the book would not publish.
  static Result<TrialPolicy> parse(std::string_view payload);

  void begin_at(TimeUs from_us) { from_us_ = from_us; }
  TimeUs from_us() const { return from_us_; }

  // Before the entry's effects stand in `state`, which is left as it was.
  void judge(const book::Command& command, TimeUs time_us, std::int64_t seq, book::State& state);
  // After them: what it really paid.
  void note(const book::Payload& payload, const book::Outcome& outcome);

  // By rule; redemptions and captured reservations under ""; others under "hold reserve", "hold allowance",
  // "resolve release" and "cancel".
  const std::map<std::string, TrialFigures>& figures() const { return figures_; }
  const book::Policy& policy() const { return policy_; }

 private:
  class Rows;
  std::optional<std::string> subject_of(const book::Body& body, book::State& state) const;
  bool is_review(const book::Body& body) const;
  bool adapt(book::Body& body, TimeUs time_us, book::State& state) const;
  bool reaches_back(const book::Body& body, book::State& state) const;
  void count(const book::Payload& tried, const book::Outcome& outcome);
  void take(const book::State& trial, bool reaches_back);

  book::Policy policy_;
  std::string payload_;
  TimeUs from_us_ = 0;
  std::int64_t first_seq_ = -1;  // of the window
  std::map<std::string, std::int64_t> counters_, facts_;
  std::map<Uuid, book::HoldRow> holds_;   // that this policy took
  std::map<Uuid, std::string> reviews_;   // records that wait, here or in history, and their rule
  std::map<Uuid, std::int64_t> refused_;  // commands that this policy refused, and by which refusal
  std::map<std::string, TrialFigures> figures_;
  std::optional<std::string> subject_;  // of the present entry, where it is judged
};

}  // namespace dfb::audit
