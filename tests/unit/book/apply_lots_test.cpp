#include <gtest/gtest.h>

#include "ledger/book/lots.h"

namespace dfb::book {
namespace {

constexpr Day kToday = 20'000;

Lot lot(Day day, std::int64_t points, bool grace = false) { return {day, {points}, grace}; }

TEST(Lots, OneDayAndKindAreOneLot) {
  Lots lots;
  add_lot(lots, lot(30, 5));
  add_lot(lots, lot(10, 1));
  add_lot(lots, lot(30, 2));
  add_lot(lots, lot(30, 4, true));
  EXPECT_EQ(lots, (Lots{lot(10, 1), lot(30, 7), lot(30, 4, true)}));
}

TEST(Lots, GoodUntilTheEndOfTheirDay) {
  Lots lots{lot(kToday - 1, 10), lot(kToday, 20), lot(kToday + 1, 30)};
  EXPECT_EQ(spendable(lots, kToday), Points{50});
  EXPECT_EQ(eat(lots, {25}, kToday), (Lots{lot(kToday, 20), lot(kToday + 1, 5)}));
  EXPECT_EQ(lots, (Lots{lot(kToday - 1, 10), lot(kToday + 1, 25)}));
}

TEST(Lots, EatsNoMoreLotsThanItNeeds) {
  Lots lots{lot(kToday, 20), lot(kToday + 1, 30)};
  EXPECT_EQ(eat(lots, {20}, kToday), (Lots{lot(kToday, 20)}));
  EXPECT_EQ(lots, (Lots{lot(kToday + 1, 30)}));
}

TEST(Lots, PutsBackTheLastEatenFirst) {
  Lots ate{lot(kToday, 20), lot(kToday + 1, 5)};
  auto back = put_back(ate, {8}, kToday, 30);
  EXPECT_EQ(back.got, (Lots{lot(kToday + 1, 5), lot(kToday, 3)}));
  EXPECT_EQ(back.lapsed, Points{0});
  EXPECT_EQ(ate, (Lots{lot(kToday, 17)}));
}

TEST(Lots, APassedDayBecomesAGraceLot) {
  Lots ate{lot(kToday - 40, 4), lot(kToday - 1, 5), lot(kToday, 6)};
  auto back = put_back(ate, {15}, kToday, 30);
  EXPECT_EQ(back.got, (Lots{lot(kToday, 6), lot(kToday + 30, 9, true)}));
  EXPECT_TRUE(ate.empty());
}

TEST(Lots, NoSecondGrace) {
  Lots ate{lot(kToday - 1, 4, true), lot(kToday, 6, true)};
  auto back = put_back(ate, {9}, kToday, 30);
  EXPECT_EQ(back.got, (Lots{lot(kToday, 6, true)}));
  EXPECT_EQ(back.lapsed, Points{3});
  EXPECT_EQ(ate, (Lots{lot(kToday - 1, 1, true)}));
}

}  // namespace
}  // namespace dfb::book
