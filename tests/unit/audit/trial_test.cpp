// What a policy that nobody published would have made of the last month, against sums by hand.
#include "ledger/audit/report.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;
using namespace book;

std::string policy_line(AuditedTown& town, void (*change)(Policy& policy)) {
  Policy policy = town.town.policy;
  policy.version = 7;
  change(policy);
  return town.town.publish(policy).payload;
}
Report try_policy(const AuditedTown& town, const std::string& line) {
  Task task = plain_task();
  task.trial = TrialPolicy::parse(line).value();
  Report report = audit_town(town, task);
  // In next to no memory it is the same.
  TempFolder folder;
  task.memory = {2'000, folder.path()};
  EXPECT_EQ(to_json(audit_town(town, task)), to_json(report));
  return report;
}

TEST(AuditTrial, TheSamePolicyPaysTheSame) {
  auto town = lived().town;
  const Report report = try_policy(town, policy_line(town, [](Policy&) {}));
  ASSERT_EQ(report.verdict, Verdict::sound) << lines(report);
  const auto& figures = *report.trial;
  EXPECT_EQ(figures.at("patrol").was_points, 50);
  EXPECT_EQ(figures.at("patrol").would_points, 50);
  EXPECT_EQ(figures.at("help").would_points, 40);
  EXPECT_EQ(figures.at("").entries, 3);
  EXPECT_EQ(figures.at("").would_points, 50);
  EXPECT_EQ(figures.at("").would_refuse.at("insufficient_points"), 1);
}

TEST(AuditTrial, AnotherPolicyIsJudgedByTheBook) {
  auto town = lived().town;
  const Report report = try_policy(town, policy_line(town, [](Policy& policy) {
                                     policy.rules[0].points = {30};
                                     policy.rules[3].points = {20};
                                     policy.limits.code_points = 25;
                                   }));
  ASSERT_EQ(report.verdict, Verdict::sound) << lines(report);
  const auto& figures = *report.trial;
  EXPECT_EQ(figures.at("patrol").would_points, 30);
  EXPECT_EQ(figures.at("patrol").was_points, 50);
  EXPECT_EQ(figures.at("help").would_refuse.at("amount_too_large"), 1);
  EXPECT_EQ(figures.at("").would_refuse.at("limit_per_sale"), 2);
}

TEST(AuditTrial, CapsAndUniqueFactsAreCountedAnew) {
  AuditedTown town;
  auto& p = town.town;
  town.found();
  for (int day = 0; day < 4; ++day, p.now_us += kDayUs) town.send(p.check_in(p.resident));
  const Report capped = try_policy(town, policy_line(town, [](Policy& policy) {
                                     policy.rules[0].caps = {{CapOf::account, CapPer::month, 3}};
                                   }));
  EXPECT_EQ(capped.trial->at("patrol").would_pay, 3);
  EXPECT_EQ(capped.trial->at("patrol").would_refuse.at("cap_account"), 1);
  const Report once =
      try_policy(town, policy_line(town, [](Policy& policy) { policy.rules[0].unique = Unique::once; }));
  EXPECT_EQ(once.trial->at("patrol").would_pay, 1);
  EXPECT_EQ(once.trial->at("patrol").would_refuse.at("fact_exists"), 3);
}

TEST(AuditTrial, OnlyTheLastMonthIsJudged) {
  AuditedTown town;
  auto& p = town.town;
  town.found();
  town.send(p.award(p.resident, 5));
  p.now_us += 32 * kDayUs;
  town.send(p.award(p.resident, 7));
  const Report report = try_policy(town, policy_line(town, [](Policy&) {}));
  EXPECT_EQ(report.trial->at("help").was_points, 7);
}

TEST(AuditTrial, WhatIsNoPolicyIsRefused) {
  auto town = lived().town;
  EXPECT_FALSE(TrialPolicy::parse(town.town.award(town.town.resident, 5).payload));
  EXPECT_FALSE(TrialPolicy::parse("{}"));
}

TEST(AuditTrial, WhatTheBookWouldNotPublishIsNotTried) {
  auto town = lived().town;
  for (const auto& [change, why] : std::vector<std::pair<void (*)(Policy&), std::string>>{
           {[](Policy& policy) { policy.book = 2; }, "this version judges by version 1 of the book"},
           {[](Policy& policy) { policy.rules[0].caps.clear(); },
            "a rule without an officer's proof and without a cap"},
           {[](Policy& policy) { policy.rules.push_back(policy.rules[0]); }, "a rule's id stands twice"},
           {[](Policy& policy) { policy.rules[3].review = Review::all; }, "an officer's award has no review"},
           {[](Policy& policy) { policy.limits.balance_min = policy.limits.balance_max + 1; },
            "balance_min is over balance_max"}}) {
    const auto trial = TrialPolicy::parse(policy_line(town, change));
    ASSERT_FALSE(trial) << why;
    EXPECT_EQ(trial.error().code, Code::policy_invalid);
    EXPECT_EQ(trial.error().detail, why);
  }
}

// A day of sales by card, by confirmation and by reservation, some of them undone.
struct Spending {
  AuditedTown town = founded();

  Spending() {
    auto& p = town.town;
    const AccountId card{123'456'789'012};
    for (int i = 0; i < 4; ++i) town.send(p.award(p.resident, 100));
    town.send(p.issue(p.resident, card));
    p.now_us += kDayUs;
    for (const std::int64_t points : {40, 30, 25}) town.send(p.redeem_by_card(p.resident, points, card));
    const auto undone = p.redeem_confirmed(p.resident, 60, p.now_us + kMinuteUs);
    town.send(undone);
    town.send(p.cancel(undone.id));
    town.send(p.redeem_confirmed(p.resident, 50, p.now_us + kMinuteUs));
    reserve(40, true);
    reserve(30, false);
    town.send(p.redeem_confirmed(p.resident, 45, p.now_us + kMinuteUs));
  }
  void reserve(std::int64_t points, bool fetched) {
    auto& p = town.town;
    const auto hold = p.reserve(p.resident, points, p.now_us + kHourUs);
    town.send(hold);
    if (fetched)
      town.send(p.sign(Resolve{hold.id, true, p.shop.account, {points}, ""}, {&p.shop.key}));
    else
      town.send(p.sign(Resolve{hold.id, false, p.resident.account, {0}, ""}, {&p.resident.key}));
  }
};

TEST(AuditTrial, CardsHaveADayOfTheirOwn) {
  const Spending day;
  auto town = day.town;
  const Report report = try_policy(town, policy_line(town, [](Policy& policy) {
                                     policy.limits.card_points = 35;
                                     policy.limits.card_points_day = 40;
                                   }));
  ASSERT_EQ(report.verdict, Verdict::sound) << lines(report);
  const TrialFigures& sales = report.trial->at("");
  EXPECT_EQ(sales.was_points, 40 + 30 + 25 + 60 + 50 + 40 + 45);
  EXPECT_EQ(sales.would_refuse.at("limit_per_sale"), 1) << "40 by card";
  EXPECT_EQ(sales.would_refuse.at("limit_per_day"), 1) << "25 after 30 by card";
  EXPECT_EQ(sales.would_points, 30 + 60 + 50 + 40 + 45);
  const Report fewer =
      try_policy(town, policy_line(town, [](Policy& policy) { policy.limits.card_count_day = 2; }));
  EXPECT_EQ(fewer.trial->at("").would_refuse.at("limit_count_per_day"), 1);
}

// 60 confirmed and undone, 50 confirmed, 40 reserved and fetched, 30 reserved and released, 45 confirmed: 135
// stay in the day's sum. Had nothing been given back, it would pass 135 with the reservation of 30.
TEST(AuditTrial, WhatIsUndoneOrReleasedGivesTheDayBack) {
  const Spending day;
  auto town = day.town;
  const Report enough =
      try_policy(town, policy_line(town, [](Policy& policy) { policy.limits.quote_points_day = 135; }));
  const auto& taken = *enough.trial;
  EXPECT_TRUE(taken.at("").would_refuse.empty());
  EXPECT_EQ(taken.at("hold reserve").would_points, 70);
  EXPECT_EQ(taken.at("cancel").would_points, 60);
  EXPECT_EQ(taken.at("resolve release").would_pay, 1);
  const Report less =
      try_policy(town, policy_line(town, [](Policy& policy) { policy.limits.quote_points_day = 134; }));
  const auto& last = *less.trial;
  EXPECT_EQ(last.at("").would_refuse.at("limit_per_day"), 1) << "the last 45";
  EXPECT_EQ(last.at("hold reserve").would_pay, 2);
}

TEST(AuditTrial, WhatItRefusedIsNeitherFetchedNorUndone) {
  const Spending day;
  auto town = day.town;
  const Report report =
      try_policy(town, policy_line(town, [](Policy& policy) { policy.limits.quote_points = 35; }));
  const auto& figures = *report.trial;
  EXPECT_EQ(figures.at("hold reserve").would_refuse.at("limit_per_sale"), 1) << "40";
  EXPECT_EQ(figures.at("hold reserve").would_points, 30);
  EXPECT_EQ(figures.at("").would_refuse.at("limit_per_sale"), 3) << "60, 50, 45";
  EXPECT_EQ(figures.at("").would_refuse.at("hold_unknown"), 1) << "fetching the 40";
  EXPECT_EQ(figures.at("").would_points, 40 + 30 + 25) << "by card";
  EXPECT_EQ(figures.at("cancel").was_points, 60);
  EXPECT_EQ(figures.at("cancel").would_refuse.at("target_already_undone"), 1);
}

TEST(AuditTrial, AnAllowanceThatItRefusesPaysNoOfflineSale) {
  AuditedTown town = founded();
  auto& p = town.town;
  for (int i = 0; i < 2; ++i) town.send(p.award(p.resident, 100));
  const auto large = p.allowance(p.resident, 60, p.now_us + kDayUs);
  town.send(large);
  town.send(p.redeem_offline(p.resident, large.id, 1, 60));
  p.now_us += kDayUs + p.policy.limits.offline_upload_days * kDayUs;
  town.send(p.sign(Resolve{large.id, false, p.resident.account, {0}, ""}, {&p.server}));
  const auto small = p.allowance(p.resident, 30, p.now_us + kDayUs);
  town.send(small);
  town.send(p.redeem_offline(p.resident, small.id, 1, 20));
  const Report report =
      try_policy(town, policy_line(town, [](Policy& policy) { policy.limits.offline_allowance = 50; }));
  ASSERT_EQ(report.verdict, Verdict::sound) << lines(report);
  const auto& figures = *report.trial;
  EXPECT_EQ(figures.at("hold allowance").was_points, 90);
  EXPECT_EQ(figures.at("hold allowance").would_points, 30) << "the second is not in the way of the first";
  EXPECT_EQ(figures.at("hold allowance").would_refuse.at("limit_per_sale"), 1);
  EXPECT_EQ(figures.at("").was_points, 80);
  EXPECT_EQ(figures.at("").would_points, 20);
  EXPECT_EQ(figures.at("").would_refuse.at("allowance_unknown"), 1);
}

// Reports that a reviewer grants and rejects; without review under some policies.
struct Reviewed {
  AuditedTown town;
  dfb::test::Member reviewer{{kFirstFreeAccount + 9001}, dfb::test::test_key("reviewer")};

  explicit Reviewed(Review review) {
    auto& p = town.town;
    p.policy.rules[2].review = review;
    p.policy.rules[2].caps = {{CapOf::account, CapPer::month, 100}};
    town.found();
    town.send(p.sign(p.open_resident(reviewer, "/lijing/04", "R1", Level::verified),
                     {&p.roots[0], &p.roots[1], &reviewer.key}));
    town.send(p.sign(GrantRole{reviewer.account, Role::reviewer, "/lijing", p.now_us, 0},
                     {&p.roots[0], &p.roots[1]}));
  }
  Uuid report(int number) {
    auto& p = town.town;
    Record record;
    record.kind = "report", record.subject = "case-" + std::to_string(number), record.period = "-";
    record.rule = "report", record.account = p.resident.account;
    const auto line = p.sign(record, {&p.resident.key});
    town.send(line);
    return line.id;
  }
  void decide(const Uuid& report, bool grant) {
    auto& p = town.town;
    const auto to = grant ? p.resident.account : p.budget;
    town.send(p.sign(Resolve{report, grant, to, {grant ? 20 : 0}, ""}, {&reviewer.key}));
  }
};

TEST(AuditTrial, AReviewDecidesWhatItsRecordPays) {
  Reviewed week(Review::all);
  for (int i = 0; i < 3; ++i) week.decide(week.report(i), i != 1);
  week.report(3);
  const auto with = [&](void (*change)(Policy&)) {
    return try_policy(week.town, policy_line(week.town, change)).trial->at("report");
  };
  const TrialFigures same = with([](Policy& policy) { policy.rules[2].points = {30}; });
  EXPECT_EQ(same.entries, 4);
  EXPECT_EQ(same.was_points, 40);
  EXPECT_EQ(same.would_points, 60);
  EXPECT_EQ(same.would_wait, 1);
  // The rejected one freed its cap.
  const TrialFigures capped = with([](Policy& policy) {
    policy.rules[2].caps = {{CapOf::account, CapPer::month, 2}};
  });
  EXPECT_EQ(capped.would_pay, 2);
  EXPECT_EQ(capped.would_refuse.at("cap_account"), 1);
  EXPECT_EQ(capped.would_wait, 0);
  const TrialFigures at_once = with([](Policy& policy) { policy.rules[2].review = Review::none; });
  EXPECT_EQ(at_once.would_pay, 4);
  EXPECT_EQ(at_once.would_points, 80);
}

TEST(AuditTrial, WhatNobodyReviewedWaits) {
  Reviewed week(Review::none);
  for (int i = 0; i < 3; ++i) week.report(i);
  const Report report = try_policy(
      week.town, policy_line(week.town, [](Policy& policy) { policy.rules[2].review = Review::all; }));
  const TrialFigures& figures = report.trial->at("report");
  EXPECT_EQ(figures.was_points, 60);
  EXPECT_EQ(figures.would_points, 0);
  EXPECT_EQ(figures.would_wait, 3);
}

}  // namespace
}  // namespace dfb::audit
