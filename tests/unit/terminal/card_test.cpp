// Sales by card and PIN, sales that the customer confirms on the phone, and codes that are typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "ledger/book/card_number.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::ElementsAre;

constexpr std::int64_t kHas = 100;  // the customer's points

class AtTheCounter : public testing::Test {
 protected:
  void SetUp() override {
    shop.open();
    shop.line->take(shop.town.issue(shop.town.resident, shop.line->card));
    shop.clock.advance(24 * kHourUs);
    shop.town.now_us = shop.clock.now_us();
  }
  const Sale& sale() const { return shop.counter->sale(); }
  void show_card(std::int64_t points) {
    shop.counter->scan(book::card_text(shop.line->card)).value();
    ASSERT_EQ(sale().phase, Phase::ready);
    shop.counter->amount({points}, 0).value();
  }
  Shop shop;
};

TEST_F(AtTheCounter, ACardPaysWithItsPin) {
  show_card(30);
  ASSERT_EQ(sale().phase, Phase::pin);
  shop.pump(shop.counter->pin("271828"));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.customer(), kHas - 30);
  EXPECT_EQ(shop.till(), 30);
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_pin, Do::show_done));
}

// A PIN is on no disk, not even a wrong one.
TEST_F(AtTheCounter, AWrongPinIsAskedForAgainAndNoneIsKept) {
  show_card(30);
  shop.counter->pin("314159").value();
  ASSERT_EQ(sale().phase, Phase::pin);
  EXPECT_EQ(sale().why.code, Code::pin_wrong);
  shop.pump(shop.counter->pin("271828"));
  EXPECT_EQ(sale().phase, Phase::done);
  std::ifstream file(shop.journal_path());
  const std::string journal{std::istreambuf_iterator<char>(file), {}};
  for (const char* pin : {"314159", "271828"}) {
    EXPECT_EQ(journal.find(pin), journal.npos);
    for (const auto& body : shop.line->bodies) EXPECT_EQ(body.find(pin), body.npos);
  }
}

TEST_F(AtTheCounter, APinThatDoesNotGetThroughIsAskedForAgain) {
  show_card(30);
  shop.line->faults = {Fault::lose_answer};
  shop.counter->pin("271828").value();
  EXPECT_EQ(sale().phase, Phase::pin);
  shop.line->faults = {Fault::cut};
  shop.counter->pin("271828").value();
  EXPECT_EQ(sale().phase, Phase::pin);
  shop.pump(shop.counter->pin("271828"));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(AtTheCounter, TheCustomerLeavesWithoutAPin) {
  show_card(30);
  shop.counter->drop().value();
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(shop.line->posts, 0);
  EXPECT_EQ(shop.line->attested, 0);
}

TEST_F(AtTheCounter, ALostAnswerToACardSaleIsUndone) {
  show_card(30);
  shop.line->faults = {Fault::none};  // the PIN
  for (int i = 0; i < 20; ++i) shop.line->faults.push_back(Fault::lose_answer);
  shop.pump(shop.counter->pin("271828"));
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(shop.customer(), kHas);
  EXPECT_EQ(shop.till(), 0);
}

TEST_F(AtTheCounter, ACardThatNobodyKnowsAndOneMistyped) {
  shop.counter->scan(book::card_digits({book::kFirstFreeAccount + 5})).value();
  EXPECT_EQ(sale().why.code, Code::key_not_enrolled);
  std::string mistyped = book::card_digits(shop.line->card);
  mistyped.back() = mistyped.back() == '0' ? '1' : '0';
  shop.counter->scan(mistyped).value();
  EXPECT_EQ(sale().why.code, Code::malformed);
}

// The phone's code pays 20; for 30 the customer is asked.
TEST_F(AtTheCounter, MoreThanTheCodePaysIsConfirmedOnThePhone) {
  shop.counter->scan(shop.code(20)).value();
  const bool settled = shop.pump(shop.counter->amount({30}, 0));
  EXPECT_TRUE(settled);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.customer(), kHas - 30);
  EXPECT_EQ(shop.line->offers, 1);
  EXPECT_EQ(shop.line->words, 2);
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_confirming, Do::show_done));
}

TEST_F(AtTheCounter, TheCustomerSaysNoOnThePhone) {
  shop.line->says = CustomersWord::Said::no;
  shop.counter->scan(shop.code(20)).value();
  shop.pump(shop.counter->amount({30}, 0));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::quote_declined);
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(AtTheCounter, WithoutAWordTheSaleEndsByItself) {
  shop.line->says = CustomersWord::Said::nothing;
  shop.counter->scan(shop.code(20)).value();
  EXPECT_TRUE(shop.pump(shop.counter->amount({30}, 0), 1000));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::quote_expired);
  EXPECT_EQ(shop.customer(), kHas);
}

TEST_F(AtTheCounter, ALineThatFailsWhileTheCustomerThinksIsWaitedFor) {
  shop.counter->scan(shop.code(20)).value();
  auto wait = shop.counter->amount({30}, 0);
  shop.line->faults = {Fault::lose_answer, Fault::cut, Fault::busy};
  EXPECT_TRUE(shop.pump(wait));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(AtTheCounter, TypedDigitsStandForACode) {
  shop.line->handle_code = shop.code(40);
  shop.counter->scan(shop.line->handle).value();
  ASSERT_EQ(sale().phase, Phase::ready);
  shop.pump(shop.counter->amount({30}, 0));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.till(), 30);
}

}  // namespace
}  // namespace dfb::terminal
