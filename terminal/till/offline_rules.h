// Whether this till may sell for an offline code, by what it knows without a line. Source:
// docs/formats.md#offline-code; the bound on losses that follows from these rules: docs/offline.md.
//
// Threads: values; pure functions.
#pragma once
#include <map>
#include <set>

#include "ledger/book/offline_code.h"
#include "terminal/till/pins.h"

namespace dfb::terminal {

// How far a code's moment may lie from the till's idea of the town's clock: two clocks that nobody set today.
inline constexpr TimeUs kOfflineDriftUs = 10 * kMinuteUs;

// What this till's journal says it has sold by one allowance.
struct AllowanceUse {
  std::set<std::int64_t> counters;
  book::Points points;
};

// Sold without a line and not answered by the town yet.
struct Unsynced {
  std::int64_t sales = 0;
  book::Points points;
  friend bool operator==(const Unsynced&, const Unsynced&) = default;
};

struct OfflineStand {
  book::AccountId shop;
  std::string_view origin;
  TimeUs town_us = 0;      // this till's idea of the town's clock
  TimeUs journal_us = 0;   // of the journal's newest record since the town was last reached, likewise
  Unsynced unsynced;
};

// What is left of the till's budget, and of the time in which it may be used. Both 0 before the first sync.
book::Points budget_left(const Pins& pins, const Unsynced& unsynced);
TimeUs time_left_us(const Pins& pins, TimeUs town_us);
// The most that the whole town can lose while all its tills have no line, by what this till knows:
// min(what all allowances were made for × tills, tills × a till's budget).
book::Points town_loss_most(const Pins& pins);

// The phone's key, when all of this holds; the first that does not, in this order:
//   sale_of_other_shop   the code is for another shop
//   account_frozen       the shop was suspended when the town was last reached
//   clock_behind         this machine's clock is more than kOfflineDriftUs behind its own journal, or behind the
//                        moment at which the town was last reached
//   unreachable          the town was never reached, or not within the policy's `offline_hours`
//   allowance_unknown    no such allowance was known then, or it is another account's
//   offline_right_lost   it was stopped: its phone was revoked, or it was released
//   hold_expired         its time is over, by the till's clock or by the code's moment
//   code_stale           the code is older or newer than kOfflineDriftUs
//   bad_signature        the phone did not sign it
//   counter_used         this till has sold by this counter already
//   allowance_spent      more than the allowance, with what this till has sold by it
//   budget_exhausted     more than is left of the till's budget
Result<KeyId> judge_offline(const book::OfflineCode& code, const Pins& pins,
                            const std::map<Uuid, AllowanceUse>& used, const OfflineStand& stand);

}  // namespace dfb::terminal
