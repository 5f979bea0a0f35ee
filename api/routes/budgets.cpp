// What was used of the budgets and of the caps that they pay under, for administrators.
#include <algorithm>

#include "api/programme/caps.h"
#include "api/routes/table.h"

namespace dfb::routes {
namespace {

BudgetView shown(const programme::BudgetUse& use) {
  BudgetView out;
  out.account = to_string(use.account.id);
  out.scope = use.account.scope;
  out.state = std::string(name(use.account.state));
  out.balance = use.account.balance.value;
  out.held = use.account.held.value;
  out.awarded = use.awarded;
  out.since_us = use.since_us;
  out.near = use.near();
  for (const auto& cap : use.caps)
    out.caps.push_back({cap.rule, cap.of, cap.per, cap.whom, cap.used, cap.limit, cap.near()});
  return out;
}

Result<BudgetsView> budgets(const Call& call) {
  const auto view = call.services.store.snapshot();
  const auto& grants = call.caller.grants;
  BudgetsView out;
  for (const auto& use : programme::budget_uses(*view, call.services.clock.now_us())) {
    const bool mine = std::any_of(grants.begin(), grants.end(), [&](const book::Grant& grant) {
      return grant.role == book::Role::administrator && book::covers(grant.scope, use.account.scope);
    });
    if (mine) out.budgets.push_back(shown(use));
  }
  return out;
}

}  // namespace

void add_budgets(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/v1/budgets", Access::administrator,
                               "What was used of each budget in scope, and of its caps", budgets));
}

}  // namespace dfb::routes
