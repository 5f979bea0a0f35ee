#include "ledger/audit/legs.h"

#include <gtest/gtest.h>

namespace dfb::audit {
namespace {

using namespace book;

constexpr AccountId kBudget{kFirstFreeAccount + 1}, kResident{kFirstFreeAccount + 2},
    kShop{kFirstFreeAccount + 3};

Uuid id_of(std::uint8_t n) {
  Uuid id;
  id.bytes[15] = n;
  return id;
}

Payload payload(std::uint8_t id, Body body) { return {id_of(id), {}, 0, std::move(body)}; }

Payload transfer(std::uint8_t id, TransferKind kind, AccountId from, AccountId to, std::int64_t points) {
  Transfer t;
  t.kind = kind, t.from = from, t.to = to, t.points = {points};
  return payload(id, t);
}

Payload record(std::uint8_t id, std::string rule) {
  Record r;
  r.kind = "checkin", r.rule = std::move(rule), r.account = kResident;
  return payload(id, r);
}

Outcome outcome(std::string_view text) { return parse_outcome(text).value(); }

struct Posted {
  PlainLedger ledger;
  std::int64_t seq = 0;
  bool post(const Payload& payload, std::string_view text = "{}") {
    const bool taken = ledger.post(seq, payload, outcome(text)).has_value();
    ++seq;
    EXPECT_EQ(ledger.sum(), 0);
    return taken;
  }
  std::vector<std::int64_t> balances() const {
    return {ledger.balance(kIssuance), ledger.balance(kBudget), ledger.balance(kResident),
            ledger.balance(kShop), ledger.balance(kExpired)};
  }
};

using Balances = std::vector<std::int64_t>;

TEST(Legs, TransfersMoveTheirPoints) {
  Posted p;
  ASSERT_TRUE(p.post(transfer(1, TransferKind::mint, kIssuance, kBudget, 100)));
  ASSERT_TRUE(p.post(transfer(2, TransferKind::award, kBudget, kResident, 40)));
  ASSERT_TRUE(p.post(transfer(3, TransferKind::redeem, kResident, kShop, 30)));
  EXPECT_EQ(p.balances(), (Balances{-100, 60, 10, 30, 0}));
}

TEST(Legs, WhatLapsesOnArrivalExpires) {
  Posted p;
  ASSERT_TRUE(p.post(transfer(1, TransferKind::redeem, kResident, kShop, 30)));
  ASSERT_TRUE(p.post(transfer(2, TransferKind::refund, kShop, kResident, 20), R"({"lapsed":5})"));
  EXPECT_EQ(p.balances(), (Balances{0, 0, -15, 10, 5}));
}

TEST(Legs, RefusalsMoveNothing) {
  Posted p;
  ASSERT_TRUE(p.post(transfer(1, TransferKind::redeem, kResident, kShop, 30),
                     R"({"refused":"insufficient_points"})"));
  EXPECT_EQ(p.balances(), (Balances{0, 0, 0, 0, 0}));
}

TEST(Legs, RecordsAwardFromTheBudget) {
  Posted p;
  ASSERT_TRUE(
      p.post(record(1, "patrol"), R"({"policy":1,"points":50,"budget":")" + to_string(kBudget) + "\"}"));
  EXPECT_EQ(p.balances(), (Balances{0, -50, 50, 0, 0}));
  EXPECT_TRUE(p.post(record(2, "")));
  EXPECT_EQ(p.balances(), (Balances{0, -50, 50, 0, 0}));
  EXPECT_FALSE(p.post(record(3, "patrol"), R"({"policy":1})")) << "an award without points or budget";
}

TEST(Legs, AwardsUnderReviewMoveWhenCaptured) {
  Posted p;
  const std::string held = R"({"policy":1,"points":50,"budget":")" + to_string(kBudget) + R"(","held":50})";
  ASSERT_TRUE(p.post(record(1, "patrol"), held));
  EXPECT_EQ(p.balances(), (Balances{0, 0, 0, 0, 0}));
  ASSERT_TRUE(p.post(payload(2, Resolve{id_of(1), true, kResident, {50}})));
  EXPECT_EQ(p.balances(), (Balances{0, -50, 50, 0, 0}));
  EXPECT_FALSE(p.post(payload(3, Resolve{id_of(9), true, kResident, {50}}))) << "no such hold";
}

TEST(Legs, AReleaseMayLapse) {
  Posted p;
  Hold hold;
  hold.account = kResident, hold.points = {20};
  ASSERT_TRUE(p.post(payload(1, hold)));
  ASSERT_TRUE(p.post(payload(2, Resolve{id_of(1), false, kResident, {0}}), R"({"lapsed":7})"));
  EXPECT_EQ(p.balances(), (Balances{0, 0, -7, 0, 7}));
}

TEST(Legs, ACancelUndoesItsSale) {
  Posted p;
  ASSERT_TRUE(p.post(transfer(1, TransferKind::redeem, kResident, kShop, 30)));
  ASSERT_TRUE(p.post(payload(2, Cancel{id_of(1)}), R"({"points":30,"lapsed":4,"undone":0})"));
  EXPECT_EQ(p.balances(), (Balances{0, 0, -4, 0, 4}));
  EXPECT_FALSE(p.post(payload(3, Cancel{id_of(1)}), R"({"points":30,"undone":1})"))
      << "entry 1 moved nothing";
}

TEST(Legs, AReversalTakesWhatIsLeft) {
  Posted p;
  ASSERT_TRUE(p.post(transfer(1, TransferKind::award, kBudget, kResident, 50)));
  ASSERT_TRUE(p.post(payload(2, Reverse{0, ""}), R"({"points":50,"undone":0,"unrecovered":15})"));
  EXPECT_EQ(p.balances(), (Balances{0, -15, 15, 0, 0}));
}

TEST(Legs, ABalanceBeyondItsRangeIsRefused) {
  Posted p;
  for (std::int64_t sum = 0; sum + 1'000'000'000'000'000 <= kBalanceMax; sum += 1'000'000'000'000'000)
    ASSERT_TRUE(p.post(transfer(1, TransferKind::mint, kIssuance, kBudget, 1'000'000'000'000'000)));
  EXPECT_FALSE(p.post(transfer(2, TransferKind::mint, kIssuance, kBudget, 1'000'000'000'000'000)));
}

}  // namespace
}  // namespace dfb::audit
