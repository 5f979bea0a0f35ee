// Awards and the facts that earn them: docs/formats.md#record, #policy, and "Counting".
#include <algorithm>
#include <array>

#include "ledger/book/codes.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

std::string Model::cap_name(const Case& c, const Rule& rule, const Cap& cap, AccountId resident,
                            AccountId budget) const {
  const Purse& purse = world_.accounts.at(resident);
  std::string name = rule.id + " ";
  switch (cap.of) {
    case CapOf::account:
      name += "account " + to_string(resident);
      break;
    case CapOf::household:
      name += purse.household.empty() ? "home of " + to_string(resident) : "household " + purse.household;
      break;
    case CapOf::grid:
      name += "grid " + grid_of(purse.scope);
      break;
    case CapOf::budget:
      name += "budget " + to_string(budget);
      break;
  }
  switch (cap.per) {
    case CapPer::hour:
      return name + " hour " + std::to_string(c.now / kHourUs);
    case CapPer::day:
      return name + " day " + format_day(c.today);
    case CapPer::month:
      return name + " month " + format_month(c.today);
    case CapPer::life:
      break;
  }
  return name + " life";
}

std::set<std::string> Model::cap_names(const Case& c, const Rule& rule, AccountId resident,
                                       AccountId budget) const {
  std::set<std::string> names;
  for (const auto& cap : rule.caps) names.insert(cap_name(c, rule, cap, resident, budget));
  return names;
}

void Model::judge_earning(Case& c, const Rule& rule, AccountId resident, AccountId budget, Amount points) {
  const Purse& purse = world_.accounts.at(resident);
  for (const auto& cap : rule.caps) {
    auto count = world_.caps.find(cap_name(c, rule, cap, resident, budget));
    const std::int64_t so_far = count == world_.caps.end() ? 0 : count->second;
    constexpr std::array codes{Code::cap_account, Code::cap_household, Code::cap_grid, Code::cap_budget};
    c.refuse_if(so_far + 1 > cap.most, codes.at(static_cast<std::size_t>(cap.of)));
  }
  const auto& limits = c.policy->limits;
  if (purse.level == Level::phone)
    c.refuse_if(purse.earned_as_phone + points > limits.phone_life_points, Code::cap_phone_level);
  c.refuse_if(purse.balance + points > limits.balance_max, Code::balance_maximum);
}

// From the budget to one lot of the resident, or to `expired` when the account is closed.
void Model::pay(Case& c, AccountId budget, AccountId resident, int expiry_months, Amount points) {
  const Day day = month_end(c.today, expiry_months);
  if (world_.accounts.at(resident).state == AccountState::closed) {
    // What lapsed at once paid nobody: there is nothing to reverse.
    move(budget, kExpired, points);
    c.out.lapsed = Points{points};
    return;
  }
  move(budget, resident, points);
  give_lot(resident, {day, false}, points);
  c.out.got = {{day, {points}, false}};
  world_.paid[c.seq] = {resident, budget, day, points, false};
}

void Model::judge_award(Case& c, const Transfer& t) {
  Purse* budget = purse(c, t.from, {AccountKind::budget});
  Purse* resident = purse(c, t.to, {AccountKind::resident});
  const std::string scope = resident == nullptr ? "/" : resident->scope;
  if (resident == nullptr)
    signer(c, c.by(), {KeyUse::device});
  else
    person(c, {Role::officer}, scope);
  not_for_oneself(c, t.to);
  no_reciprocity(c, t.to);
  if (budget != nullptr && resident != nullptr)
    c.refuse_if(!scope_covers(budget->scope, scope), Code::out_of_scope);
  if (resident != nullptr) c.refuse_if(resident->state == AccountState::closed, Code::account_closed);
  if (budget != nullptr) {
    c.refuse_if(budget->state == AccountState::closed, Code::account_closed);
    c.refuse_if(budget->state == AccountState::frozen, Code::account_frozen);
    c.refuse_if(cannot_pay(*budget, t.points.value), Code::budget_exhausted);
  }
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  if (c.policy == nullptr) return;
  std::optional<AccountId> second;
  Whom whom = act_on(t.to);
  whom.benefit = true;
  if (t.points.value >= c.policy->limits.large_award_points)
    second = second_person(c, {Role::officer}, scope, &whom);
  const Rule* rule = c.policy->rule(t.rule);
  c.refuse_if(rule == nullptr, Code::rule_unknown);
  if (rule == nullptr || resident == nullptr) return;
  c.refuse_if(rule->kind != "award", Code::rule_wrong_kind);
  c.refuse_if(t.points.value > rule->points.value, Code::amount_too_large);
  judge_earning(c, *rule, t.to, t.from, t.points.value);
  if (!c.fine()) return;
  c.out.policy = c.policy->version;
  for (const auto& cap : cap_names(c, *rule, t.to, t.from)) ++world_.caps[cap];
  if (resident->level == Level::phone) resident->earned_as_phone += t.points.value;
  remember_approval(c, t.to, second);
  pay(c, t.from, t.to, rule->expiry_months, t.points.value);
}

// A device of the account itself, or an officer in scope who is neither the person nor of their household.
void Model::judge_record_signer(Case& c, const Record& record, const Rule* rule) {
  const Key* key = signer(c, c.by(), {KeyUse::device});
  auto account = world_.accounts.find(record.account);
  if (key == nullptr || account == world_.accounts.end()) return;
  const bool officer_only = rule != nullptr && rule->proof == RuleProof::officer;
  if (key->account == record.account && !officer_only) return;
  person(c, {Role::officer}, account->second.scope);
  not_for_oneself(c, record.account);
  no_reciprocity(c, record.account);
}

void Model::judge_site(Case& c, const Record& record, const Rule& rule, const Task* task) {
  if (rule.proof != RuleProof::site) {
    c.refuse_if(!record.site.empty(), Code::site_not_allowed);
    return;
  }
  if (record.site.empty()) {
    c.no.insert(Code::site_not_allowed);
    return;
  }
  const auto code = parse_site_code(record.site).value();
  const std::int64_t step = c.now / kSiteStepUs;
  c.refuse_if(step < code.step || step > code.step + 2, Code::site_code_stale);
  const bool of_task =
      task != nullptr && std::find(task->sites.begin(), task->sites.end(), code.key) != task->sites.end();
  auto it = world_.keys.find(code.key);
  const bool in_force = it != world_.keys.end() && it->second.use == KeyUse::site && it->second.revoked < 0 &&
                        (it->second.until == 0 || c.now < it->second.until) &&
                        holds_anywhere(it->second.account, Role::officer, c.now);
  c.refuse_if(!of_task || !in_force, Code::site_not_allowed);
  if (it != world_.keys.end())
    c.refuse_if(one_home(c, it->second.account, record.account), Code::own_benefit);
}

// `erasure`, `xreport` and `zreport`: facts that earn nothing.
void Model::judge_plain_record(Case& c, const Record& record) {
  if (record.kind == "erasure") {
    person(c, {Role::administrator}, "/");
    c.refuse_if(!world_.accounts.contains(record.account), Code::account_unknown);
  } else {
    till(c, record.account);
  }
  const std::string fact =
      record.kind + " " + record.subject + " " + to_string(record.account) + " " + record.period;
  c.refuse_if(world_.facts.contains(fact), Code::fact_exists);
  if (c.fine()) world_.facts.insert(fact);
}

void Model::judge_record(Case& c, const Record& record) {
  if (record.kind == "erasure" || record.kind == "xreport" || record.kind == "zreport")
    return judge_plain_record(c, record);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  const Rule* rule = c.policy == nullptr ? nullptr : c.policy->rule(record.rule);
  judge_record_signer(c, record, rule);
  Purse* resident = purse(c, record.account, {AccountKind::resident});
  if (resident != nullptr) c.refuse_if(resident->state == AccountState::closed, Code::account_closed);
  if (c.policy == nullptr) return;
  c.refuse_if(rule == nullptr, Code::rule_unknown);
  std::string name = record.subject;
  if (record.kind != "checkin") name = record.task.empty() ? record.rule : record.task;
  auto it = world_.tasks.find(name);
  const Task* task = it == world_.tasks.end() ? nullptr : &it->second;
  c.refuse_if(task == nullptr, Code::task_unknown);
  Purse* budget = nullptr;
  if (task != nullptr) {
    c.refuse_if(c.now < task->opens_us || c.now >= task->closes_us, Code::task_not_open);
    c.refuse_if(task->rule != record.rule, Code::rule_wrong_kind);
    if (resident != nullptr) c.refuse_if(!scope_covers(task->scope, resident->scope), Code::out_of_scope);
    budget = &world_.accounts.at(task->budget);
  }
  const std::string fact =
      record.kind + " " + record.subject + " " + to_string(record.account) + " " + record.period;
  c.refuse_if(world_.facts.contains(fact), Code::fact_exists);
  if (rule == nullptr) return;
  c.refuse_if(rule->kind != record.kind, Code::rule_wrong_kind);
  c.refuse_if(record.period != period_at(rule->unique, c.now), Code::wrong_period);
  judge_site(c, record, *rule, task);
  if (budget == nullptr || resident == nullptr) return;
  const Amount points = rule->points.value;
  c.refuse_if(cannot_pay(*budget, points), Code::budget_exhausted);
  judge_earning(c, *rule, record.account, task->budget, points);
  if (!c.fine()) return;
  c.out.policy = c.policy->version;
  c.out.points = rule->points;
  c.out.budget = task->budget;
  world_.facts.insert(fact);
  const auto caps = cap_names(c, *rule, record.account, task->budget);
  for (const auto& cap : caps) ++world_.caps[cap];
  const Amount as_phone = resident->level == Level::phone ? points : 0;
  resident->earned_as_phone += as_phone;
  if (world_.keys.at(c.by()).account != record.account) remember_approval(c, record.account);
  if (rule->review == Review::none && task->review == Review::none) {
    return pay(c, task->budget, record.account, rule->expiry_months, points);
  }
  c.out.held = rule->points;
  budget->held += points;
  Reserved hold;
  hold.kind = HoldKind::review, hold.seq = c.seq, hold.owner = task->budget, hold.at = c.now;
  hold.points = points, hold.resident = record.account, hold.fact = fact, hold.rule = rule->id;
  hold.recorder = world_.keys.at(c.by()).account;
  hold.caps.assign(caps.begin(), caps.end());
  hold.expiry_months = rule->expiry_months, hold.as_phone = as_phone;
  world_.holds[c.id()] = std::move(hold);
}

}  // namespace dfb::sim
