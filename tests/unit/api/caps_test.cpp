// Caps and budgets signal from 80 % on, to those whom they concern.
#include "api/programme/caps.h"

#include <gmock/gmock.h>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;

TEST(Near, IsFourFifthsOrMoreInWholeNumbers) {
  using programme::is_near;
  struct Case {
    std::int64_t used, limit;
    bool near;
  };
  for (const auto& [used, limit, near] :
       {Case{0, 1, false}, Case{1, 1, true}, Case{1, 2, false}, Case{2, 2, true}, Case{3, 4, false},
        Case{3, 5, false}, Case{4, 5, true}, Case{7, 9, false}, Case{8, 9, true}, Case{7, 10, false},
        Case{8, 10, true}, Case{799, 1000, false}, Case{800, 1000, true}, Case{0, 0, true}, Case{9, 5, true},
        Case{799'999'999, 1'000'000'000, false}, Case{800'000'000, 1'000'000'000, true}})
    EXPECT_EQ(is_near(used, limit), near) << used << " of " << limit;
}

class Caps : public ApiTown {
 protected:
  void SetUp() override {
    ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
      for (const char* scope : {"/lijing", "/lijing/03", "/lijing/04"})
        programme::put_label(sql, {"scope", scope, "网格", "Grid", "", ""});
      programme::put_label(sql, {"task", "report", "信息上报", "Report", "", ""});
      return ok();
    }));
    Policy policy = people.policy;
    policy.version = 2, policy.from_us = people.now_us;
    policy.rules[2].caps = {{CapOf::account, CapPer::day, 5},
                            {CapOf::household, CapPer::month, 6},
                            {CapOf::grid, CapPer::day, 7},
                            {CapOf::budget, CapPer::life, 100}};
    enter(people.publish(policy));
  }
  void enter(const SignedLine& line) {
    const auto answer = town.run(line);
    ASSERT_TRUE(answer) << to_string(answer.error());
  }
  void report(const test::Member& who, int count) {
    for (int i = 0; i < count; ++i) {
      Record record;
      record.kind = "report", record.subject = "case-" + std::to_string(++cases), record.period = "-";
      record.rule = "report", record.account = who.account;
      enter(people.sign(record, {&who.key}));
    }
  }
  // "report account/day 4/5", in the answer's order.
  static std::vector<std::string> texts(const boost::json::value& caps) {
    std::vector<std::string> out;
    for (const auto& cap : caps.as_array()) {
      const auto text = [&](const char* field) { return std::string(cap.at(field).as_string()); };
      out.push_back(text("rule") + " " + text("of") + "/" + text("per") + " " +
                    std::to_string(cap.at("used").as_int64()) + "/" +
                    std::to_string(cap.at("limit").as_int64()));
      if (cap.as_object().contains("whom"))
        out.back() += " " + text("whom") + (cap.at("near").as_bool() ? " near" : "");
    }
    return out;
  }
  std::vector<std::string> mine(const test::Member& who) {
    return texts(json(at_town("GET", "/v1/me", "", sign_in(who.key))).at("caps"));
  }
  object task(const test::Member& who) {
    const auto answer = json(at_town("GET", "/v1/tasks", "", sign_in(who.key)));
    EXPECT_EQ(answer.at("tasks").as_array().size(), 1U);
    return answer.at("tasks").as_array().at(0).as_object();
  }
  object budget() {
    const auto answer = at_town("GET", "/v1/budgets", "", sign_in(people.admin_a.key));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(json(answer).at("budgets").as_array().size(), 1U);
    return json(answer).at("budgets").as_array().at(0).as_object();
  }

  test::Town& people = town.town;
  int cases = 0;
};

TEST_F(Caps, AreShownToThePersonFromFourFifthsOn) {
  report(people.resident, 3);
  EXPECT_THAT(mine(people.resident), testing::IsEmpty());
  EXPECT_THAT(texts(task(people.resident).at("caps")), testing::IsEmpty());
  report(people.resident, 1);
  EXPECT_THAT(mine(people.resident), testing::ElementsAre("report account/day 4/5"));
  EXPECT_FALSE(task(people.resident).at("full").as_bool());
  report(people.resident, 1);
  EXPECT_THAT(mine(people.resident),
              testing::ElementsAre("report account/day 5/5", "report household/month 5/6"));
  EXPECT_TRUE(task(people.resident).at("full").as_bool());
  EXPECT_THAT(mine(people.sibling), testing::ElementsAre("report household/month 5/6"))
      << "the household is theirs too";
  EXPECT_FALSE(task(people.sibling).at("full").as_bool());
  EXPECT_THAT(mine(people.officer), testing::IsEmpty());
  town.clock.advance(kDayUs);
  EXPECT_THAT(mine(people.resident), testing::ElementsAre("report household/month 5/6")) << "a new day";
}

TEST_F(Caps, ATaskSaysWhichPeriodACheckInNames) {
  Policy policy = people.policy;
  policy.version = 2, policy.from_us = people.now_us;
  for (const auto& [unique, said, period] : {std::tuple(Unique::day, "day", "2026-11-24"),
                                             {Unique::month, "month", "2026-11"},
                                             {Unique::once, "once", "-"}}) {
    ++policy.version, policy.rules[2].unique = unique;
    enter(people.publish(policy));
    const auto shown = task(people.resident);
    EXPECT_EQ(shown.at("unique").as_string(), said);
    EXPECT_EQ(shown.at("period").as_string(), period);
    EXPECT_FALSE(shown.at("done").as_bool()) << said;
    Record record;
    record.kind = "report", record.subject = "report", record.rule = "report";
    record.account = people.resident.account, record.period = shown.at("period").as_string();
    enter(people.sign(record, {&people.resident.key}));
    EXPECT_TRUE(task(people.resident).at("done").as_bool()) << said;
  }
}

TEST_F(Caps, OfTheGridAndTheBudgetAreShownAtTheTask) {
  report(people.resident, 5);
  report(people.newcomer, 1);
  EXPECT_THAT(texts(task(people.newcomer).at("caps")), testing::ElementsAre("report grid/day 6/7"));
  report(people.newcomer, 1);
  EXPECT_THAT(texts(task(people.officer).at("caps")), testing::ElementsAre("report grid/day 7/7"));
  EXPECT_TRUE(task(people.officer).at("full").as_bool());
  EXPECT_THAT(mine(people.officer), testing::IsEmpty()) << "nothing of their own is full";
}

TEST_F(Caps, OfThePhoneLevelAreShownToo) {
  report(people.newcomer, 3);
  EXPECT_THAT(mine(people.newcomer), testing::IsEmpty());
  report(people.newcomer, 1);
  EXPECT_THAT(mine(people.newcomer), testing::ElementsAre("report account/day 4/5", " account/life 80/100"));
}

TEST_F(Caps, ABudgetShowsWhatWasUsedOfIt) {
  EXPECT_THAT(texts(budget().at("caps")), testing::IsEmpty());
  report(people.resident, 4);
  auto shown = budget();
  EXPECT_EQ(shown.at("account").as_string(), to_string(people.budget));
  EXPECT_EQ(shown.at("balance").as_int64(), 99'920);
  EXPECT_EQ(shown.at("awarded").as_int64(), 80);
  EXPECT_EQ(shown.at("since_us").as_int64(), day_start_us(parse_day("2026-11-01").value()));
  EXPECT_FALSE(shown.at("near").as_bool());
  const std::string id = to_string(people.budget);
  EXPECT_THAT(texts(shown.at("caps")),
              testing::ElementsAre("report budget/life 4/100 " + id, "report grid/day 4/7 /lijing/03"));
  report(people.resident, 1), report(people.newcomer, 1);
  EXPECT_THAT(texts(budget().at("caps")),
              testing::ElementsAre("report budget/life 6/100 " + id, "report grid/day 6/7 /lijing/03 near",
                                   "report household/month 5/6 H7K2 near"));
}

TEST_F(Caps, ABudgetIsNearFromFourFifthsOfWhatItHadInTheMonth) {
  report(people.resident, 5);
  enter(people.hand_in(99'874));
  EXPECT_EQ(budget().at("balance").as_int64(), 26);
  EXPECT_FALSE(budget().at("near").as_bool()) << "100 of 126";
  enter(people.hand_in(1));
  EXPECT_TRUE(budget().at("near").as_bool()) << "100 of 125";
  enter(people.hand_in(10));
  EXPECT_TRUE(task(people.officer).at("full").as_bool()) << "15 points pay no award of 20";
  town.clock.set(day_start_us(parse_day("2026-12-01").value()));
  const auto next_month = budget();
  EXPECT_EQ(next_month.at("awarded").as_int64(), 0);
  EXPECT_FALSE(next_month.at("near").as_bool());
  EXPECT_EQ(next_month.at("since_us").as_int64(), town.clock.now_us());
}

TEST_F(Caps, WhatWaitsForReviewCountsAsUsed) {
  enter(people.sign(PublishTask{Task{"report",
                                     "report",
                                     "/lijing",
                                     people.now_us,
                                     people.now_us + kDayUs,
                                     people.budget,
                                     {},
                                     Review::all}},
                    {&people.officer.key}));
  report(people.resident, 4);
  enter(people.hand_in(99'900));
  const auto shown = budget();
  EXPECT_EQ(shown.at("held").as_int64(), 80);
  EXPECT_EQ(shown.at("awarded").as_int64(), 0);
  EXPECT_TRUE(shown.at("near").as_bool()) << "80 of 100";
}

}  // namespace
}  // namespace dfb::routes
