// A policy that nobody has published, tried on the entries of the last month: what would have been paid, what
// refused, and by which rule. Each record, award and redemption is judged by the book itself, in the state
// that it met then, as if this policy had been in force since the window began.
//
// What is counted anew from the window's first entry: facts stated in it, the caps of rules,
// phone_life_points and what was spent by day. Balances, people and keys are those that history has. Threads:
// one at a time.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "ledger/audit/compact_rows.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/state.h"

namespace dfb::audit {

// What one rule, or redeeming, would have done.
struct TrialFigures {
  std::int64_t entries = 0;                          // that it judged
  std::int64_t was_paid = 0, was_points = 0;         // under the policies that were in force
  std::int64_t would_pay = 0, would_points = 0;      // under this one
  std::map<std::string, std::int64_t> would_refuse;  // by refusal
};

class TrialPolicy {
 public:
  static constexpr TimeUs kWindowUs = 31 * kDayUs;

  // `payload`: the line of a `policy` `publish`, signed by nobody yet. malformed.
  static Result<TrialPolicy> parse(std::string_view payload);

  void begin_at(TimeUs from_us) { from_us_ = from_us; }
  TimeUs from_us() const { return from_us_; }

  // Before the entry's effects stand in `state`, which is left as it was.
  void judge(const book::Command& command, TimeUs time_us, std::int64_t seq, book::State& state);
  // After them: what it really paid.
  void note(const book::Payload& payload, const book::Outcome& outcome);

  // By rule; redemptions under "".
  const std::map<std::string, TrialFigures>& figures() const { return figures_; }
  const book::Policy& policy() const { return policy_; }

 private:
  class Rows;
  book::Policy policy_;
  std::string payload_;
  TimeUs from_us_ = 0;
  std::int64_t first_seq_ = -1;  // of the window
  std::map<std::string, std::int64_t> counters_, facts_;
  std::map<std::string, TrialFigures> figures_;
  bool judged_ = false;  // the present entry is one of the window's
};

}  // namespace dfb::audit
