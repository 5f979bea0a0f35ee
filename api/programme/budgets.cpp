// The administrators' half of caps.h: every budget with what was used of it.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include "api/programme/caps.h"
#include "api/programme/labels.h"
#include "api/programme/standing.h"

namespace dfb::programme {
namespace {

using namespace book;

constexpr CapOf kOfBudget[] = {CapOf::budget}, kOfGrid[] = {CapOf::grid}, kOfHousehold[] = {CapOf::household};

AccountId account_in(const sql::Row& row, std::size_t column) {
  const auto id = parse_account(row.text(column));
  if (!id) throw std::runtime_error("the store holds an account number that is none");
  return *id;
}

TimeUs month_start_us(TimeUs now_us) {
  const Day today = civil_day(now_us);
  return day_start_us(month_end(today, -1) + 1);
}

// The rules by which a budget's tasks pay, and the scopes in which they do.
using Paying = std::map<std::string, std::vector<std::string>>;

std::map<AccountId, Paying> paying_tasks(sql::Connection& sql) {
  std::map<AccountId, Paying> budgets;
  for (const auto& row : sql.run("SELECT budget, rule, scope FROM task"))
    budgets[account_in(row, 0)][row.text(1)].push_back(row.text(2));
  return budgets;
}

// Every grid that the programme knows by name, as an account that lives there.
std::vector<Account> grids(sql::Connection& sql) {
  std::vector<Account> out;
  for (const Label& label : labels(sql, "scope")) {
    if (std::count(label.id.begin(), label.id.end(), '/') != 2) continue;
    out.emplace_back().scope = label.id;
  }
  return out;
}

class Uses {
 public:
  // `first`: the first entry of the month.
  Uses(const store::View& view, const Policy& policy, TimeUs now_us, std::int64_t first)
      : view_(view),
        policy_(policy),
        now_us_(now_us),
        first_(first),
        state_(view),
        grids_(grids(view.sql())) {}

  std::vector<CapUse> of(AccountId budget, const Paying& paying) {
    std::vector<CapUse> all;
    for (const auto& [id, scopes] : paying) {
      const Rule* rule = policy_.rule(id);
      if (!rule) continue;
      add(all, used(*rule, kOfBudget, {}, budget));
      for (const Account& grid : grids_)
        if (pays_in(scopes, grid.scope)) add(all, used(*rule, kOfGrid, grid, budget));
      add(all, households(*rule, budget));
    }
    return all;
  }

 private:
  static void add(std::vector<CapUse>& all, std::vector<CapUse> more) {
    all.insert(all.end(), more.begin(), more.end());
  }
  static bool pays_in(const std::vector<std::string>& scopes, const std::string& grid) {
    return std::any_of(scopes.begin(), scopes.end(),
                       [&](const std::string& scope) { return covers(scope, grid) || covers(grid, scope); });
  }
  std::vector<CapUse> used(const Rule& rule, std::span<const CapOf> of, const Account& account,
                           AccountId budget) {
    auto uses = caps_of(state_, rule, of, account, budget, now_us_);
    std::erase_if(uses, [](const CapUse& use) { return use.used == 0; });
    return uses;
  }

  std::vector<CapUse> households(const Rule& rule, AccountId budget) {
    std::vector<CapUse> near;
    const bool capped = std::any_of(rule.caps.begin(), rule.caps.end(),
                                    [](const Cap& cap) { return cap.of == CapOf::household; });
    if (!capped) return near;
    std::set<std::pair<std::string, std::string>> met;
    for (const AccountId id : newest_awarded()[budget]) {
      if (--looks_left_ < 0) break;
      const auto* resident = state_.find<Account>({id});
      if (!resident) continue;
      for (CapUse& use : used(rule, kOfHousehold, *resident, budget))
        if (use.near() && met.insert({use.whom, use.per}).second) near.push_back(std::move(use));
    }
    return near;
  }
  // One scan for all budgets, so that a budget that seldom pays is not looked for through the whole month.
  std::map<AccountId, std::vector<AccountId>>& newest_awarded() {
    if (awarded_) return *awarded_;
    awarded_.emplace();
    std::set<std::pair<AccountId, AccountId>> met;
    for (const auto& row :
         view_.sql().run("SELECT budget, resident FROM award WHERE seq >= ?1 ORDER BY seq DESC LIMIT ?2",
                         {first_, kHouseholdAwards})) {
      const AccountId budget = account_in(row, 0), resident = account_in(row, 1);
      if (met.insert({budget, resident}).second) (*awarded_)[budget].push_back(resident);
    }
    return *awarded_;
  }

  const store::View& view_;
  const Policy& policy_;
  TimeUs now_us_;
  std::int64_t first_;
  State state_;
  std::vector<Account> grids_;
  std::optional<std::map<AccountId, std::vector<AccountId>>> awarded_;
  std::int64_t looks_left_ = kHouseholdLooks;
};

std::map<AccountId, std::int64_t> awarded_from(const store::View& view, std::int64_t first) {
  std::map<AccountId, std::int64_t> sums;
  for (const auto& row :
       view.sql().run("SELECT budget, SUM(points) FROM award WHERE seq >= ?1 GROUP BY budget", {first}))
    sums[account_in(row, 0)] = row.integer(1);
  return sums;
}

}  // namespace

bool BudgetUse::near() const {
  return is_near(awarded + account.held.value, awarded + account.balance.value);
}

std::vector<BudgetUse> budget_uses(const store::View& view, TimeUs now_us) {
  std::vector<BudgetUse> all;
  const TimeUs since_us = month_start_us(now_us);
  const std::int64_t first = last_entry_at(view, since_us - 1) + 1;
  const auto sums = awarded_from(view, first);
  const auto tasks = paying_tasks(view.sql());
  State state(view);
  const Policy* policy = state.policy_at(now_us);
  std::optional<Uses> uses;
  if (policy) uses.emplace(view, *policy, now_us, first);
  for (const auto& row : view.sql().run("SELECT id FROM account WHERE kind = 'budget' ORDER BY id")) {
    BudgetUse one;
    one.account = view.get<Account>({account_in(row, 0)}).value();
    one.since_us = since_us;
    if (const auto sum = sums.find(one.account.id); sum != sums.end()) one.awarded = sum->second;
    if (const auto paying = tasks.find(one.account.id); uses && paying != tasks.end())
      one.caps = uses->of(one.account.id, paying->second);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace dfb::programme
