#include "ledger/book/award.h"

#include <set>

#include "ledger/book/counters.h"
#include "ledger/book/lots.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {
namespace {

Code cap_code(CapOf of) {
  switch (of) {
    case CapOf::account:
      return Code::cap_account;
    case CapOf::household:
      return Code::cap_household;
    case CapOf::grid:
      return Code::cap_grid;
    case CapOf::budget:
      break;
  }
  return Code::cap_budget;
}

Result<void> put_award(Ruling& r, Account budget, Account resident, Points points, int expiry_months) {
  DFB_TRY_VOID(move(budget, resident, points));
  Lot lot{month_end(r.today(), expiry_months), points, false};
  add_lot(resident.lots, lot);
  r.state.put(AwardRow{r.ledger.size, budget.id, resident.id, points, lot.day, 0});
  r.state.put(std::move(budget));
  r.state.put(std::move(resident));
  r.outcome.got = {lot};
  return ok();
}

}  // namespace

void judge_award(Ruling& r, const Rule& rule, const Account& resident, AccountId budget, Points points) {
  for (const auto& cap : rule.caps) {
    if (counter(r.state, cap_counter(rule, cap, resident, budget, r.now_us)) + 1 > cap.most)
      r.verdict.refuse(cap_code(cap.of), "the rule's cap " + to_string(cap) + " is reached");
  }
  const Limits& limits = r.policy->limits;
  r.verdict.refuse_if(
      resident.level == Level::phone &&
          counter(r.state, phone_life_counter(resident.id)) + points.value > limits.phone_life_points,
      Code::cap_phone_level, "an account of level phone earns no more; an officer can verify it");
  r.verdict.refuse_if(resident.balance.value + points.value > limits.balance_max, Code::balance_maximum,
                      "the account would hold more than the policy allows");
}

std::vector<std::string> count_caps(Ruling& r, const Rule& rule, const Account& resident, AccountId budget,
                                    Points points) {
  std::set<std::string> counters;
  for (const auto& cap : rule.caps) counters.insert(cap_counter(rule, cap, resident, budget, r.now_us));
  for (const auto& name : counters) count(r.state, name, 1);
  if (resident.level == Level::phone) count(r.state, phone_life_counter(resident.id), points.value);
  return {counters.begin(), counters.end()};
}

Result<void> pay_award(Ruling& r, const Rule& rule, Account budget, Account resident, Points points) {
  r.outcome.policy = r.policy->version;
  return put_award(r, std::move(budget), std::move(resident), points, rule.expiry_months);
}

Result<void> pay_reviewed(Ruling& r, Account budget, Account resident, Points points, int expiry_months) {
  r.outcome.budget = budget.id;
  if (resident.state != AccountState::closed)
    return put_award(r, std::move(budget), std::move(resident), points, expiry_months);
  const auto* row = r.state.find<Account>({kExpired});
  DFB_CHECK(row);
  Account expired = *row;
  DFB_TRY_VOID(move(budget, expired, points));
  r.state.put(std::move(budget));
  r.state.put(std::move(expired));
  r.outcome.lapsed = points;
  return ok();
}

// An officer's award under a rule of kind "award": at most the rule's points, within its caps.
Result<void> decide_award(Ruling& r, const Transfer& t, Account from, Account to) {
  r.needs_open(from);
  r.verdict.refuse_if(to.state == AccountState::closed, Code::account_closed,
                      "the resident's account is closed");
  r.verdict.refuse_if(!covers(from.scope, to.scope), Code::out_of_scope, "the budget is for another scope");
  const Rule* rule = r.needs_policy() ? r.policy->rule(t.rule) : nullptr;
  r.verdict.refuse_if(!rule, Code::rule_unknown, "the policy has no such rule");
  r.verdict.refuse_if(rule && rule->kind != kAwardKind, Code::rule_wrong_kind, "the rule is not for awards");
  if (rule) judge_award(r, *rule, to, from.id, t.points);
  r.verdict.refuse_if(t.points.value > from.balance.value - from.held.value, Code::budget_exhausted,
                      "the budget holds less than that");
  r.verdict.refuse_if(rule && t.points > rule->points, Code::amount_too_large,
                      "the rule allows less for one award");
  DFB_TRY_VOID(r.verdict.result());
  count_caps(r, *rule, to, from.id, t.points);
  return pay_award(r, *rule, std::move(from), std::move(to), t.points);
}

}  // namespace dfb::book
