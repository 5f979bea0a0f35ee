// Caps and budgets stop hard; from 80 % on they signal. What a cap counts is the book's own counter, read
// here and never kept. Threads: as the view.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ledger/book/policy.h"
#include "ledger/book/rows.h"
#include "ledger/book/state.h"
#include "ledger/store/store.h"

namespace dfb::programme {

// 80 % of `limit` are used, or more. REQUIRES: 0 <= used, limit <= 2^60.
constexpr bool is_near(std::int64_t used, std::int64_t limit) { return used >= limit - limit / 5; }

struct CapUse {
  std::string rule;     // empty: phone_life_points, all that an account of level `phone` may ever earn
  std::string of, per;  // as in the policy's cap: account household grid budget; hour day month life
  std::string whom;     // the account, household, grid or budget that it is counted for
  std::int64_t used = 0, limit = 0;
  bool near() const { return is_near(used, limit); }
};

// Of the caps of `rule` those of the kinds `of`, as they stand for this resident and budget at `now_us`, in
// the policy's order.
std::vector<CapUse> caps_of(book::State& state, const book::Rule& rule, std::span<const book::CapOf> of,
                            const book::Account& resident, book::AccountId budget, TimeUs now_us);

// Of all rules' caps on the resident and their household, and phone_life_points, those that are near.
std::vector<CapUse> near_caps(book::State& state, const book::Policy& policy, const book::Account& resident,
                              TimeUs now_us);

struct TaskUse {
  std::vector<CapUse> near;  // caps that are near for this resident
  bool full = false;         // one of them is reached, or the budget cannot pay the next award
};
TaskUse task_use(book::State& state, const book::Policy& policy, const book::Task& task,
                 const book::Account& resident, TimeUs now_us);

struct BudgetUse {
  book::Account account;
  TimeUs since_us = 0;       // the beginning of the civil month
  std::int64_t awarded = 0;  // paid to residents since then; what was reversed is not taken off
  // Caps that its tasks draw on, where anything is used of them: the budget's own, and each grid's. Of
  // households those alone that are near, among the residents of the town's kHouseholdAwards newest awards of
  // the month; no more than kHouseholdLooks residents are looked at, each anew for every rule.
  std::vector<CapUse> caps;
  // 80 % of what it had in the month are awarded or held for review.
  bool near() const;
};
inline constexpr std::int64_t kHouseholdAwards = 2'000, kHouseholdLooks = 10'000;

// Every budget, by account. Cost: the awards since the beginning of the month are read once, and one counter
// a grid for each rule with a cap of grids.
std::vector<BudgetUse> budget_uses(const store::View& view, TimeUs now_us);

}  // namespace dfb::programme
