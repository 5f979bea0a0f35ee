// Selling without a line, and telling the town afterwards: at a whole till, with the book's real rules behind the
// line.
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

// The journal is all that is left: what was sold is sent, what was not shown is shown again, what was used up
// stays used.
TEST(TerminalOffline, ARestartForgetsNothing) {
  OfflineShop shop;
  shop.cut();
  const auto code = shop.offline(1, 30);
  EXPECT_EQ(shop.sell_offline(code), "kept");
  shop.open_till();
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{1, {30}}));
  EXPECT_TRUE(shop.history->unfinished().empty());
  EXPECT_EQ(shop.sell_offline(code), "counter_used");
  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
}

// As if the power went at each record of the sale and of its upload; the town has it once in the end.
TEST(TerminalOffline, APowerCutAtAnyRecordLosesAndDoublesNothing) {
  for (int records_left = 0; records_left < 6; ++records_left) {
    OfflineShop shop;
    const std::int64_t before = shop.till();
    shop.cut();
    shop.sell_offline(shop.offline(1, 30));
    shop.mend();
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.till(), before + 30);
    shop.counter.reset();
    shop.journal.reset();
    std::ifstream in(shop.journal_path());
    std::vector<std::string> lines;
    for (std::string one; std::getline(in, one);) lines.push_back(one);
    std::ofstream cut_off(shop.journal_path(), std::ios::trunc);
    for (std::size_t i = 0; i + static_cast<std::size_t>(records_left) < lines.size(); ++i)
      cut_off << lines[i] << "\n";
    cut_off.close();
    shop.open_till();
    const bool knows = shop.history->by_id(shop.line->last_of_till().value()) != nullptr;
    for (Sale& sale : shop.history->unfinished()) shop.counter->resume(std::move(sale)).value();
    const auto synced = shop.counter->sync(1);
    EXPECT_EQ(synced.has_value(), knows) << records_left;
    EXPECT_EQ(shop.counter->is_journal_behind(), !knows);
    EXPECT_EQ(shop.till(), before + 30) << records_left;
    EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  }
}

TEST(TerminalOffline, ALostAnswerIsAskedForAgain) {
  OfflineShop shop;
  const std::int64_t before = shop.till();
  shop.cut();
  shop.sell_offline(shop.offline(1, 10));
  shop.sell_offline(shop.offline(2, 10));
  shop.mend();
  shop.line->faults = {Fault::lose_answer};
  EXPECT_EQ(shop.counter->sync(1).error().code, Code::timed_out);
  EXPECT_EQ(shop.till(), before + 20) << "the town has them";
  EXPECT_EQ(shop.counter->unsynced().sales, 2) << "and the till does not know";
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  EXPECT_EQ(shop.till(), before + 20);
}

// A phone that spends its allowance at two shops: the second one is refused, named, and kept until it was read.
TEST(TerminalOffline, WhatTheTownRefusesIsNamedUntilItIsRead) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  shop.mend();
  shop.town.now_us = shop.clock.now_us();
  shop.line->take(shop.town.redeem_offline(shop.town.resident, shop.allowance, 1, 50, shop.town.other_shop));
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  const auto conflicts = shop.history->conflicts();
  ASSERT_EQ(conflicts.size(), 1u);
  EXPECT_EQ(conflicts.front().points.value, 30);
  EXPECT_EQ(conflicts.front().why, Code::allowance_spent);
  EXPECT_GE(conflicts.front().seq, 0) << "the entry by which the shop is covered";
  shop.open_till();
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  const Uuid id = shop.history->conflicts().front().id;
  shop.counter->acknowledge(id).value();
  EXPECT_TRUE(shop.history->conflicts().empty());
  EXPECT_EQ(shop.counter->acknowledge(id).error().code, Code::not_found);
  shop.open_till();
  EXPECT_TRUE(shop.history->conflicts().empty());
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

// What is forged on its way makes the till keep what it had.
TEST(TerminalOffline, NewsCountOnlyWithTheLogsProof) {
  const std::vector<std::pair<const char*, std::function<void(OfflineNews&)>>> forgeries{
      {"bad_path", [](OfflineNews& news) { news.allowances.front().proof.entry[40] ^= 1; }},
      {"wrong_entry",
       [](OfflineNews& news) {
         news.allowances.front().spki = PrivateKey::from_ticket("thief").public_key().spki();
       }},
      {"wrong_entry", [](OfflineNews& news) { news.allowances.front().proof = *news.policy; }},
      {"wrong_entry", [](OfflineNews& news) { news.policy = news.allowances.front().proof; }},
  };
  for (const auto& [code, forge] : forgeries) {
    OfflineShop shop;
    const Pins before = shop.counter->pins();
    shop.kept = {};
    shop.open_till();
    shop.line->forge_news = forge;
    const auto synced = shop.counter->sync(1);
    ASSERT_FALSE(synced.has_value());
    EXPECT_EQ(dfb::name(synced.error().code), code);
    EXPECT_EQ(shop.counter->pins(), Pins{});
    shop.line->forge_news = {};
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.counter->pins().allowances, before.allowances);
  }
}

TEST(TerminalOffline, PinsAreWrittenAndReadBack) {
  OfflineShop shop;
  EXPECT_EQ(parse_pins(format_pins(shop.kept)).value(), shop.kept);
  EXPECT_EQ(shop.kept.till_points.value, 2000);
  EXPECT_EQ(shop.kept.hours, 48);
  ASSERT_EQ(shop.kept.allowances.size(), 1u);
  EXPECT_EQ(parse_pins("{}").error().code, Code::malformed);
  EXPECT_EQ(parse_pins("").error().code, Code::malformed);
}

}  // namespace
}  // namespace dfb::terminal::test
