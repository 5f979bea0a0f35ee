// Sales by name: what the till knows of the shop's goods, what it signs, sends and remembers of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::HasSubstr;

class GoodsAtTheTill : public testing::Test {
 protected:
  void SetUp() override {
    shop.stock_up();
    shop.open();
  }
  book::Transfer signed_sale() const {
    const auto payload = book::parse_payload(shop.counter->sale().command.payload).value();
    return std::get<book::Transfer>(payload.body);
  }
  Shop shop;
};

const Basket kTwoRice{{"rice", 2, 10}};

TEST_F(GoodsAtTheTill, TheSaleIsSignedForTheirDigestAndTakesThemFromTheStock) {
  shop.sell(25, {{"rice", 2, 10}, {"soap", 1, 5}});
  ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_EQ(signed_sale().goods, book::goods_digest({{"rice", 2}, {"soap", 1}}));
  EXPECT_THAT(shop.line->bodies.at(0), HasSubstr(R"("goods":[{"good":"rice","count":2},{"good":"soap","count":1}])"));
  EXPECT_EQ(shop.line->left("rice"), 6);
  EXPECT_EQ(shop.line->left("soap"), 0);
  shop.sell(5);
  EXPECT_EQ(signed_sale().goods, book::goods_digest({}));
  EXPECT_THAT(shop.line->bodies.at(1), testing::Not(HasSubstr("goods\":["))) << "points typed name none";
}

TEST_F(GoodsAtTheTill, WhatIsSentAgainIsTheSame) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  shop.line->faults = {Fault::busy, Fault::cut};
  shop.pump(shop.counter->amount({20}, 0, kTwoRice));
  ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  ASSERT_EQ(shop.line->bodies.size(), 3U);
  EXPECT_EQ(shop.line->bodies[0], shop.line->bodies[2]);
  EXPECT_THAT(shop.line->bodies[2], HasSubstr(R"("good":"rice")"));
  EXPECT_EQ(shop.line->left("rice"), 6) << "taken once";
}

TEST_F(GoodsAtTheTill, ALostAnswerIsUndoneAndTheGoodsComeBack) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  shop.line->faults.assign(20, Fault::lose_answer);
  shop.pump(shop.counter->amount({20}, 0, kTwoRice));
  EXPECT_EQ(shop.counter->sale().phase, Phase::cancelled);
  EXPECT_EQ(shop.line->left("rice"), 8);
  EXPECT_THAT(shop.line->bodies.back(), testing::Not(HasSubstr("goods\":["))) << "a cancel names none";
}

TEST_F(GoodsAtTheTill, ThePhoneIsShownThem) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code(10)).value();
  shop.pump(shop.counter->amount({20}, 0, kTwoRice));
  ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_THAT(shop.line->offered, HasSubstr(R"("lines":[{"good":"rice","count":2}])"));
  EXPECT_EQ(shop.line->left("rice"), 6);
}

TEST_F(GoodsAtTheTill, TooFewLeftIsRefusedChargesNobodyAndIsLookedUpAtOnce) {
  ASSERT_TRUE(shop.shelf->look());
  shop.line->stock = {{"rice", "大米", "Rice", 10, 1}};  // another till sold the others
  shop.sell(20, kTwoRice);
  EXPECT_EQ(shop.counter->sale().phase, Phase::refused);
  EXPECT_EQ(shop.counter->sale().why.code, Code::out_of_stock);
  EXPECT_EQ(shop.counter->sale().seq, -1) << "no entry says so: nothing happened";
  EXPECT_EQ(shop.till(), 0);
  EXPECT_EQ(shop.shelf->find("rice")->stock, 1);
  EXPECT_EQ(shop.shelf->find("soap"), nullptr);
  for (const Lang lang : {Lang::zh, Lang::en})
    EXPECT_THAT(words(lang, shop.counter->sale().why), HasSubstr(pick(lang, "少拿或换别的", "take less")));
}

TEST_F(GoodsAtTheTill, AnOfflineCodeBuysNone) {
  Sale sale;
  sale.phase = Phase::ready;
  sale.customer.offline = true;
  sale.customer.spend_max = {20};
  const Step named = step(sale, AmountGiven{{20}, 0, kTwoRice}, 0, shop.timing);
  EXPECT_EQ(named.sale.phase, Phase::ready);
  EXPECT_TRUE(named.actions.empty());
  EXPECT_EQ(step(sale, AmountGiven{{20}, 0}, 0, shop.timing).sale.phase, Phase::signing);
}

TEST_F(GoodsAtTheTill, TheShelfIsAsOldAsItSays) {
  EXPECT_EQ(shop.shelf->asked_us(), 0);
  ASSERT_TRUE(shop.shelf->look());
  EXPECT_EQ(shop.shelf->asked_us(), shop.clock.now_us());
  EXPECT_EQ(shop.shelf->goods().front().id, "soap") << "the town's order, as nothing was sold yet";
  shop.clock.advance(kShelfAgeUs - 6 * kSecondUs);
  shop.sell(20, kTwoRice);
  EXPECT_EQ(shop.line->goods_asked, 1) << "not old enough when the customer was read";
  EXPECT_EQ(shop.shelf->find("rice")->stock, 6) << "what was sold here is known at once";
  shop.clock.advance(10 * kSecondUs);
  shop.line->stock[1].stock = 3;
  shop.counter->scan(shop.code()).value();
  EXPECT_EQ(shop.line->goods_asked, 2);
  EXPECT_EQ(shop.shelf->find("rice")->stock, 3);
  shop.line->lasting = Fault::cut;
  shop.clock.advance(kHourUs);
  shop.shelf->look_when_due();
  EXPECT_EQ(shop.shelf->find("rice")->stock, 3) << "what was known stays";
  EXPECT_EQ(shop.shelf->asked_us(), shop.clock.now_us() - kHourUs);
}

TEST_F(GoodsAtTheTill, WhatThisTillSellsMostComesFirstAfterAStart) {
  shop.sell(20, kTwoRice);
  shop.open();
  ASSERT_TRUE(shop.shelf->look());
  EXPECT_EQ(shop.shelf->goods().front().id, "rice");
}

TEST_F(GoodsAtTheTill, PricesAndNames) {
  EXPECT_EQ(shop.shelf->name("rice", Lang::en), "rice") << "before the town has said so";
  ASSERT_TRUE(shop.shelf->look());
  EXPECT_EQ(shop.shelf->priced({{"rice", 2}, {"soap", 1}}).value(), (Basket{{"rice", 2, 10}, {"soap", 1, 5}}));
  EXPECT_EQ(sum_of(shop.shelf->priced({{"rice", 2}, {"soap", 1}}).value()), 25);
  EXPECT_EQ(shop.shelf->priced({{"tea", 1}}).error().code, Code::not_found);
  EXPECT_EQ(shop.shelf->priced({}).error().code, Code::malformed);
  EXPECT_EQ(shop.shelf->priced({{"rice", 1001}}).error().code, Code::malformed);
  EXPECT_EQ(shop.shelf->text(kTwoRice, Lang::zh), "2 × 大米");
  EXPECT_EQ(shop.shelf->text({{"rice", 2, 10}, {"soap", 1, 5}}, Lang::en), "2 × Rice; 1 × Soap");
  shop.line->stock.clear();
  ASSERT_TRUE(shop.shelf->look());
  EXPECT_EQ(shop.shelf->name("rice", Lang::zh), "大米") << "an earlier sale still has its name";
}

}  // namespace
}  // namespace dfb::terminal
