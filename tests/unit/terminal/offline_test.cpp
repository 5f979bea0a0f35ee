// Selling without a line: at a whole till, with the book's real rules behind the line.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

TEST(TerminalOffline, SellsWithoutALineAndIsCountedWhenItIsBack) {
  OfflineShop shop;
  const std::int64_t before = shop.till();
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  EXPECT_EQ(shop.shown.back(), Do::show_kept);
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{1, {30}}));
  EXPECT_EQ(budget_left(shop.counter->pins(), shop.counter->unsynced()).value, 2000 - 30);
  EXPECT_EQ(shop.till(), before);
  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  EXPECT_EQ(shop.till(), before + 30);
  EXPECT_TRUE(shop.history->conflicts().empty());
  EXPECT_EQ(shop.history->past().back().phase, Phase::done);
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.till(), before + 30) << "nothing is sent twice";
}

TEST(TerminalOffline, WithALineAnOfflineCodeIsCountedAtOnce) {
  OfflineShop shop;
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "done");
  EXPECT_EQ(shop.shown.back(), Do::show_done);
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
}

TEST(TerminalOffline, EachRuleOfTheTillRefuses) {
  struct Row {
    const char* code;
    std::function<book::OfflineCode(OfflineShop&)> made;
  };
  const std::vector<Row> rows{
      {"sale_of_other_shop",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.shop = s.town.other_shop.account;
         return make_offline_code(s.town.resident.key, s.town.origin, code);
       }},
      {"account_frozen",
       [](OfflineShop& s) {
         s.mend();
         s.line->suspended = true;
         s.counter->sync(1).value();
         s.cut();
         return s.offline(1, 5);
       }},
      {"clock_behind",
       [](OfflineShop& s) {
         s.clock.advance(kHourUs);
         s.sell_offline(s.offline(1, 1));
         s.clock.advance(-30 * kMinuteUs);
         return s.offline(2, 5);
       }},
      {"unreachable",
       [](OfflineShop& s) {
         s.clock.advance(49 * kHourUs);
         return s.offline(1, 5);
       }},
      {"allowance_unknown",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.allowance.bytes[15] ^= 1;
         return make_offline_code(s.town.resident.key, s.town.origin, code);
       }},
      {"allowance_unknown",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.account = s.town.sibling.account;
         return make_offline_code(s.town.resident.key, s.town.origin, code);
       }},
      {"offline_right_lost",
       [](OfflineShop& s) {
         s.mend();
         s.line->stopped = {s.allowance};
         s.counter->sync(1).value();
         s.cut();
         return s.offline(1, 5);
       }},
      {"allowance_unknown",  // run out and forgotten, though the till may sell by others
       [](OfflineShop& s) {
         s.clock.advance(20 * kHourUs);
         s.mend();
         s.counter->sync(1).value();
         s.clock.advance(5 * kHourUs);
         s.counter->sync(1).value();
         s.cut();
         return s.offline(1, 5);
       }},
      {"hold_expired",
       [](OfflineShop& s) {
         s.clock.advance(24 * kHourUs);
         return s.offline(1, 5);
       }},
      {"code_stale",
       [](OfflineShop& s) {
         const auto code = s.offline(1, 5);
         s.clock.advance(kOfflineDriftUs + 6 * kSecondUs);
         return code;
       }},
      {"code_stale",
       [](OfflineShop& s) {
         s.clock.advance(kOfflineDriftUs + 6 * kSecondUs);
         const auto code = s.offline(1, 5);
         s.clock.advance(-(kOfflineDriftUs + 6 * kSecondUs));
         return code;
       }},
      {"bad_signature",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.points = {6};
         return code;
       }},
      {"counter_used",
       [](OfflineShop& s) {
         s.sell_offline(s.offline(1, 5));
         return s.offline(1, 6);
       }},
      {"allowance_spent",
       [](OfflineShop& s) {
         s.sell_offline(s.offline(1, 30));
         return s.offline(2, 21);
       }},
      {"budget_exhausted",
       [](OfflineShop& s) {
         Pins small = s.kept;
         small.till_points = {40};
         s.kept = small;
         s.open_till();
         s.sell_offline(s.offline(1, 30));
         return s.offline(2, 11);
       }},
  };
  for (const Row& row : rows) {
    OfflineShop shop;
    shop.cut();
    const auto code = row.made(shop);
    const auto before = shop.counter->unsynced();
    EXPECT_EQ(shop.sell_offline(code), row.code);
    EXPECT_EQ(shop.counter->unsynced(), before) << row.code;
  }
}

TEST(TerminalOffline, TheLastOfEachLimitIsStillGood) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 20)), "kept");
  EXPECT_EQ(shop.sell_offline(shop.offline(7, 30)), "kept") << "all of the allowance, counters with a gap";
  OfflineShop other;
  other.cut();
  other.clock.advance(24 * kHourUs - book::kPayStepUs);
  EXPECT_EQ(other.sell_offline(other.offline(1, 1)), "kept");
}

TEST(TerminalOffline, AJournalFromAnOldDiskImageSellsNothing) {
  OfflineShop shop;
  std::ifstream in(shop.journal_path());
  const std::string image((std::istreambuf_iterator<char>(in)), {});
  shop.sell(10);
  ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  shop.counter->sync(1).value();
  EXPECT_FALSE(shop.counter->is_journal_behind());
  shop.counter.reset();
  shop.journal.reset();
  std::ofstream(shop.journal_path(), std::ios::trunc) << image;
  shop.open_till();
  shop.sell(10);
  EXPECT_EQ(shop.counter->sale().phase, Phase::refused);
  EXPECT_EQ(shop.counter->sale().why.code, Code::corrupt);
  EXPECT_TRUE(shop.counter->is_journal_behind());
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 5)), "corrupt");
  EXPECT_EQ(shop.counter->sync(1).error().code, Code::corrupt);
}

// The town has turned the till away, or convicted the phone without room for an entry, between the scan and the yes:
// nothing was handed over yet.
TEST(TerminalOffline, WithALineARefusalIsNoCutLine) {
  for (const Code code : {Code::key_revoked, Code::forbidden, Code::account_closed, Code::allowance_spent}) {
    OfflineShop shop;
    shop.counter->scan(shop.offline(1, 10).text()).value();
    ASSERT_EQ(shop.counter->sale().phase, Phase::ready);
    shop.line->forge = [code](Reply& reply) { reply = {{}, Error{code, ""}}; };
    shop.counter->amount({10}, 0).value();
    EXPECT_EQ(shop.counter->sale().phase, Phase::refused) << dfb::name(code);
    EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
    EXPECT_TRUE(shop.history->conflicts().empty()) << "nobody was told that it is sold";
  }
}

// Eight hours ahead, as a machine is that keeps local time for UTC, and then set right as the till had asked.
TEST(TerminalOffline, AClockThatWasSetRightStopsNothing) {
  OfflineShop shop;
  shop.line->clock_ahead_us = -8 * kHourUs;
  shop.counter->sync(1).value();
  shop.sell_offline(shop.offline(1, 5));
  shop.clock.advance(-8 * kHourUs);
  shop.line->clock_ahead_us = 0;
  shop.counter->sync(1).value();
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 10)), "kept");
}

// Where no record of the journal stands behind it, the moment of the last answer does.
TEST(TerminalOffline, AClockBehindTheLastAnswerIsNoticed) {
  OfflineShop shop;
  shop.clock.advance(9 * kHourUs);
  shop.counter->sync(1).value();
  shop.cut();
  shop.clock.advance(-9 * kHourUs + kMinuteUs);
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 10)), "clock_behind");
  shop.open_till();
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 10)), "clock_behind");
}

}  // namespace
}  // namespace dfb::terminal::test
