#include "api/programme/caps.h"

#include <algorithm>

#include "ledger/base/check.h"
#include "ledger/book/counters.h"

namespace dfb::programme {
namespace {

using namespace book;

constexpr CapOf kOwn[] = {CapOf::account, CapOf::household};
constexpr CapOf kAll[] = {CapOf::account, CapOf::household, CapOf::grid, CapOf::budget};

// "account/day:2" → "account", "day".
std::pair<std::string, std::string> words_of(const Cap& cap) {
  const std::string text = to_string(cap);
  const auto slash = text.find('/'), colon = text.find(':');
  return {text.substr(0, slash), text.substr(slash + 1, colon - slash - 1)};
}

std::string whom(const Cap& cap, const Account& resident, AccountId budget) {
  switch (cap.of) {
    case CapOf::account:
      return to_string(resident.id);
    case CapOf::household:
      return resident.household.empty() ? to_string(resident.id) : resident.household;
    case CapOf::grid:
      return grid_of(resident.scope);
    case CapOf::budget:
      break;
  }
  return to_string(budget);
}

}  // namespace

std::vector<CapUse> caps_of(State& state, const Rule& rule, std::span<const CapOf> of,
                            const Account& resident, AccountId budget, TimeUs now_us) {
  std::vector<CapUse> uses;
  for (const Cap& cap : rule.caps) {
    if (std::find(of.begin(), of.end(), cap.of) == of.end()) continue;
    auto [of_word, per] = words_of(cap);
    uses.push_back({rule.id, std::move(of_word), std::move(per), whom(cap, resident, budget),
                    counter(state, cap_counter(rule, cap, resident, budget, now_us)), cap.most});
  }
  return uses;
}

std::vector<CapUse> near_caps(State& state, const Policy& policy, const Account& resident, TimeUs now_us) {
  std::vector<CapUse> near;
  const auto keep = [&](CapUse use) {
    if (use.near()) near.push_back(std::move(use));
  };
  if (resident.kind != AccountKind::resident) return near;
  for (const Rule& rule : policy.rules)
    for (CapUse& use : caps_of(state, rule, kOwn, resident, {}, now_us)) keep(std::move(use));
  if (resident.level == Level::phone)
    keep({"", "account", "life", to_string(resident.id), counter(state, phone_life_counter(resident.id)),
          policy.limits.phone_life_points});
  return near;
}

TaskUse task_use(State& state, const Policy& policy, const Task& task, const Account& resident,
                 TimeUs now_us) {
  TaskUse use;
  const Rule* rule = policy.rule(task.rule);
  if (!rule) return use;
  for (CapUse& cap : caps_of(state, *rule, kAll, resident, task.budget, now_us)) {
    if (!cap.near()) continue;
    use.full |= cap.used >= cap.limit;
    use.near.push_back(std::move(cap));
  }
  const auto* budget = state.find<Account>({task.budget});
  DFB_CHECK(budget);
  use.full |=
      budget->state != AccountState::open || budget->balance.value - budget->held.value < rule->points.value;
  return use;
}

}  // namespace dfb::programme
