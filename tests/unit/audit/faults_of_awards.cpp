#include "ledger/book/codes.h"
#include "tests/unit/audit/faults.h"

namespace dfb::audit::test {
namespace {

using namespace book;

constexpr const char* kPaid = R"({"policy":1,"points":50,"budget":"%","got":[["2027-11-30",50]]})";

// What an honest ledger would derive for a check-in of 50 points.
std::string paid(const AuditedTown& t) {
  std::string outcome = kPaid;
  return outcome.replace(outcome.find('%'), 1, to_string(t.town.budget));
}

SignedLine changed_check_in(AuditedTown& t, void (*change)(AuditedTown& t, Record& record)) {
  auto& p = t.town;
  Payload payload = parse_payload(p.check_in(p.resident).payload).value();
  change(t, std::get<Record>(payload.body));
  return p.sign(payload, {&p.resident.key});
}

SignedLine report(AuditedTown& t, std::string subject) {
  Record record;
  record.kind = "report", record.subject = std::move(subject), record.period = "-", record.rule = "report";
  record.account = t.town.resident.account;
  return t.town.sign(record, {&t.town.resident.key});
}

// A reviewer of the resident's household, and a report that waits.
struct Review1 {
  SignedLine record;
  dfb::test::Member reviewer;
};
Review1 waiting(AuditedTown& t, std::string household) {
  auto& p = t.town;
  publish(t, [](Policy& policy) { policy.rules[2].review = Review::all; });
  dfb::test::Member reviewer{{kFirstFreeAccount + 9001}, dfb::test::test_key("reviewer")};
  t.send(p.sign(p.open_resident(reviewer, "/lijing/03", std::move(household), Level::verified),
                {&p.roots[0], &p.roots[1], &reviewer.key}));
  t.send(p.sign(GrantRole{reviewer.account, Role::reviewer, "/lijing", p.now_us, 0},
                {&p.roots[0], &p.roots[1]}));
  return {report(t, "case-1"), reviewer};
}
SignedLine review(AuditedTown& t, const Review1& w, std::int64_t points) {
  return t.town.sign(
      Resolve{w.record.id, points > 0, points > 0 ? t.town.resident.account : t.town.budget, {points}, ""},
      {&w.reviewer.key});
}

}  // namespace

const std::vector<Fault>& faults_of_awards() {
  static const std::vector<Fault> faults{
      {"an award over the account's cap",
       [](AuditedTown& t) {
         for (const char* subject : {"case-1", "case-2", "case-3"}) t.send(report(t, subject));
         return refused(t, report(t, "case-4"), "cap_account");
       }},
      {"an award over the household's cap",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.rules[0].caps = {{CapOf::household, CapPer::day, 1}}; });
         t.send(t.town.check_in(t.town.resident));
         return refused(t, t.town.check_in(t.town.sibling), "cap_household");
       }},
      {"an award over the grid's cap",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.rules[0].caps.push_back({CapOf::grid, CapPer::day, 1}); });
         t.send(t.town.check_in(t.town.resident));
         return refused(t, t.town.check_in(t.town.newcomer), "cap_grid");
       }},
      {"an award over the budget's cap",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) {
           policy.rules[0].caps.push_back({CapOf::budget, CapPer::month, 1});
         });
         t.send(t.town.check_in(t.town.resident));
         return refused(t, t.town.check_in(t.town.sibling), "cap_budget");
       }},
      {"more for an unverified account than it may ever earn",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.newcomer, 60));
         return refused(t, t.town.check_in(t.town.newcomer), "cap_phone_level");
       }},
      {"an award above the rule's points",
       [](AuditedTown& t) { return refused(t, t.town.award(t.town.resident, 101), "amount_too_large"); }},
      {"other points than the rule's",
       [](AuditedTown& t) {
         const auto at = t.send(t.town.check_in(t.town.resident));
         return exchange(t, at, "\"points\":50", "\"points\":90");
       }},
      {"a rule of an older policy",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.rules[0].points = {30}; });
         return misderived(t, t.town.check_in(t.town.resident), paid(t));
       }},
      {"a rule that the policy in force no longer has",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.rules[3].id = "other-help"; });
         return refused(t, t.town.award(t.town.resident, 5), "rule_unknown");
       }},
      {"a policy before it is in force",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.rules[3].points = {200}, policy.from_us += kDayUs; });
         return refused(t, t.town.award(t.town.resident, 150), "amount_too_large");
       }},
      {"a policy that skips a version",
       [](AuditedTown& t) {
         t.town.policy.version = 3;
         return refused(t, t.town.publish(t.town.policy), "policy_wrong_version");
       }},
      {"a lot that lasts too long",
       [](AuditedTown& t) {
         return exchange(t, t.send(t.town.check_in(t.town.resident)), "2027-11-30", "2028-11-30");
       }},
      {"another budget than the task's",
       [](AuditedTown& t) {
         return exchange(t, t.send(t.town.check_in(t.town.resident)), to_string(t.town.budget),
                         to_string(t.town.other_shop.account));
       }},
      {"a task that is closed",
       [](AuditedTown& t) {
         t.town.now_us += 30 * kDayUs;
         return refused(t, t.town.check_in(t.town.resident), "task_not_open");
       }},
      {"a task that was never published",
       [](AuditedTown& t) {
         return refused(t, changed_check_in(t, [](AuditedTown&, Record& r) { r.subject = "no-such-task"; }),
                        "task_unknown");
       }},
      {"a site code of another task",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey other = dfb::test::test_key("other site");
         t.send(p.sign(AddKey{p.officer.account, KeyUse::site, other.public_key().spki(), 0, "elsewhere"},
                       {&p.officer.key, &other}));
         return refused(t,
                        changed_check_in(t,
                                         [](AuditedTown& town, Record& r) {
                                           r.site = make_site_code(dfb::test::test_key("other site"),
                                                                   town.town.origin, town.town.now_us)
                                                        .text();
                                         }),
                        "site_not_allowed");
       }},
      {"a site code of another time",
       [](AuditedTown& t) {
         return refused(t,
                        changed_check_in(t,
                                         [](AuditedTown& town, Record& r) {
                                           r.site = make_site_code(town.town.site, town.town.origin,
                                                                   town.town.now_us - 2 * kMinuteUs)
                                                        .text();
                                         }),
                        "site_code_stale");
       }},
      {"a site code that its key did not sign",
       [](AuditedTown& t) {
         const auto line = changed_check_in(t, [](AuditedTown& town, Record& r) {
           auto code = make_site_code(town.town.site, town.town.origin, town.town.now_us);
           code.signature[5] ^= 1;
           r.site = code.text();
         });
         return Planted{t.forge(line, paid(t)), What::signature};
       }},
      {"no site code where the rule wants one",
       [](AuditedTown& t) {
         return refused(t, changed_check_in(t, [](AuditedTown&, Record& r) { r.site.clear(); }),
                        "site_not_allowed");
       }},
      {"a fact of another day",
       [](AuditedTown& t) {
         return refused(t, changed_check_in(t, [](AuditedTown&, Record& r) { r.period = "2026-11-23"; }),
                        "wrong_period");
       }},
      {"a fact stated twice",
       [](AuditedTown& t) {
         t.send(t.town.check_in(t.town.resident));
         return refused(t, t.town.check_in(t.town.resident), "fact_exists", paid(t));
       }},
      {"an officer's fact stated by the resident",
       [](AuditedTown& t) {
         return refused(t,
                        changed_check_in(t,
                                         [](AuditedTown&, Record& r) {
                                           r.subject = r.rule = "visit";
                                           r.site.clear();
                                         }),
                        "signer_not_allowed");
       }},
      {"an award that the budget cannot pay",
       [](AuditedTown& t) {
         t.send(t.town.hand_in(99'960));
         return refused(t, t.town.check_in(t.town.resident), "budget_exhausted", paid(t));
       }},
      {"an award above the largest balance",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.limits.balance_max = 49; });
         return refused(t, t.town.check_in(t.town.resident), "balance_maximum");
       }},
      {"a review that was left out",
       [](AuditedTown& t) {
         const auto w = waiting(t, "R1");
         return misderived(t, w.record,
                           R"({"policy":2,"points":20,"budget":")" + to_string(t.town.budget) +
                               R"(","got":[["2027-11-30",20]]})");
       }},
      {"a review for one's own household",
       [](AuditedTown& t) {
         const auto w = waiting(t, "H7K2");
         t.send(w.record);
         return refused(t, review(t, w, 20), "own_benefit");
       }},
      {"a review by whoever recorded it",
       [](AuditedTown& t) {
         auto& p = t.town;
         auto w = waiting(t, "R1");
         t.send(p.sign(GrantRole{w.reviewer.account, Role::officer, "/lijing", p.now_us, 0},
                       {&p.admin_a.key, &p.admin_b.key}));
         w.record = p.sign(parse_payload(w.record.payload).value(), {&w.reviewer.key});
         t.send(w.record);
         return refused(t, review(t, w, 20), "approver_same_person");
       }},
      {"a task that takes another rule's name",
       [](AuditedTown& t) {
         auto& p = t.town;
         const book::Task task{"help",   "report", "/lijing",   p.now_us, p.now_us + kDayUs,
                         p.budget, {},       Review::none};
         return refused(t, p.sign(PublishTask{task}, {&p.officer.key}), "rule_wrong_kind");
       }},
      {"a review that pays twice",
       [](AuditedTown& t) {
         const auto w = waiting(t, "R1");
         t.send(w.record);
         t.send(review(t, w, 20));
         return refused(t, review(t, w, 20), "hold_resolved");
       }},
      {"a review that pays after it was refused",
       [](AuditedTown& t) {
         const auto w = waiting(t, "R1");
         t.send(w.record);
         t.send(review(t, w, 0));
         return refused(t, review(t, w, 20), "hold_resolved");
       }},
      {"an award reversed twice",
       [](AuditedTown& t) {
         const auto at = t.send(t.town.check_in(t.town.resident));
         t.send(t.town.sign(Reverse{at, ""}, {&t.town.admin_a.key}));
         return refused(t, t.town.sign(Reverse{at, ""}, {&t.town.admin_a.key}), "target_already_undone");
       }},
      {"a reversal of what paid no award",
       [](AuditedTown& t) {
         return refused(t, t.town.sign(Reverse{3, ""}, {&t.town.admin_a.key}), "target_unknown");
       }},
      {"a reversal that takes more than is left",
       [](AuditedTown& t) {
         auto& p = t.town;
         const auto award = t.send(p.check_in(p.resident));
         t.send(p.redeem(p.resident, 15));
         return exchange(t, t.send(p.sign(Reverse{award, ""}, {&p.admin_a.key})), "\"unrecovered\":15",
                         "\"unrecovered\":14");
       }},
  };
  return faults;
}

}  // namespace dfb::audit::test
