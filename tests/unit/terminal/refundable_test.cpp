// Receipts that this till's journal does not have: asked of the town, proven, given back; and why one is not.
#include "terminal/refundable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "terminal/flow.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::HasSubstr;

class Refundable : public testing::Test {
 protected:
  void SetUp() override {
    shop.open();
    shop.stock_up();
  }
  Result<Past> find(std::int64_t seq) { return find_refundable(*shop.counter, *shop.history, std::to_string(seq)); }
  std::int64_t left(std::int64_t seq) { return left_of(*shop.history, find(seq).value()).value; }
  // What a cashier's yes brings.
  const Sale& give_back(const Past& sale, std::int64_t points) {
    Flow flow(*shop.counter);
    EXPECT_EQ(flow.ask(Flow::Refund{sale, {points}, "goods damaged"}).value(), Flow::Said::asked);
    EXPECT_TRUE(flow.answer(true));
    return shop.counter->sale();
  }
  Shop shop;
};

TEST_F(Refundable, AnotherTillsSaleIsOfferedWithAllThatIsKnownOfIt) {
  const Basket goods{{"soap", 1, 0}, {"rice", 2, 0}};  // in the order in which they were rung up
  const std::int64_t seq = shop.sell_elsewhere(25, goods, 250);
  shop.sell(10);
  int asked = 0;
  const Past sale =
      find_refundable(*shop.counter, *shop.history, ReceiptCode{seq, shop.setup.shop}, [&] { ++asked; }).value();
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(sale.kind, Kind::sale);
  EXPECT_EQ(sale.phase, Phase::done);
  EXPECT_EQ(sale.seq, seq);
  EXPECT_EQ(sale.points.value, 25);
  EXPECT_EQ(sale.cash_fen, 250);
  EXPECT_EQ(sale.account, shop.town.resident.account);
  EXPECT_EQ(sale.goods, goods);
  EXPECT_EQ(sale.at_us, sale.entry_us);
  EXPECT_LE(sale.at_us, shop.clock.now_us());
  EXPECT_EQ(sale.log_size, shop.line->size());
  EXPECT_EQ(can_void(*shop.history, sale), CanVoid::earlier_shift) << "a void is the other till's";
  EXPECT_EQ(shop.history->seen().size, shop.line->size()) << "under a checkpoint that continues what was seen";

  asked = 0;
  find_refundable(*shop.counter, *shop.history, std::to_string(shop.counter->sale().seq), [&] { ++asked; }).value();
  EXPECT_EQ(asked, 0) << "the journal has its own";
}

TEST_F(Refundable, WhatAnyTillGaveBackIsCountedAndTheShiftIsThisTills) {
  const std::int64_t seq = shop.sell_elsewhere(30), before = shop.customer();
  const Past sale = find(seq).value();
  shop.refund_elsewhere(sale.id, 12);
  EXPECT_EQ(left(seq), 18);
  EXPECT_EQ(give_back(find(seq).value(), 5).phase, Phase::done);
  EXPECT_EQ(left(seq), 13);
  EXPECT_EQ(shop.customer(), before + 17);
  EXPECT_EQ(give_back(find(seq).value(), 14).why.code, Code::refund_exceeds_sale);
  EXPECT_EQ(shop.customer(), before + 17);
  const ShiftTotals totals = shop.history->shift_totals();
  EXPECT_EQ(totals.count, 0);
  EXPECT_EQ(totals.refunds, 1);
  EXPECT_EQ(totals.refunded, 5);
  shop.void_elsewhere(sale.id);
  EXPECT_EQ(find(seq).error().code, Code::sale_undone);
}

// More happened since than is read: the town knows, and its refusal is shown.
TEST_F(Refundable, WhatWasGivenBackLongAgoIsLeftToTheTown) {
  const std::int64_t seq = shop.sell_elsewhere(30);
  const Past sale = find(seq).value();
  shop.refund_elsewhere(sale.id, 12);
  for (int i = 0; i < 12; ++i) {
    shop.sell(1);
    shop.sell(1);
  }
  shop.line->leaves_a_page = 2;
  EXPECT_EQ(left(seq), 30);
  EXPECT_EQ(give_back(find(seq).value(), 30).why.code, Code::refund_exceeds_sale);
  EXPECT_EQ(give_back(find(seq).value(), 4).phase, Phase::done);
  for (int i = 0; i < 12; ++i) {
    shop.sell(1);
    shop.sell(1);
  }
  EXPECT_EQ(left(seq), 26) << "what this till gave back itself it knows";
}

TEST_F(Refundable, APickUpAtAnotherTillHasItsResidentFromTheReservation) {
  const Basket goods{{"rice", 2, 0}};
  const Uuid hold = shop.reserve(20, {{"rice", 2, 10}}, 300);
  const std::int64_t seq = shop.pick_up_elsewhere(hold, 20, goods), before = shop.customer();
  const Past sale = find(seq).value();
  EXPECT_TRUE(sale.pickup);
  EXPECT_EQ(sale.account, shop.town.resident.account);
  EXPECT_EQ(sale.points.value, 20);
  EXPECT_EQ(sale.cash_fen, 300);
  EXPECT_EQ(sale.goods, goods);
  EXPECT_EQ(give_back(sale, 20).phase, Phase::done);
  EXPECT_EQ(shop.customer(), before + 20);
}

TEST_F(Refundable, GoodsThatAreNotTheLedgersAreNotNamed) {
  const std::int64_t seq = shop.sell_elsewhere(25, {{"rice", 2, 0}});
  shop.line->forge_leaves = [&](LeafPage& page) { page.goods[seq] = {{"gold", 2}}; };
  EXPECT_TRUE(find(seq).value().goods.empty());
}

TEST_F(Refundable, WhyOneIsNot) {
  const std::int64_t seq = shop.sell_elsewhere(30);
  const Past sale = find(seq).value();
  shop.refund_elsewhere(sale.id, 1);
  const std::int64_t refund = shop.line->size() - 1;
  shop.sell(500);
  const std::int64_t refused = shop.line->size() - 1;
  shop.line->grow(1);
  const std::int64_t others = shop.line->size() - 1;
  const auto scanned = [&](book::AccountId at) { return find_refundable(*shop.counter, *shop.history, ReceiptCode{seq, at}); };
  const auto typed = [&](const std::string& text) { return find_refundable(*shop.counter, *shop.history, text); };
  const auto by_forger = [&](std::function<void(LeafPage&)> forge) {
    shop.line->forge_leaves = std::move(forge);
    auto found = find(seq);
    shop.line->forge_leaves = {};
    return found;
  };
  const struct {
    const char* what;
    std::function<Result<Past>()> find;
    Code code;
    const char *zh, *en;
  } rows[] = {
      {"another shop's", [&] { return scanned(book::AccountId{7}); }, Code::sale_of_other_shop, "别家商店", "another shop"},
      {"no number", [&] { return typed("rice"); }, Code::malformed, "不是小票号", "not a receipt's number"},
      {"an id", [&] { return typed(to_string(sale.id)); }, Code::not_found, "没有这张小票", "no finished sale"},
      {"a refund", [&] { return find(refund); }, Code::not_found, "没有这张小票", "no finished sale"},
      {"a refused sale", [&] { return find(refused); }, Code::not_found, "没有这张小票", "no finished sale"},
      {"others' entry", [&] { return find(others); }, Code::not_found, "没有这张小票", "no finished sale"},
      {"not yet", [&] { return find(others + 1); }, Code::not_found, "没有这张小票", "no finished sale"},
      {"far too large", [&] { return typed("9223372036854775807"); }, Code::not_found, "没有这张小票", "no finished sale"},
      {"no line", [&] {
         shop.line->lasting = Fault::cut;
         auto found = find(seq);
         shop.line->lasting = Fault::none;
         return found;
       }, Code::unreachable, "连不上", "does not answer"},
      {"a changed entry", [&] { return by_forger([](LeafPage& page) { page.leaves.front().second[60] ^= 1; }); },
       Code::bad_path, "通不过本机的核验", "does not stand this till's check"},
      {"another entry under its number", [&] {
         return by_forger([&](LeafPage& page) {
           for (auto& [number, text] : page.leaves) text = shop.line->leaves()[static_cast<std::size_t>(number - 1)];
         });
       }, Code::bad_path, "通不过本机的核验", "does not stand this till's check"},
      {"entries that climb", [&] { return by_forger([](LeafPage& page) { page.leaves.front().first += 1000; }); },
       Code::wrong_entry, "通不过本机的核验", "does not stand this till's check"},
      {"a forged checkpoint", [&] { return by_forger([](LeafPage& page) { page.checkpoint[40] ^= 1; }); },
       Code::bad_signature, "通不过本机的核验", "does not stand this till's check"},
  };
  for (const auto& row : rows) {
    const auto found = row.find();
    ASSERT_FALSE(found) << row.what;
    EXPECT_EQ(found.error().code, row.code) << row.what << ": " << found.error().detail;
    EXPECT_THAT(not_refundable(Lang::zh, found.error()), HasSubstr(row.zh)) << row.what;
    EXPECT_THAT(not_refundable(Lang::en, found.error()), HasSubstr(row.en)) << row.what;
  }
  shop.line->rewrite_history();
  EXPECT_EQ(find(seq).error().code, Code::inconsistent);
  EXPECT_TRUE(shop.counter->sees_other_history());
}

}  // namespace
}  // namespace dfb::terminal
