// Facts and what they earn; awards by officers; notes that earn nothing.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

Record record_of(const Scene& s, std::string kind, std::string subject, std::string rule) {
  Record record;
  record.kind = std::move(kind);
  record.subject = std::move(subject);
  record.rule = std::move(rule);
  record.period = "-";
  record.account = s.town.resident.account;
  return record;
}

TEST(CheckIn, OutcomeNamesPointsBudgetAndLot) {
  Scene s = founded();
  EXPECT_EQ(
      format_outcome(s.must(s.town.check_in(s.town.resident))),
      R"({"policy":1,"points":50,"budget":")" + to_string(s.town.budget) + R"(","got":[["2027-11-30",50]]})");
}

TEST(CheckIn, OncePerCivilDay) {
  Scene s = founded();
  s.town.now_us = day_start_us(civil_day(s.town.now_us) + 1) - 1;
  s.must(s.town.check_in(s.town.resident));
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), Code::fact_exists);
  s.later(1);
  s.must(s.town.check_in(s.town.resident));
}

TEST(CheckIn, CapsCountPerHourDayMonthAndLife) {
  struct Case {
    CapPer per;
    TimeUs same_us, next_us;  // still in the span of the first record; in the next one, 0 = there is none
  };
  // 2026-11-24 09:40: a minute, an hour; the day ends in 15 hours, the month in 7 days.
  for (auto [per, same_us, next_us] :
       {Case{CapPer::hour, kMinuteUs, 20 * kMinuteUs}, Case{CapPer::day, 14 * kHourUs, 15 * kHourUs},
        Case{CapPer::month, 6 * kDayUs, 7 * kDayUs}, Case{CapPer::life, 29 * kDayUs, 0}}) {
    Scene s = founded();
    s.change_policy([per = per](Policy& policy) { policy.rules[2].caps = {{CapOf::account, per, 1}}; });
    auto start_us = s.town.now_us;
    auto report = [&](std::string subject) {
      return s.town.sign(record_of(s, "report", std::move(subject), "report"), {&s.town.resident.key});
    };
    s.must(report("case-1"));
    s.town.now_us = start_us + same_us;
    EXPECT_EQ(s.refusal(report("case-2")), Code::cap_account) << static_cast<int>(per);
    if (next_us == 0) continue;
    s.town.now_us = start_us + next_us;
    s.must(report("case-2"));
  }
}

TEST(CheckIn, AHouseholdOrGridIsCountedTogether) {
  Scene s = founded();
  s.change_policy([](Policy& policy) { policy.rules[0].caps = {{CapOf::household, CapPer::day, 1}}; });
  s.must(s.town.check_in(s.town.resident));
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.sibling)), Code::cap_household);
  s.must(s.town.check_in(s.town.newcomer));
  s.change_account(s.town.sibling.account, [](Account& account) { account.household = ""; });
  s.must(s.town.check_in(s.town.sibling));  // without a household one is a household of one's own
}

TEST(CheckIn, AGridIsTheFirstTwoLevels) {
  Scene s = founded();
  s.change_policy([](Policy& policy) {
    policy.rules[0].caps = {{CapOf::account, CapPer::day, 2}, {CapOf::grid, CapPer::day, 1}};
  });
  s.change_account(s.town.resident.account, [](Account& account) { account.scope = "/lijing/03/b7"; });
  s.must(s.town.check_in(s.town.resident));
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.sibling)), Code::cap_grid);
  s.change_account(s.town.sibling.account, [](Account& account) { account.scope = "/lijing/04"; });
  s.must(s.town.check_in(s.town.sibling));
}

TEST(CheckIn, OnlyWhereTheTaskIs) {
  Scene s = founded();
  s.change_account(s.town.resident.account, [](Account& account) { account.scope = "/lijing2"; });
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), Code::out_of_scope);
}

TEST(CheckIn, ASiteCodeIsGoodForThreeSteps) {
  Scene s = founded();
  s.town.now_us -= s.town.now_us % kSiteStepUs;
  s.town.now_us += kSiteStepUs;
  auto code = make_site_code(s.town.site, s.town.origin, s.town.now_us).text();
  auto with_code = [&] {
    Payload payload = parse_payload(s.town.check_in(s.town.resident).payload).value();
    std::get<Record>(payload.body).site = code;
    return s.town.sign(payload, {&s.town.resident.key});
  };
  s.later(-1);
  EXPECT_EQ(s.refusal(with_code()), Code::site_code_stale);
  s.later(kSiteSteps * kSiteStepUs + 1);
  EXPECT_EQ(s.refusal(with_code()), Code::site_code_stale);
  s.later(-1);
  s.must(with_code());
}

TEST(CheckIn, ASiteKeyCountsWhileItsOwnerMayShowCodes) {
  Scene s = founded();
  auto ended = s;
  ended.must(ended.town.sign(EndRole{ended.town.officer.account, Role::officer, "/lijing"},
                             {&ended.town.admin_a.key, &ended.town.admin_b.key}));
  EXPECT_EQ(ended.refusal(ended.town.check_in(ended.town.resident)), Code::site_not_allowed);
  s.must(s.town.sign(RevokeKey{s.town.site.public_key().id(), "stolen"}, {&s.town.admin_a.key}));
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), Code::site_not_allowed);
}

TEST(CheckIn, NobodyUsesACodeOfTheirOwnHousehold) {
  Scene s = founded();
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.officer)), Code::own_benefit);
  s.change_account(s.town.resident.account, [](Account& account) { account.household = "C1"; });
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), Code::own_benefit);
}

TEST(CheckIn, AFrozenAccountStillEarns) {
  Scene s = founded();
  s.must(s.town.sign(SetState{s.town.resident.account, AccountState::frozen, ""}, {&s.town.officer.key}));
  s.must(s.town.check_in(s.town.resident));
}

TEST(CheckIn, OnesOwnDeviceOrAnOfficerInScope) {
  Scene s = founded();
  Payload payload = parse_payload(s.town.check_in(s.town.resident).payload).value();
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.sibling.key})), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.shop.key})), Code::key_wrong_use);
  payload.id = s.town.next_id();
  std::get<Record>(payload.body).account = s.town.newcomer.account;
  s.must(s.town.sign(payload, {&s.town.officer.key}));
}

TEST(CheckIn, SomeRulesWantAnOfficer) {
  Scene s = founded();
  auto visit = record_of(s, "checkin", "visit", "visit");
  visit.period = period_at(Unique::day, s.town.now_us);
  EXPECT_EQ(s.refusal(s.town.sign(visit, {&s.town.resident.key})), Code::signer_not_allowed);
  visit.account = s.town.officer.account;
  EXPECT_EQ(s.refusal(s.town.sign(visit, {&s.town.officer.key})), Code::own_benefit);
  visit.account = s.town.resident.account;
  s.must(s.town.sign(visit, {&s.town.officer.key}));
  EXPECT_EQ(s.balance(s.town.resident), 10);
}

TEST(Records, OtherKindsArePaidByTheTaskOfTheirRule) {
  Scene s = founded();
  s.must(s.town.sign(record_of(s, "report", "case-117", "report"), {&s.town.resident.key}));
  EXPECT_EQ(s.balance(s.town.resident), 20);
  EXPECT_EQ(s.refusal(s.town.sign(record_of(s, "report", "case-117", "report"), {&s.town.resident.key})),
            Code::fact_exists);
  EXPECT_EQ(s.refusal(s.town.sign(record_of(s, "opinion", "case-118", "report"), {&s.town.resident.key})),
            Code::rule_wrong_kind);
  s.change_policy([](Policy& policy) {
    for (const char* kind : {"attendance", "opinion", "vote", "adoption"}) {
      Rule rule;
      rule.id = std::string("for-") + kind, rule.kind = kind, rule.points = {3}, rule.unique = Unique::once;
      rule.caps = {{CapOf::account, CapPer::month, 10}};
      policy.rules.push_back(rule);
    }
  });
  for (const char* kind : {"attendance", "opinion", "vote", "adoption"}) {
    auto rule = std::string("for-") + kind;
    auto line = s.town.sign(record_of(s, kind, "topic-117", rule), {&s.town.resident.key});
    EXPECT_EQ(s.refusal(line), Code::task_unknown);
    s.must(s.town.sign(
        PublishTask{Task{
            rule, rule, "/lijing", s.town.now_us, s.town.now_us + kDayUs, s.town.budget, {}, Review::none}},
        {&s.town.officer.key}));
    s.must(line);
  }
  EXPECT_EQ(s.balance(s.town.resident), 32);
}

TEST(Records, ErasuresAreStatedOnceByAnAdministrator) {
  Scene s = founded();
  auto erasure = record_of(s, "erasure", "request-9", "");
  EXPECT_EQ(s.refusal(s.town.sign(erasure, {&s.town.officer.key})), Code::signer_not_allowed);
  EXPECT_EQ(format_outcome(s.must(s.town.sign(erasure, {&s.town.admin_a.key}))), "{}");
  EXPECT_EQ(s.refusal(s.town.sign(erasure, {&s.town.admin_b.key})), Code::fact_exists);
}

TEST(Records, NameTheTaskThatPays) {
  Scene s = founded();
  auto task = Task{"lijing-reports",       "report",      "/lijing/03", s.town.now_us,
                   s.town.now_us + kDayUs, s.town.budget, {},           Review::none};
  s.must(s.town.sign(PublishTask{task}, {&s.town.officer.key}));
  auto report = record_of(s, "report", "case-117", "report");
  report.task = "nowhere";
  EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.resident.key})), Code::task_unknown);
  report.task = "patrol-evening";
  EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.resident.key})), Code::rule_wrong_kind);
  report.task = "lijing-reports";
  s.must(s.town.sign(report, {&s.town.resident.key}));
  s.later(kDayUs);
  report.subject = "case-118";
  EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.resident.key})), Code::task_not_open);
}

TEST(Records, ShiftReportsComeFromTheShopsTill) {
  Scene s = founded();
  for (const char* kind : {"xreport", "zreport"}) {
    SCOPED_TRACE(kind);
    auto report = record_of(s, kind, "till-1-1", "");
    report.account = s.town.shop.account;
    report.period = format_day(civil_day(s.town.now_us));
    report.lines = 12, report.head = "uGqJb5x0cWmRZ1n8KJ3dQA";
    EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.other_shop.key})), Code::signer_not_allowed);
    EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.officer.key})), Code::key_wrong_use);
    s.must(s.town.sign(report, {&s.town.shop.key}));
    EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.shop.key})), Code::fact_exists);
    report.subject = "till-1-2", report.period = format_day(civil_day(s.town.now_us) + 1);
    EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.shop.key})), Code::wrong_period);
    report.period = format_day(civil_day(s.town.now_us)), report.account = s.town.resident.account;
    EXPECT_EQ(s.refusal(s.town.sign(report, {&s.town.shop.key})), Code::signer_not_allowed);
  }
}

TEST(Tasks, SitesBudgetScopeAndReviewAreChecked) {
  Scene s = founded();
  auto with = [&](auto change) {
    Task task{"new",
              "patrol",
              "/lijing/03",
              s.town.now_us,
              s.town.now_us + kDayUs,
              s.town.budget,
              {s.town.site.public_key().id()},
              Review::none};
    change(task);
    return s.refusal(s.town.sign(PublishTask{task}, {&s.town.officer.key}));
  };
  EXPECT_EQ(with([](Task& task) { task.sites.clear(); }), Code::site_not_allowed);
  EXPECT_EQ(with([&](Task& task) { task.sites = {s.town.officer.key.public_key().id()}; }),
            Code::site_not_allowed);
  EXPECT_EQ(with([](Task& task) { task.closes_us = task.opens_us; }), Code::policy_invalid);
  EXPECT_EQ(with([](Task& task) { task.rule = "none"; }), Code::rule_unknown);
  EXPECT_EQ(with([](Task& task) { task.scope = "/"; }), Code::out_of_scope);
  EXPECT_EQ(with([&](Task& task) { task.budget = s.town.resident.account; }), Code::account_wrong_kind);
  EXPECT_EQ(with([](Task&) {}), std::nullopt);
  EXPECT_EQ(with([](Task& task) { task.closes_us += 1; }), std::nullopt);  // replaced
}

TEST(Tasks, NobodyReplacesATaskOutsideTheirScope) {
  Scene s = founded();
  Task wide{"wide", "report", "/", s.town.now_us, s.town.now_us + kDayUs, s.town.budget, {}, Review::none};
  s.must(s.town.sign(PublishTask{wide}, {&s.town.admin_a.key}));
  wide.scope = "/lijing";
  EXPECT_EQ(s.refusal(s.town.sign(PublishTask{wide}, {&s.town.officer.key})), Code::out_of_scope);
}

TEST(Tasks, ARulesNameIsForTheTaskOfThatRule) {
  Scene s = founded();
  auto named = [&](std::string name, std::string rule) {
    Task task{std::move(name),        std::move(rule), "/lijing", s.town.now_us,
              s.town.now_us + kDayUs, s.town.budget,   {},        Review::none};
    return s.refusal(s.town.sign(PublishTask{task}, {&s.town.officer.key}));
  };
  EXPECT_EQ(named("help", "report"), Code::rule_wrong_kind);
  EXPECT_EQ(named("report", "visit"), Code::rule_wrong_kind) << "nor by a change of the task that is there";
  EXPECT_EQ(named("report", "report"), std::nullopt);
  EXPECT_EQ(named("reports-lijing", "report"), std::nullopt);
}

TEST(Policies, TheOneInForceDecides) {
  Scene s = founded();
  s.town.policy.version = 2;
  s.town.policy.from_us = s.town.now_us + kHourUs;
  s.town.policy.rules[0].points = {7};
  s.must(s.town.publish(s.town.policy));
  EXPECT_EQ(s.must(s.town.check_in(s.town.resident)).points, Points{50});
  s.later(kHourUs);
  auto outcome = s.must(s.town.check_in(s.town.sibling));
  EXPECT_EQ(outcome.points, Points{7});
  EXPECT_EQ(outcome.policy, 2);
}

TEST(Policies, AnEarlierBeginningIsTheEntrysOwn) {
  Scene s = founded();
  s.later(kHourUs);
  s.change_policy([&](Policy& policy) { policy.from_us = 0; });
  EXPECT_EQ(s.ledger.rows().get<PolicyRow>({2})->from_us, s.town.now_us);
}

TEST(Awards, StayWithinTheRuleTheScopeAndTheBudget) {
  Scene s = founded();
  auto with = [&](auto change) {
    Payload payload = parse_payload(s.town.award(s.town.resident, 100).payload).value();
    change(std::get<Transfer>(payload.body));
    return s.refusal(s.town.sign(payload, {&s.town.officer.key}));
  };
  EXPECT_EQ(with([](Transfer& t) { t.points = {101}; }), Code::amount_too_large);
  EXPECT_EQ(with([](Transfer& t) { t.rule = "patrol"; }), Code::rule_wrong_kind);
  EXPECT_EQ(with([&](Transfer& t) { t.to = s.town.admin_a.account; }), Code::out_of_scope);
  EXPECT_EQ(with([](Transfer&) {}), std::nullopt);
  s.change_account(s.town.budget, [](Account& budget) { budget.scope = "/lijing/04"; });
  EXPECT_EQ(with([](Transfer&) {}), Code::out_of_scope);
  s.change_account(s.town.budget,
                   [](Account& budget) { budget.scope = "/", budget.state = AccountState::frozen; });
  EXPECT_EQ(with([](Transfer&) {}), Code::account_frozen);
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), Code::budget_exhausted);
  s.must(s.town.hand_in(100));  // a frozen budget can still be emptied
}

TEST(Awards, LevelPhoneEarnsLittleUntilVerified) {
  Scene s = founded();
  s.must(s.town.check_in(s.town.newcomer));
  s.must(s.town.award(s.town.newcomer, 50));
  EXPECT_EQ(s.refusal(s.town.award(s.town.newcomer, 1)), Code::cap_phone_level);
  s.must(s.town.sign(SetLevel{s.town.newcomer.account, Level::verified}, {&s.town.officer.key}));
  s.must(s.town.award(s.town.newcomer, 1));
  s.must(s.town.redeem(s.town.newcomer, 101));
}

}  // namespace
}  // namespace dfb::test
