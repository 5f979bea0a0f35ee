// Policies and tasks.
#include "ledger/book/publish.h"

#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/award.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

constexpr std::int64_t kBookVersion = 1;

// A cap on what one account or household earns by the rule. A record's subject is the word of whoever records
// it, so for what no officer vouches for nothing else bounds how often it pays.
bool capped(const Rule& rule) {
  return std::any_of(rule.caps.begin(), rule.caps.end(),
                     [](const Cap& cap) { return cap.of == CapOf::account || cap.of == CapOf::household; });
}

void judge_sites(Ruling& r, const Task& task, const Rule* rule) {
  for (const auto& id : task.sites) {
    const auto* site = r.state.find<KeyRow>({id});
    r.verdict.refuse_if(!site || site->use != KeyUse::site || site->revoked_us != 0, Code::site_not_allowed,
                        "a site key is unknown or revoked");
  }
  r.verdict.refuse_if(rule && rule->proof == RuleProof::site && task.sites.empty(), Code::site_not_allowed,
                      "the rule wants site codes, and the task names no site key");
}

void judge_budget(Ruling& r, const Task& task) {
  auto budget = r.account(task.budget, AccountKind::budget);
  if (!budget) return;
  r.needs_open(*budget);
  r.verdict.refuse_if(!covers(budget->scope, task.scope), Code::out_of_scope,
                      "the budget is for another scope");
}

}  // namespace

// What this version would not obey, it does not accept.
const char* unfit(const Policy& policy) {
  if (policy.book != kBookVersion) return "this version judges by version 1 of the book";
  for (auto rule = policy.rules.begin(); rule != policy.rules.end(); ++rule) {
    if (rule->review != Review::none && rule->kind == kAwardKind) return "an officer's award has no review";
    if (policy.rule(rule->id) != &*rule) return "a rule's id stands twice";
    if (rule->points.value < 1) return "a rule without points";
    if (rule->proof != RuleProof::officer && !capped(*rule))
      return "a rule without an officer's proof and without a cap";
    if (rule->expiry_months < 0) return "points that expire before they are earned";
  }
  if (policy.limits.balance_min > policy.limits.balance_max) return "balance_min is over balance_max";
  return nullptr;
}

Result<void> decide(Ruling& r, const PublishPolicy& publish) {
  const Policy& policy = publish.policy;
  needs_two_administrators(r, "/");
  r.verdict.refuse_if(policy.version != r.ledger.policy_version + 1, Code::policy_wrong_version,
                      "versions rise by one");
  if (const char* why = unfit(policy)) r.verdict.refuse(Code::policy_invalid, why);
  DFB_TRY_VOID(r.verdict.result());
  PolicyRow row;
  row.version = policy.version;
  row.from_us = std::max(policy.from_us, r.now_us);
  row.payload = format_payload(r.command.payload);
  row.seq = r.ledger.size;
  r.state.put(std::move(row));
  r.ledger.policy_version = policy.version;
  return ok();
}

Result<void> decide(Ruling& r, const PublishTask& publish) {
  const Task& task = publish.task;
  needs_power(r, r.by(), Power::publish_tasks, task.scope);
  if (const auto* former = r.state.find<TaskRow>({task.task}))
    needs_power(r, r.by(), Power::publish_tasks, former->data.scope);
  judge_budget(r, task);
  const Rule* rule = r.needs_policy() ? r.policy->rule(task.rule) : nullptr;
  r.verdict.refuse_if(!rule, Code::rule_unknown, "the policy has no such rule");
  r.verdict.refuse_if(r.policy && task.task != task.rule && r.policy->rule(task.task), Code::rule_wrong_kind,
                      "a task that bears a rule's name pays by that rule");
  r.verdict.refuse_if(task.opens_us >= task.closes_us, Code::policy_invalid,
                      "the task closes before it opens");
  judge_sites(r, task, rule);
  DFB_TRY_VOID(r.verdict.result());
  TaskRow row;
  row.data = task;
  row.seq = r.ledger.size;
  r.state.put(std::move(row));
  return ok();
}

}  // namespace dfb::book
