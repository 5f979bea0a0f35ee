// Facts, each stated once, and what they earn.
#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/award.h"
#include "ledger/book/codes.h"
#include "ledger/book/decide.h"
#include "ledger/book/holds.h"
#include "ledger/book/shift_report.h"

namespace dfb::book {
namespace {

constexpr const char* kErasure = "erasure";
constexpr const char* kCheckIn = "checkin";

std::string fact_text(const Record& record) {
  return record.kind + " " + record.subject + " " + to_string(record.account) + " " + record.period;
}

void judge_fact(Ruling& r, const Record& record) {
  const auto* row = r.state.find<FactRow>({fact_text(record)});
  r.verdict.refuse_if(row && row->seq != kFactFreed, Code::fact_exists, "this was recorded already");
}

// The account's own device, or an officer who has the person before them; the latter where the rule demands
// it.
void judge_recorder(Ruling& r, const Rule* rule, const Account& resident) {
  bool own_device = r.by().use == KeyUse::device && r.by().account == resident.id;
  if (own_device && !(rule && rule->proof == RuleProof::officer)) return;
  needs_power(r, r.by(), Power::assist, resident.scope);
  acts_for(r, resident);
}

// A check-in's task is its subject. Other records have topics and cases for subjects and name their task;
// where they do not, the task of the rule's own name says where and when the rule applies and who pays.
const Task* judge_task(Ruling& r, const Record& record, const Account& resident) {
  const auto& otherwise = record.kind == kCheckIn ? record.subject : record.rule;
  const auto& name = record.task.empty() ? otherwise : record.task;
  const auto* row = r.state.find<TaskRow>({name});
  if (!row) {
    r.verdict.refuse(Code::task_unknown, "no task " + name + " was published");
    return nullptr;
  }
  const Task& task = row->data;
  r.verdict.refuse_if(task.rule != record.rule, Code::rule_wrong_kind, "the task pays by another rule");
  r.verdict.refuse_if(!covers(task.scope, resident.scope), Code::out_of_scope,
                      "the task is for another scope");
  r.verdict.refuse_if(r.now_us < task.opens_us || r.now_us >= task.closes_us, Code::task_not_open,
                      "the task is not open now");
  return &task;
}

void judge_site_code(Ruling& r, const SiteCode& code, const Task* task, const Account& resident) {
  const auto* site = r.state.find<KeyRow>({code.key});
  bool listed = task && std::find(task->sites.begin(), task->sites.end(), code.key) != task->sites.end();
  bool live = site && site->use == KeyUse::site && site->revoked_us == 0 &&
              within(site->from_us, site->until_us, r.now_us) &&
              has_power_anywhere(r.state, site->account, Power::show_codes, r.now_us);
  r.verdict.refuse_if(!listed || !live, Code::site_not_allowed, "this code does not count for this task");
  const auto* owner = site ? r.state.find<Account>({site->account}) : nullptr;
  r.verdict.refuse_if(owner && same_household(r, *owner, resident), Code::own_benefit,
                      "nobody checks in with a code of their own or of their household");
  TimeUs start_us = code.step * kSiteStepUs;
  r.verdict.refuse_if(r.now_us < start_us || r.now_us >= start_us + kSiteSteps * kSiteStepUs,
                      Code::site_code_stale, "the site code has changed; scan it again");
}

Result<void> judge_site(Ruling& r, const Record& record, const Rule& rule, const Task* task,
                        const Account& resident) {
  bool wants = rule.proof == RuleProof::site;
  r.verdict.refuse_if(wants == record.site.empty(), Code::site_not_allowed,
                      wants ? "the rule wants a site code" : "the rule takes no site code");
  if (!wants || record.site.empty()) return ok();
  DFB_TRY(auto code, parse_site_code(record.site));
  judge_site_code(r, code, task, resident);
  return ok();
}

std::optional<Account> judge_budget(Ruling& r, const Task& task, const Rule& rule) {
  const auto* budget = r.state.find<Account>({task.budget});
  DFB_CHECK(budget);
  bool pays =
      budget->state == AccountState::open && rule.points.value <= budget->balance.value - budget->held.value;
  r.verdict.refuse_if(!pays, Code::budget_exhausted, "the task's budget cannot pay");
  return *budget;
}

Result<void> decide_earning(Ruling& r, const Record& record) {
  auto resident = r.account(record.account, AccountKind::resident);
  const Rule* rule = r.needs_policy() ? r.policy->rule(record.rule) : nullptr;
  r.verdict.refuse_if(!rule, Code::rule_unknown, "the policy has no such rule");
  judge_fact(r, record);
  if (!resident) return r.verdict.result();
  r.verdict.refuse_if(resident->state == AccountState::closed, Code::account_closed, "the account is closed");
  judge_recorder(r, rule, *resident);
  const Task* task = judge_task(r, record, *resident);
  std::optional<Account> budget;
  if (rule) {
    r.verdict.refuse_if(rule->kind != record.kind, Code::rule_wrong_kind,
                        "the rule is for another kind of record");
    r.verdict.refuse_if(record.period != period_at(rule->unique, r.now_us), Code::wrong_period,
                        "the period is not the present one");
    DFB_TRY_VOID(judge_site(r, record, *rule, task, *resident));
    if (task) {
      judge_award(r, *rule, *resident, task->budget, rule->points);
      budget = judge_budget(r, *task, *rule);
    }
  }
  DFB_TRY_VOID(r.verdict.result());
  r.state.put(FactRow{fact_text(record), r.ledger.size});
  r.outcome.points = rule->points;
  r.outcome.budget = budget->id;
  auto counters = count_caps(r, *rule, *resident, budget->id, rule->points);
  if (rule->review == Review::all || task->review == Review::all)
    return hold_for_review(r, *rule, *std::move(budget), *resident, fact_text(record), std::move(counters));
  return pay_award(r, *rule, *std::move(budget), *std::move(resident), rule->points);
}

// Erasures and shift reports earn nothing; they are only stated once.
Result<void> decide_note(Ruling& r, const Record& record) {
  bool erasure = record.kind == kErasure;
  auto account = r.account(record.account, erasure ? std::nullopt : std::optional(AccountKind::shop));
  if (erasure) {
    needs_power(r, r.by(), Power::administer, account ? account->scope : "");
  } else {
    needs_till(r, record.account);
  }
  auto day = parse_day(record.period);
  bool right = erasure ? record.period == "-" : day && *day <= r.today();
  r.verdict.refuse_if(!right, Code::wrong_period, "the period does not fit the record");
  judge_fact(r, record);
  DFB_TRY_VOID(r.verdict.result());
  r.state.put(FactRow{fact_text(record), r.ledger.size});
  return ok();
}

}  // namespace

Result<void> decide(Ruling& r, const Record& record) {
  return record.kind == kErasure || is_shift_report(record.kind) ? decide_note(r, record)
                                                                  : decide_earning(r, record);
}

}  // namespace dfb::book
