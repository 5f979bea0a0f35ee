// The owner's report: its figures from proven entries, and a town that hides or changes one.
#include "terminal/report/owners_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using testing::HasSubstr;
using testing::Not;

class OwnersReportTest : public testing::Test {
 protected:
  void SetUp() override { shop.open(); }
  Day today() const { return civil_day(shop.clock.now_us()); }
  Result<Leaves> leaves(Day from, Day to) {
    return own_leaves(*shop.counter, *shop.line, day_start_us(from), day_start_us(to + 1), [](std::size_t) {});
  }
  OwnersReport report(Day from, Day to) {
    return owners_report(leaves(from, to).value(), *shop.history, shop.setup.shop, from, to);
  }
  void give_back(std::int64_t points) {
    const Past& sold = shop.history->past().front();
    ASSERT_TRUE(shop.pump(shop.counter->refund(sold.id, sold.account, {points}, "")));
    ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  }
  // Applied, and undone since no answer came.
  void sell_and_undo(std::int64_t points) {
    shop.line->faults = {Fault::none};
    for (int i = 0; i < 20; ++i) shop.line->faults.push_back(Fault::lose_answer);
    shop.sell(points);
    shop.line->faults.clear();
    ASSERT_EQ(shop.counter->sale().effect, CancelEffect::undone);
  }
  test::Shop shop;
};

TEST_F(OwnersReportTest, CountsWhatTheShopTookInAndGaveBack) {
  shop.sell(30);
  shop.sell(12);
  give_back(5);
  sell_and_undo(7);
  shop.sell(500);  // more than the customer has
  const OwnersReport made = report(today(), today());
  EXPECT_EQ(made.all.sales, (Tally{3, 49}));
  EXPECT_EQ(made.all.refunds, (Tally{1, 5}));
  EXPECT_EQ(made.all.cancelled, (Tally{1, 7}));
  EXPECT_EQ(made.all.refused, 1);
  EXPECT_EQ(made.all.balance(), 37);
  EXPECT_EQ(made.all.balance(), shop.till()) << "what the ledger says of the shop's balance";
  EXPECT_TRUE(made.missing.empty());
  EXPECT_EQ(made.under.size, shop.line->size());
  ASSERT_EQ(made.days.size(), 1U);
  EXPECT_EQ(made.days[0].second, made.all);
}

// A void hands the money back too: the report and the till's own shift say the same.
TEST_F(OwnersReportTest, TheMoneyOfAVoidedSaleIsNotInTheDrawer) {
  const auto sell_with_cash = [this](std::int64_t points, std::int64_t fen) {
    shop.clock.advance(5 * kSecondUs);
    shop.counter->scan(shop.code()).value();
    ASSERT_TRUE(shop.pump(shop.counter->amount({points}, fen)));
    ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  };
  sell_with_cash(20, 3650);
  sell_with_cash(12, 500);
  ASSERT_TRUE(shop.pump(shop.counter->undo(shop.history->past().front(), "s-02")));
  EXPECT_EQ(report(today(), today()).all.cash_fen, 500);
  EXPECT_EQ(report(today(), today()).all.cash_fen, shop.history->shift_totals().cash_fen);
  const Day day = today();
  sell_with_cash(7, 110);
  shop.clock.set(day_start_us(day + 1) + kMinuteUs);
  ASSERT_TRUE(shop.pump(shop.counter->undo(shop.history->past().back(), "s-02")));
  EXPECT_EQ(report(day, day).all.cash_fen, 610);
  const OwnersReport next = report(day + 1, day + 1);
  EXPECT_EQ(next.all.cash_fen, -110) << "it went back on the day after";
  EXPECT_THAT(report_text(next, "shop", Lang::en, 48), HasSubstr("-1.10"));
}

// A sale of the evening that is undone after midnight: each stands on its own day.
TEST_F(OwnersReportTest, ACancelAfterMidnightStandsOnItsOwnDay) {
  const Day day = today();
  shop.clock.set(day_start_us(day + 1) - 20 * kSecondUs);
  sell_and_undo(9);
  ASSERT_EQ(today(), day + 1);
  const OwnersReport before = report(day, day), after = report(day + 1, day + 1);
  EXPECT_EQ(before.all.sales, (Tally{1, 9}));
  EXPECT_EQ(before.all.cancelled, Tally{});
  EXPECT_EQ(after.all.sales, Tally{});
  EXPECT_EQ(after.all.cancelled, (Tally{1, 9})) << "the sale lies before the day, and is read all the same";
  const OwnersReport both = report(day, day + 1);
  EXPECT_EQ(both.days.size(), 2U);
  EXPECT_EQ(both.all.balance(), 0);
}

// What is settled is named by the last statement's `through`: entries after it wait for the next one.
TEST_F(OwnersReportTest, WhatIsNotSettledYet) {
  shop.sell(30);
  const std::int64_t first = shop.history->past().back().seq;
  shop.sell(12);
  give_back(5);
  EXPECT_EQ(report(today(), today()).unsettled, 37);
  auto known = leaves(today(), today()).value();
  const struct {
    std::int64_t through, unsettled;
  } cases[] = {{-1, 37}, {first - 1, 37}, {first, 7}, {first + 1, -5}, {known.under.size, 0}};
  for (const auto& one : cases) {
    known.settled_through = one.through;
    EXPECT_EQ(owners_report(known, *shop.history, shop.setup.shop, today(), today()).unsettled, one.unsettled) << one.through;
  }
}

TEST_F(OwnersReportTest, ADayOnWhichNothingHappened) {
  shop.sell(30);
  const OwnersReport made = report(today() - 3, today() - 2);
  EXPECT_TRUE(made.days.empty());
  EXPECT_EQ(made.all, DayFigures{});
  EXPECT_THAT(report_text(made, "shop", Lang::en, 48), HasSubstr("Nothing happened in this time"));
}

TEST_F(OwnersReportTest, NamesASaleThatTheTownLeavesOut) {
  shop.sell(30);
  shop.sell(12);
  const std::int64_t hidden = shop.history->past().front().seq;
  shop.line->forge_leaves = [&](LeafPage& page) {
    std::erase_if(page.leaves, [&](const auto& one) { return one.first == hidden; });
  };
  const OwnersReport made = report(today(), today());
  EXPECT_EQ(made.all.sales, (Tally{1, 12}));
  ASSERT_EQ(made.missing.size(), 1U);
  EXPECT_EQ(made.missing[0].seq, hidden);
  EXPECT_THAT(report_text(made, "shop", Lang::en, 48), HasSubstr("CARE"));
  EXPECT_THAT(report_text(made, "shop", Lang::zh, 48), HasSubstr("注意"));
}

TEST_F(OwnersReportTest, AChangedEntryIsNoReport) {
  shop.sell(30);
  const struct {
    const char* what;
    std::function<void(LeafPage&)> forge;
    Code code;
  } cases[] = {
      {"a changed byte", [](LeafPage& page) { page.leaves[0].second[30] ^= 1; }, Code::bad_path},
      {"another number", [](LeafPage& page) { page.leaves[0].first -= 1; }, Code::bad_path},
      {"the same entry twice", [](LeafPage& page) { page.leaves.push_back(page.leaves[0]); },
       Code::wrong_entry},
      {"a page that has no end",
       [](LeafPage& page) {
         page.leaves.clear();
         page.next = 5;
       },
       Code::wrong_entry},
      {"no checkpoint", [](LeafPage& page) { page.checkpoint = "x"; }, Code::malformed},
      {"an entry that is not in the log yet", [](LeafPage& page) { page.leaves[0].first += 1; },
       Code::wrong_entry},
  };
  for (const auto& one : cases) {
    shop.line->forge_leaves = one.forge;
    const auto made = leaves(today(), today());
    ASSERT_FALSE(made) << one.what;
    EXPECT_EQ(made.error().code, one.code) << one.what;
  }
}

TEST_F(OwnersReportTest, AnotherHistoryIsNoReport) {
  shop.sell(30);
  shop.line->rewrite_history();
  EXPECT_EQ(leaves(today(), today()).error().code, Code::inconsistent);
}

TEST_F(OwnersReportTest, WithoutALineThereIsNone) {
  shop.line->lasting = Fault::cut;
  EXPECT_EQ(leaves(today(), today()).error().code, Code::unreachable);
}

TEST_F(OwnersReportTest, TextAndJsonSayTheSame) {
  shop.sell(30);
  give_back(5);
  const OwnersReport made = report(today(), today());
  const std::string text = report_text(made, "丽景粮油店", Lang::zh, 32);
  for (const char* part : {"丽景粮油店", "收款", "1 笔  +30", "退还", "1 笔  -5", "+25"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("撤销")));
  const auto json = boost::json::parse(report_json(made, "丽景粮油店")).as_object();
  EXPECT_EQ(json.at("all").at("sales").at("points").as_int64(), 30);
  EXPECT_EQ(json.at("all").at("balance").as_int64(), 25);
  EXPECT_EQ(json.at("from").as_string(), format_day(today()));
}

TEST(Period, InAPersonsWords) {
  const Day today = parse_day("2026-11-28").value();
  const struct {
    const char *text, *from, *to;
  } good[] = {{"", "2026-11-28", "2026-11-28"},
              {"2026-11-03", "2026-11-03", "2026-11-03"},
              {"2026-02", "2026-02-01", "2026-02-28"},
              {"2028-02", "2028-02-01", "2028-02-29"},
              {"2026-12", "2026-12-01", "2026-12-31"},
              {"2026-11-01..2026-11-28", "2026-11-01", "2026-11-28"}};
  for (const auto& one : good) {
    const auto period = parse_period(one.text, today);
    ASSERT_TRUE(period) << one.text;
    EXPECT_EQ(format_day(period->from), one.from) << one.text;
    EXPECT_EQ(format_day(period->to), one.to) << one.text;
  }
  for (const char* bad : {"x", "2026", "2026-13", "2026-11-31", "2026-11-02..2026-11-01", "2026-11..2026-12", ".."})
    EXPECT_EQ(parse_period(bad, today).error().code, Code::malformed) << bad;
}

}  // namespace
}  // namespace dfb::terminal
