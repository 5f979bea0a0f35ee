// The owner's report on the page: the figures of the text report, row by row, and what stands there without one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/book/types.h"
#include "terminal/kiosk/owners_page.h"
#include "terminal/kiosk/touch.h"
#include "terminal/text.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal::kiosk {
namespace {

using test::Fault;
using testing::HasSubstr;

class OwnersPageTest : public testing::Test {
 protected:
  void SetUp() override {
    shop.open();
    page.emplace(OwnersPage::Parts{*shop.counter, *shop.history, *shop.line, shop.clock, shop.setup.shop});
    page->open(false);
  }
  Day today() const { return civil_day(shop.clock.now_us()); }
  // The page after all of it is read, and how many steps that took.
  OwnerView read(Day from, Day to) {
    page->begin({from, to});
    for (steps = 0; page->is_reading(); ++steps) EXPECT_TRUE(page->step());
    return page->view();
  }
  std::string text_report(Day from, Day to, Lang lang) {
    const auto leaves = own_leaves(*shop.counter, *shop.line, day_start_us(from), day_start_us(to + 1), [](std::size_t) {});
    return report_text(owners_report(leaves.value(), *shop.history, shop.setup.shop, from, to), "shop", lang, 48);
  }
  test::Shop shop;
  std::optional<OwnersPage> page;
  int steps = 0;
};

// Every row of the page is a line of the text, and the text has no other line of figures.
TEST_F(OwnersPageTest, ThePageAndTheTextSayTheSame) {
  const Day first = today();
  shop.sell(30);
  shop.sell(12);
  const Past& sold = shop.history->past().front();
  ASSERT_TRUE(shop.pump(shop.counter->refund(sold.id, sold.account, {5}, "")));
  shop.sell(500);
  shop.clock.advance(kDayUs);
  shop.sell(8);
  const OwnerView view = read(first, first + 1);
  ASSERT_TRUE(view.ready);
  for (const Lang lang : {Lang::zh, Lang::en}) {
    const std::string text = text_report(first, first + 1, lang);
    std::ptrdiff_t figures = 0;  // lines
    const auto compare = [&](const std::vector<ReportRow>& rows) {
      for (const ReportRow& row : rows) {
        const std::string line = two_ends(pick(lang, row.zh, row.en), pick(lang, row.value_zh, row.value_en), 48);
        EXPECT_THAT(text, HasSubstr(line));
        figures += std::count(line.begin(), line.end(), '\n');
      }
    };
    compare(view.all);
    for (const OwnerDayView& day : view.days) {
      compare(day.rows);
      EXPECT_THAT(text, HasSubstr(day.day + "\n"));
    }
    compare(view.closing);
    // Beside the rows: the head's three lines, a line and a blank for each of the days, "all days", and a rule.
    const std::ptrdiff_t frame = 3 + 2 * static_cast<std::ptrdiff_t>(view.days.size()) + 1 + 1;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), figures + frame) << text;
  }
  EXPECT_EQ(view.days.size(), 2U);
  EXPECT_EQ(view.days[0].net, 37);
  EXPECT_EQ(view.days[1].net, 8);
  EXPECT_EQ(view.closing[0].value_en, "+45");
  EXPECT_GT(steps, 1) << "a page at a time";
}

TEST_F(OwnersPageTest, WhatCannotBeReportedSaysWhatToDo) {
  shop.sell(30);
  shop.line->lasting = Fault::cut;
  OwnerView view = read(today(), today());
  EXPECT_FALSE(view.ready);
  EXPECT_THAT(view.why_en, HasSubstr("Check the network"));
  EXPECT_THAT(view.why_zh, HasSubstr("请检查网络"));
  shop.line->lasting = Fault::none;
  shop.line->forge_leaves = [](LeafPage& leaves) { leaves.leaves[0].second[30] ^= 1; };
  view = read(today(), today());
  EXPECT_FALSE(view.ready);
  EXPECT_TRUE(view.all.empty());
  EXPECT_THAT(view.why_en, HasSubstr("does not stand this till's check"));
  EXPECT_THAT(view.why_zh, HasSubstr("bad_path"));
  shop.line->forge_leaves = {};
  view = read(today(), today());
  EXPECT_TRUE(view.ready) << "the next look succeeds";
  EXPECT_TRUE(view.why_en.empty());
}

TEST_F(OwnersPageTest, ASaleThatTheTownLeavesOutIsNamed) {
  shop.sell(30);
  shop.sell(12);
  const std::int64_t hidden = shop.history->past().front().seq;
  shop.line->forge_leaves = [&](LeafPage& leaves) {
    std::erase_if(leaves.leaves, [&](const auto& one) { return one.first == hidden; });
  };
  const OwnerView view = read(today(), today());
  ASSERT_EQ(view.missing.size(), 1U);
  EXPECT_EQ(view.missing[0].en, "#" + std::to_string(hidden));
  EXPECT_THAT(view.missing_en, HasSubstr("CARE"));
}

TEST_F(OwnersPageTest, NothingIsSeenBeforeTheManagersWord) {
  shop.sell(30);
  read(today(), today());
  page->open(true);
  OwnerView view = page->view();
  EXPECT_TRUE(view.asks_manager);
  EXPECT_FALSE(view.ready);
  EXPECT_TRUE(view.choices.empty());
  page->allow();
  view = page->view();
  EXPECT_FALSE(view.asks_manager || view.ready) << "the figures of the last look are forgotten";
}

TEST_F(OwnersPageTest, ThePeriodsThatATouchChooses) {
  const struct {
    const char *today, *yesterday, *month, *last_month;
  } cases[] = {{"2026-12-31", "2026-12-30", "2026-12", "2026-11"},
               {"2027-01-01", "2026-12-31", "2027-01", "2026-12"},
               {"2028-03-01", "2028-02-29", "2028-03", "2028-02"}};
  for (const auto& one : cases) {
    shop.clock.set(day_start_us(parse_day(one.today).value()) + kHourUs);
    const auto choices = page->view().choices;
    ASSERT_EQ(choices.size(), 4U);
    EXPECT_EQ(choices[0].period, one.today);
    EXPECT_EQ(choices[1].period, one.yesterday);
    EXPECT_EQ(choices[2].period, one.month);
    EXPECT_EQ(choices[3].period, one.last_month);
    for (const ChoiceView& choice : choices) EXPECT_TRUE(parse_period(choice.period, 0)) << choice.name;
  }
}

TEST(OwnersTouch, APeriodAndAManager) {
  const struct {
    const char* body;
    bool taken;
  } cases[] = {{R"({"touch":"owner"})", true},
               {R"({"touch":"owner_read","text":"2026-11-28"})", true},
               {R"({"touch":"owner_read","text":"2026-11"})", true},
               {R"({"touch":"owner_read","text":"2026-11-01..2026-11-28"})", true},
               {R"({"touch":"owner_read","text":"2026-11-28..2026-11-01"})", false},
               {R"({"touch":"owner_read","text":""})", false},
               {R"({"touch":"owner_read"})", false},
               {R"({"touch":"owner_read","text":"yesterday"})", false},
               {R"({"touch":"owner_open","manager":"s-02","text":"406271"})", true},
               {R"({"touch":"owner_open","manager":"s-02"})", false},
               {R"({"touch":"owner_open","text":"406271"})", false},
               {R"({"touch":"owner_open","manager":"S 02","text":"406271"})", false},
               {R"({"touch":"owner_open","manager":"s-02","text":"12345678901234567"})", false}};
  for (const auto& one : cases) EXPECT_EQ(parse_touch(one.body).has_value(), one.taken) << one.body;
}

}  // namespace
}  // namespace dfb::terminal::kiosk
