// What a record and an officer's award have in common: caps, level, maximum, lot. Internal to the book.
#pragma once
#include "ledger/book/ruling.h"

namespace dfb::book {

inline constexpr std::string_view kAwardKind = "award";  // of a rule for awards that officers give

// Notes cap_account, cap_household, cap_grid, cap_budget, cap_phone_level, balance_maximum.
// REQUIRES: ruling.policy.
void judge_award(Ruling& ruling, const Rule& rule, const Account& resident, AccountId budget, Points points);

// Pays, with a lot that expires at the end of the month that the rule names, and counts against the caps.
// Puts both accounts into the state and `policy` and `got` into the outcome. amount_too_large.
Result<void> pay_award(Ruling& ruling, const Rule& rule, Account budget, Account resident, Points points);

// Pays what was held for review, with the lot of today; to `expired` when the resident's account is closed.
Result<void> pay_reviewed(Ruling& ruling, Account budget, Account resident, Points points, int expiry_months);

// Counts one award of `points` against the rule's caps and the phone level's, and says which counters it
// raised.
std::vector<std::string> count_caps(Ruling& ruling, const Rule& rule, const Account& resident,
                                    AccountId budget, Points points);

}  // namespace dfb::book
