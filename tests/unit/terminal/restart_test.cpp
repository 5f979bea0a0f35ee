// The till killed -9 after each record that it writes, in each kind of story: the next start settles what was
// open, the customer is charged exactly when the journal says so, and nothing is charged twice.
#include <gtest/gtest.h>

#include "terminal/flow.h"
#include "terminal/refundable.h"
#include "tests/support/stride.h"
#include "tests/unit/terminal/killed.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::killed_at;
using test::lines_of;
using test::Shop;

struct FaultStory {
  const char* name;
  std::vector<Fault> faults;  // after the presentation's
  Basket goods = {};
  bool reserved = false;  // before, and picked up now
};

class Restart : public testing::TestWithParam<FaultStory> {};

// What the ledger holds has to be what the journal's past adds up to.
void expect_agreement(Shop& shop, std::int64_t customer_before) {
  std::int64_t charged = 0;
  for (const Past& past : shop.history->past()) {
    EXPECT_TRUE(is_final(past.phase)) << name(past.phase);
    if (past.phase == Phase::done)
      charged += past.kind == Kind::sale ? past.points.value : -past.points.value;
  }
  EXPECT_EQ(shop.customer(), customer_before - charged);
  EXPECT_EQ(shop.till(), charged);
  EXPECT_TRUE(shop.history->unfinished().empty());
}

void settle(Shop& shop) {
  shop.open_town();  // with all that the killed till had sent it
  shop.open();
  for (Sale& sale : shop.history->unfinished()) EXPECT_TRUE(shop.pump(shop.counter->resume(std::move(sale))));
}

TEST_P(Restart, KilledAtEachRecordNothingIsLostOrDoubled) {
  int kills = 0;
  for (const TimeUs away_us : {2 * kSecondUs, 40 * kSecondUs, 3 * kHourUs})
    for (int lines = 2 + dfb::test::stride_start(GetParam().name);; lines += dfb::test::kStride) {
      Shop shop(true);
      shop.stock_up();
      const Uuid hold = GetParam().reserved ? shop.reserve(30, GetParam().goods, 250) : Uuid();
      const std::int64_t before = shop.customer();
      const bool killed = killed_at(shop, lines, [&] {
        shop.open();
        shop.line->faults = {Fault::none};
        for (const Fault fault : GetParam().faults) shop.line->faults.push_back(fault);
        if (GetParam().reserved)
          shop.pick_up(hold);
        else
          shop.sell(30, GetParam().goods);
      });
      shop.clock.advance(5 * kSecondUs + away_us);
      settle(shop);
      for (const Past& past : shop.history->past()) {
        EXPECT_EQ(past.goods, GetParam().goods);
        EXPECT_EQ(past.pickup, GetParam().reserved);
        EXPECT_EQ(past.cash_fen, GetParam().reserved ? 250 : 0);
        EXPECT_EQ(past.account, shop.town.resident.account);
      }
      SCOPED_TRACE("killed at " + std::to_string(lines) + " lines");
      expect_agreement(shop, before);
      // And the till is of use again.
      shop.sell(20);
      EXPECT_EQ(shop.counter->sale().phase, Phase::done);
      expect_agreement(shop, before);
      if (!killed) break;
      ++kills;
    }
  EXPECT_GE(kills, 9 / dfb::test::kStride);
}

std::vector<Fault> many(Fault fault, int count) {
  return std::vector<Fault>(static_cast<std::size_t>(count), fault);
}

INSTANTIATE_TEST_SUITE_P(All, Restart,
                         testing::Values(FaultStory{"plain", {}}, FaultStory{"answer_lost", {Fault::lose_answer}},
                                         FaultStory{"request_lost", {Fault::lose_request}},
                                         FaultStory{"nothing_answered", many(Fault::lose_answer, 20)},
                                         FaultStory{"nothing_arrives", many(Fault::lose_request, 20)},
                                         FaultStory{"goods", {Fault::busy}, {{"rice", 3, 10}}},
                                         FaultStory{"goods_lost", many(Fault::lose_answer, 20), {{"rice", 3, 10}}},
                                         FaultStory{"pickup", {}, {{"rice", 3, 10}}, true},
                                         FaultStory{"pickup_answer_lost", {Fault::lose_answer}, {{"rice", 3, 10}}, true},
                                         FaultStory{"pickup_request_lost", {Fault::lose_request}, {}, true},
                                         FaultStory{"pickup_nothing_answered", many(Fault::lose_answer, 20), {{"rice", 3, 10}}, true},
                                         FaultStory{"pickup_nothing_arrives", many(Fault::lose_request, 20), {}, true},
                                         FaultStory{"busy_then_lost",
                                               {Fault::busy, Fault::cut, Fault::lose_answer}}),
                         [](const auto& tested) { return tested.param.name; });

TEST(RestartRefund, KilledAtEachRecordItIsGivenBackOnce) {
  for (const Fault fault : {Fault::none, Fault::lose_answer, Fault::lose_request})
    for (int extra = 0;; extra += dfb::test::kStride) {
      Shop shop(true);
      shop.open();
      const std::int64_t before = shop.customer();
      shop.sell(30);
      const Past sold = *shop.history->by_id(shop.counter->sale().id);
      const int lines = lines_of(shop) + extra;
      shop.counter.reset();
      shop.journal.reset();
      const bool killed = killed_at(shop, lines, [&] {
        shop.open();
        shop.line->faults = {fault};
        shop.pump(shop.counter->refund(sold.id, sold.account, {10}, ""));
      });
      shop.clock.advance(kMinuteUs);
      settle(shop);
      SCOPED_TRACE("killed after " + std::to_string(extra) + " records");
      expect_agreement(shop, before);
      if (!killed) break;
    }
}

// Of the sale the journal has nothing but the refund's own command.
TEST(RestartRefund, OfAnotherTillsSaleItIsGivenBackOnceToo) {
  for (const Fault fault : {Fault::none, Fault::lose_answer, Fault::lose_request})
    for (int extra = 0;; extra += dfb::test::kStride) {
      Shop shop(true);
      const std::int64_t before = shop.customer(), seq = shop.sell_elsewhere(30);
      const int lines = lines_of(shop) + extra;
      const bool killed = killed_at(shop, lines, [&] {
        shop.open();
        const Past sold = find_refundable(*shop.counter, *shop.history, std::to_string(seq)).value();
        shop.line->faults = {fault};
        shop.pump(shop.counter->refund(sold.id, sold.account, {10}, ""));
      });
      shop.clock.advance(kMinuteUs);
      settle(shop);
      SCOPED_TRACE("killed after " + std::to_string(extra) + " records");
      EXPECT_TRUE(shop.history->unfinished().empty());
      const bool begun = !shop.history->past().empty();
      EXPECT_TRUE(begun || killed);
      if (begun) {
        const Past& back = shop.history->past().back();
        EXPECT_EQ(back.phase, Phase::done);
        EXPECT_EQ(back.points.value, 10);
        EXPECT_EQ(back.account, shop.town.resident.account);
      }
      EXPECT_EQ(shop.history->shift_totals().refunded, begun ? 10 : 0);
      EXPECT_EQ(shop.customer(), before - 30 + (begun ? 10 : 0));
      const Past again = find_refundable(*shop.counter, *shop.history, std::to_string(seq)).value();
      EXPECT_EQ(left_of(*shop.history, again).value, begun ? 20 : 30);
      if (!killed) break;
    }
}

}  // namespace
}  // namespace dfb::terminal
