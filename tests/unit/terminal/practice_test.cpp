// Learning the till: everything as in earnest, and nothing of it anywhere.
#include "terminal/practice/practice_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/base/random.h"
#include "ledger/book/card_number.h"
#include "ledger/book/codes.h"
#include "terminal/counter/counter.h"
#include "terminal/report/owners_report.h"
#include "tests/support/temp_folder.h"

namespace dfb::terminal {
namespace {

class Practice : public testing::Test {
 protected:
  Practice() {
    journal_.append(clock_.now_us(), What::open, open_text({setup_.origin, setup_.shop, setup_.till})).value();
  }
  std::string code(std::int64_t limit) {
    clock_.advance(5 * kSecondUs);
    return book::make_pay_code(anybody_, "another.town", book::AccountId{book::kFirstFreeAccount + 9},
                               book::Points{limit}, clock_.now_us())
        .text();
  }
  void pump(Counter::Wait wait) {
    for (int i = 0; i < 20 && wait.value(); ++i) {
      clock_.advance(*wait.value());
      wait = counter_.tick();
    }
  }
  Phase sell(std::int64_t points, const std::string& text, Basket goods = {}) {
    counter_.scan(text).value();
    if (counter_.sale().phase == Phase::ready) pump(counter_.amount({points}, 0, std::move(goods)));
    return counter_.sale().phase;
  }
  dfb::test::TempFolder folder_;
  ManualClock clock_{1'795'000'000 * kSecondUs};
  SeededRandom random_{5};
  const PrivateKey key_ = PrivateKey::generate(Algorithm::p256), anybody_ = PrivateKey::generate(Algorithm::p256);
  PracticeLine line_{terminal::Setup{"", "", "", "", {}, {}, "训练", "PRACTICE"}, key_.public_key(), clock_};
  const terminal::Setup setup_ = line_.setup();
  const log::Vkey vkey_ = log::parse_vkey(setup_.log_vkey).value();
  History history_;
  Journal journal_ =
      Journal::open(folder_.path("journal"), [this](const Record& record) { return history_.add(record); }).value();
  Counter counter_{{journal_, history_, line_, key_, setup_, vkey_, clock_, random_, Timing{},
                    [](Do, const Sale&) {}}};
};

TEST_F(Practice, SellsRefundsAndRefuses) {
  ASSERT_TRUE(counter_.greet());
  EXPECT_EQ(sell(30, code(200)), Phase::done);
  const Past sold = history_.past().front();
  pump(counter_.refund(sold.id, sold.account, {10}, ""));
  EXPECT_EQ(counter_.sale().phase, Phase::done);
  pump(counter_.refund(sold.id, sold.account, {21}, ""));
  EXPECT_EQ(counter_.sale().why.code, Code::refund_exceeds_sale);
  EXPECT_EQ(sell(20, "12345678"), Phase::done) << "eight typed digits";
  EXPECT_EQ(sell(30, "not a code"), Phase::refused);
}

TEST_F(Practice, HasGoodsWhoseStockRunsOut) {
  const auto left = [this](const std::string& id) {
    for (const ShopGood& good : line_.goods().value())
      if (good.id == id) return good.stock;
    return std::int64_t{-1};
  };
  ASSERT_GE(line_.goods()->size(), 3U);
  EXPECT_EQ(sell(10, code(50), {{"soap", 1, 5}, {"towel", 1, 5}}), Phase::refused);
  EXPECT_EQ(counter_.sale().why.code, Code::out_of_stock);
  EXPECT_EQ(left("soap"), 1) << "nothing of a sale that was refused";
  EXPECT_EQ(sell(5, code(50), {{"soap", 1, 5}}), Phase::done);
  EXPECT_EQ(left("soap"), 0);
  EXPECT_EQ(sell(5, code(50), {{"soap", 1, 5}}), Phase::refused);
  EXPECT_EQ(sell(450, code(50), {{"rice", 15, 30}}), Phase::done) << "the phone says yes";
  EXPECT_EQ(sell(60, code(50), {{"rice", 2, 30}}), Phase::refused) << "for want of points";
  EXPECT_EQ(left("rice"), 5);
}

TEST_F(Practice, AnyPickUpCodeIsAReservationOnce) {
  const std::string code = "https://bq.example/#pickup=019a5b3e-7c00-7abc-8def-00000000000f";
  counter_.scan(code).value();
  ASSERT_EQ(counter_.sale().phase, Phase::ready);
  const Sale waits = counter_.sale();
  EXPECT_EQ(waits.goods, (Basket{{"rice", 1, 30}}));
  counter_.drop().value();
  counter_.scan(code).value();
  pump(counter_.amount(waits.points, waits.cash_fen, waits.goods));
  EXPECT_EQ(counter_.sale().phase, Phase::done);
  const Past sold = history_.past().back();
  counter_.scan(code).value();
  EXPECT_EQ(counter_.sale().why.code, Code::hold_resolved);
  pump(counter_.refund(sold.id, sold.account, {30}, ""));
  EXPECT_EQ(counter_.sale().phase, Phase::done);
}

TEST_F(Practice, ACardWantsItsPinAndThePhoneSaysYes) {
  counter_.scan(book::card_digits(book::AccountId{book::kFirstFreeAccount + 3})).value();
  ASSERT_EQ(counter_.sale().phase, Phase::ready);
  pump(counter_.amount({5}, 0));
  ASSERT_EQ(counter_.sale().phase, Phase::pin);
  pump(counter_.pin("000000"));
  EXPECT_EQ(counter_.sale().phase, Phase::pin) << "a wrong one is asked for again";
  pump(counter_.pin("123456"));
  EXPECT_EQ(counter_.sale().phase, Phase::done);
  EXPECT_EQ(sell(120, code(200)), Phase::done) << "more than the code pays: the phone says yes";
  EXPECT_EQ(sell(400, code(200)), Phase::refused) << "more than there is";
  EXPECT_EQ(counter_.sale().why.code, Code::insufficient_points);
}

// Three hundred sales: the practice log's tiles fill up, and each sale is still proven.
TEST_F(Practice, ItsProofsHoldHoweverLongItIsUsed) {
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(sell(1, code(20)), Phase::done) << i;
    const Past last = history_.past().back();
    pump(counter_.refund(last.id, last.account, {1}, ""));
    ASSERT_EQ(counter_.sale().phase, Phase::done) << i;
  }
  const Day today = civil_day(clock_.now_us());
  const auto leaves = own_leaves(counter_, line_, day_start_us(today - 1), day_start_us(today + 1), [](std::size_t) {});
  ASSERT_TRUE(leaves);
  const auto report = owners_report(*leaves, history_, setup_.shop, today - 1, today);
  EXPECT_EQ(report.all.sales, (Tally{300, 300}));
  EXPECT_EQ(report.all.refunds, (Tally{300, 300}));
  EXPECT_TRUE(report.missing.empty());
}

}  // namespace
}  // namespace dfb::terminal
