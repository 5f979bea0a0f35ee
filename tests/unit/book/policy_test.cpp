#include "ledger/book/policy.h"

#include <gtest/gtest.h>

namespace dfb::book {
namespace {

TEST(BookPolicy, CapsReadBack) {
  for (std::string text : {"account/day:2", "household/month:0", "grid/hour:500", "budget/life:1000000000"})
    EXPECT_EQ(to_string(parse_cap(text).value()), text);
  EXPECT_EQ(parse_cap("grid/month:7").value(), (Cap{CapOf::grid, CapPer::month, 7}));
  for (auto text :
       {"", "account/day", "account:2", "account/day:", "account/day:-1", "account/day:02", "account/day:+2",
        "account/day:1000000001", "account/day:99999999999999999999", "account/week:2", "person/day:2",
        "account/day:2 ", "account//day:2", "day/account:2", ":/"})
    EXPECT_EQ(parse_cap(text).error().code, Code::malformed) << text;
}

TEST(BookPolicy, WordsReadBack) {
  for (auto value : {Unique::day, Unique::month, Unique::once}) {
    Unique out{};
    ASSERT_TRUE(parse(name(value), out));
    EXPECT_EQ(out, value);
  }
  for (auto value : {RuleProof::none, RuleProof::site, RuleProof::officer}) {
    RuleProof out{};
    ASSERT_TRUE(parse(name(value), out));
    EXPECT_EQ(out, value);
  }
  for (auto value : {Review::none, Review::all}) {
    Review out{};
    ASSERT_TRUE(parse(name(value), out));
    EXPECT_EQ(out, value);
  }
  EXPECT_EQ(name(Unique::once), "once");
  Unique out{};
  EXPECT_EQ(parse("year", out).error().code, Code::malformed);
}

TEST(BookPolicy, APeriodIsTheTownsOwn) {
  // 2026-11-30 23:30 and 2026-12-01 00:30 in UTC+8.
  TimeUs late = day_start_us(parse_day("2026-12-01").value()) - 30 * kMinuteUs, early = late + kHourUs;
  EXPECT_EQ(period_at(Unique::day, late), "2026-11-30");
  EXPECT_EQ(period_at(Unique::day, early), "2026-12-01");
  EXPECT_EQ(period_at(Unique::month, late), "2026-11");
  EXPECT_EQ(period_at(Unique::month, early), "2026-12");
  EXPECT_EQ(period_at(Unique::once, early), "-");
}

TEST(BookPolicy, RulesAreFoundById) {
  Policy policy;
  policy.rules.resize(2);
  policy.rules[0].id = "patrol";
  policy.rules[1].id = "cleaning";
  EXPECT_EQ(policy.rule("cleaning"), &policy.rules[1]);
  EXPECT_EQ(policy.rule("patro"), nullptr);
}

}  // namespace
}  // namespace dfb::book
