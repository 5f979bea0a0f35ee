// A policy that nobody has published, tried on the entries of the last month: what would have been paid, what
// refused, and by which rule. Each record and its review, award, redemption, hold and what resolves it, and
// cancel is judged by the book itself, in the state that it met then, as if this policy had been in force
// since the window began.
//
// What is counted anew from the window's first entry: facts stated in it, the caps of rules,
// phone_life_points, what was spent by day and burnt by hour. Its holds are the trial's own. Balances, people
// and keys are those that history has. Threads: a TrialPolicy is a value; a Trial is one thread's at a time.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "ledger/audit/trial_rows.h"
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

// By rule; redemptions and captured reservations under ""; others under "hold reserve", "hold allowance",
// "resolve release" and "cancel".
using TrialResults = std::map<std::string, TrialFigures>;

class TrialPolicy {
 public:
  // `payload`: the line of a `policy` `publish`, signed by nobody yet, of any version. malformed;
  // policy_invalid for one that the book would not publish.
  static Result<TrialPolicy> parse(std::string_view payload);

  const book::Policy& policy() const { return policy_; }
  const std::string& payload() const { return payload_; }

 private:
  book::Policy policy_;
  std::string payload_;
};

class Trial {
 public:
  static constexpr TimeUs kWindowUs = 31 * kDayUs;

  // The window begins at `from_us`. `limit`: for what is counted in it.
  Trial(TrialPolicy policy, TimeUs from_us, const MemoryLimit& limit)
      : policy_(std::move(policy)), from_us_(from_us), rows_(limit) {}

  // Both throw TempError.
  // Before the entry's effects stand in `state`, which is left as it was.
  void judge(const book::Command& command, TimeUs time_us, std::int64_t seq, book::State& state);
  // After them: what it really paid.
  void note(const book::Payload& payload, const book::Outcome& outcome);

  const TrialResults& figures() const { return figures_; }
  const TrialRows& rows() const { return rows_; }

 private:
  class Rows;
  std::optional<std::string> subject_of(const book::Body& body, book::State& state) const;
  bool is_review(const book::Body& body) const;
  bool adapt(book::Body& body, TimeUs time_us, book::State& state) const;
  bool reaches_back(const book::Body& body, book::State& state) const;
  void count(const book::Payload& tried, const book::Outcome& outcome);
  void take(const book::State& trial, bool reaches_back);

  TrialPolicy policy_;
  TimeUs from_us_;
  std::int64_t first_seq_ = -1;  // of the window
  TrialRows rows_;
  TrialResults figures_;
  std::optional<std::string> subject_;  // of the present entry, where it is judged
};

}  // namespace dfb::audit
