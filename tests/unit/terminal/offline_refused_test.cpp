// What the town refuses of what was sold without a line: named with its customer until somebody has read it, and no more
// than the sale itself.
#include <gtest/gtest.h>

#include "terminal/offline_words.h"
#include "terminal/screen.h"
#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

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

TEST(TerminalOffline, ARefusalThatTheLedgerHadNoRoomForIsAskedForAgain) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  shop.mend();
  for (const Code code : {Code::allowance_spent, Code::key_revoked, Code::key_outside_dates, Code::hold_expired,
                          Code::clock_behind, Code::clock_unconfirmed, Code::busy, Code::rate_limited}) {
    shop.line->forge = [code](Reply& reply) { reply = {{}, Error{code, ""}}; };
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.counter->unsynced().sales, 1) << dfb::name(code);
  }
  shop.line->forge = [](Reply& reply) { reply = {{}, Error{Code::hold_resolved, ""}}; };
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced().sales, 0);
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  EXPECT_EQ(shop.history->conflicts().front().why, Code::hold_resolved);
}

// The name stands in no journal; it is known for as long as somebody may have to read it.
TEST(TerminalOffline, ARefusedSaleNamesTheCustomerAsTheTillDid) {
  OfflineShop shop;
  shop.town.now_us = shop.clock.now_us();
  shop.line->take(shop.town.redeem_offline(shop.town.resident, shop.allowance, 1, 50, shop.town.other_shop));
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  EXPECT_EQ(shop.last_shown.customer.name, "王*");
  EXPECT_NE(message(Lang::zh, Do::show_customer, shop.last_shown).find("王*"), std::string::npos);
  EXPECT_NE(message(Lang::en, Do::show_kept, shop.last_shown).find("30 points from 王*"), std::string::npos);
  shop.clock.advance(25 * kHourUs);
  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_TRUE(shop.counter->pins().allowances.empty()) << "run out";
  shop.open_till();
  shop.counter->sync(1).value();
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  const Past refused = shop.history->conflicts().front();
  const std::string name = shop.counter->pins().name_of(refused.account);
  EXPECT_EQ(name, "王*");
  EXPECT_NE(conflict_line(Lang::en, refused, name).find(", 王*, account …"), std::string::npos);
  EXPECT_NE(conflict_line(Lang::zh, refused, name).find("，王*，账号 …"), std::string::npos);
  EXPECT_EQ(conflict_line(Lang::en, refused, "").find("*"), std::string::npos);
  EXPECT_EQ(shop.folder.read("journal").find("王"), std::string::npos);
  shop.counter->acknowledge(refused.id).value();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->pins().name_of(refused.account), "") << "nobody has to read it any more";
}

}  // namespace
}  // namespace dfb::terminal::test
