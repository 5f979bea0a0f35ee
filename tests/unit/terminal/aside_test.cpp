// The line is cut in the middle of a sale, and stays cut: the sale is given up and waits, and the next customers pay by
// offline codes. Each story ends with what the ledger holds.
#include <gtest/gtest.h>

#include "terminal/flow.h"
#include "terminal/offline_words.h"
#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

class Aside : public testing::TestWithParam<Fault> {
 protected:
  // 20 points are sent, that fault happens to it, and then there is no line.
  void send_into_a_cut_line(Fault fault) {
    flow->scan(shop.code()).value();
    flow->ask(Flow::Amount{{20}}).value();
    shop.line->faults = {fault};
    shop.cut();
    flow->answer(true).value();
  }
  bool wait_once() {
    if (!flow->wait_us()) return false;
    shop.clock.advance(*flow->wait_us());
    flow->tick().value();
    return true;
  }
  void give_up() {
    for (int tries = 0; tries < 100 && !flow->may_put_aside(); ++tries) ASSERT_TRUE(wait_once());
    ASSERT_TRUE(flow->may_put_aside());
  }
  std::string sell_offline(std::int64_t n, std::int64_t points) {
    if (flow->scan(shop.offline(n, points).text()).value() != Flow::Said::nothing) return "not taken";
    flow->answer(true).value();
    return std::string(name(shop.counter->sale().phase));
  }

  OfflineShop shop;
  std::unique_ptr<Flow> flow = std::make_unique<Flow>(*shop.counter);
};

// It moves nothing, and nobody has to wait until the town has said whether it has it.
TEST_P(Aside, AnXReportWithoutAnAnswerHoldsNobodyUp) {
  ASSERT_EQ(flow->ask(Flow::ReadShift{}).value(), Flow::Said::asked);
  shop.line->faults = {GetParam()};
  shop.cut();
  flow->answer(true).value();
  ASSERT_TRUE(flow->is_busy());
  ASSERT_TRUE(flow->may_put_aside());
  const Uuid report = shop.counter->sale().id;
  EXPECT_EQ(flow->scan(shop.code()).value(), Flow::Said::not_known_yet) << "codes of another kind wait";
  EXPECT_EQ(sell_offline(1, 10), "kept");
  ASSERT_TRUE(flow->has_aside());
  EXPECT_EQ(aside_words(Lang::en, *shop.history),
            "Not known yet whether an X report of before was entered; this till settles it when the line is back");
  EXPECT_EQ(flow->ask(Flow::ReadShift{}).value(), Flow::Said::not_known_yet);
  EXPECT_EQ(flow->ask(Flow::CloseShift{}).value(), Flow::Said::not_known_yet);

  shop.mend();
  shop.counter->sync(1).value();
  flow->take_up().value();
  while (wait_once()) continue;
  EXPECT_FALSE(flow->is_busy() || flow->has_aside());
  EXPECT_EQ(shop.history->by_id(report)->phase, Phase::done);
  EXPECT_EQ(shop.history->x_number(), 1);
  EXPECT_EQ(shop.history->shift_totals().count, 1);
  ASSERT_EQ(flow->ask(Flow::ReadShift{}).value(), Flow::Said::asked);
  flow->answer(true).value();
  EXPECT_EQ(shop.counter->sale().number, 2);
  EXPECT_EQ(shop.counter->sale().totals.total, 10);
}

TEST_P(Aside, OfflineCodesArePaidMeanwhileAndTheSaleIsUndone) {
  const std::int64_t before = shop.till();
  send_into_a_cut_line(GetParam());
  EXPECT_TRUE(flow->is_busy());
  EXPECT_EQ(sell_offline(1, 10), "not taken") << "its answer may still come";
  give_up();
  const Uuid first = shop.counter->sale().id;
  EXPECT_EQ(flow->scan(shop.code()).value(), Flow::Said::not_known_yet) << "codes of another kind wait";
  EXPECT_EQ(sell_offline(1, 10), "kept");
  ASSERT_TRUE(flow->has_aside());
  EXPECT_EQ(aside_words(Lang::en, *shop.history),
            "Not known yet: 1 sale of before (20 points): hand nothing over for it; this till settles it when the line is back");
  EXPECT_EQ(sell_offline(2, 5), "kept") << "and the next";
  EXPECT_EQ(flow->scan(shop.code()).value(), Flow::Said::not_known_yet);
  EXPECT_EQ(flow->ask(Flow::Refund{*shop.history->by_id(first), {1}}).value(), Flow::Said::not_known_yet);
  EXPECT_EQ(flow->ask(Flow::CloseShift{}).value(), Flow::Said::not_known_yet);

  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.till(), before + 15 + (GetParam() == Fault::lose_answer ? 20 : 0));
  flow->take_up().value();
  while (wait_once()) continue;
  EXPECT_FALSE(flow->is_busy() || flow->has_aside());
  EXPECT_EQ(shop.history->by_id(first)->phase, Phase::cancelled);
  EXPECT_EQ(shop.shown.back(), Do::show_cancelled);
  EXPECT_EQ(shop.till(), before + 15) << "each once, and the given up one not at all";
  shop.clock.advance(10 * kSecondUs);
  EXPECT_EQ(flow->scan(shop.code()).value(), Flow::Said::nothing);
  EXPECT_EQ(shop.counter->sale().phase, Phase::ready);
}

TEST_P(Aside, APowerCutMeanwhileLosesNothing) {
  const std::int64_t before = shop.till();
  send_into_a_cut_line(GetParam());
  give_up();
  const Uuid first = shop.counter->sale().id;
  EXPECT_EQ(sell_offline(1, 10), "kept");
  flow.reset();
  shop.open_till();
  flow = std::make_unique<Flow>(*shop.counter);
  flow->begin(shop.history->unfinished()).value();
  EXPECT_TRUE(flow->is_busy()) << "still without a line";
  EXPECT_EQ(sell_offline(2, 5), "kept") << "a start without a line is no hindrance either";
  shop.mend();
  shop.counter->sync(1).value();
  flow->take_up().value();
  while (wait_once()) continue;
  EXPECT_EQ(shop.history->by_id(first)->phase, Phase::cancelled);
  EXPECT_TRUE(shop.history->unfinished().empty());
  EXPECT_EQ(shop.till(), before + 15);
}

INSTANTIATE_TEST_SUITE_P(ALine, Aside, testing::Values(Fault::lose_request, Fault::lose_answer),
                         [](const auto& row) { return std::string(row.param == Fault::lose_request ? "request" : "answer"); });

using AsideNever = Aside;
TEST_F(AsideNever, ARefundIsNotGivenUp) {
  shop.sell(20);
  const Past sale = shop.history->past().back();
  flow->ask(Flow::Refund{sale, {5}}).value();
  shop.line->faults = {Fault::lose_answer};
  shop.cut();
  flow->answer(true).value();
  for (int tries = 0; tries < 100; ++tries) {
    ASSERT_TRUE(wait_once());
    ASSERT_FALSE(flow->may_put_aside());
  }
  EXPECT_EQ(sell_offline(1, 10), "not taken");
  shop.mend();
  while (wait_once()) continue;
  EXPECT_EQ(shop.counter->sale().phase, Phase::done);
}

TEST_F(AsideNever, NorASaleWhoseAnswerDoesNotStandTheCheck) {
  flow->scan(shop.code()).value();
  flow->ask(Flow::Amount{{20}}).value();
  shop.line->forge = [](Reply& reply) {
    if (reply.answer) reply.answer->receipt.resize(reply.answer->receipt.size() / 2);
  };
  flow->answer(true).value();
  for (int tries = 0; tries < 60; ++tries) {
    ASSERT_TRUE(wait_once());
    ASSERT_FALSE(flow->may_put_aside());
  }
  EXPECT_EQ(sell_offline(1, 10), "not taken");
}

}  // namespace
}  // namespace dfb::terminal::test
