// Expiry, settling, opening balances, reversals.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

TEST(Expiring, TakesAllThatIsFreeOfOnePassedDay) {
  Scene s = founded();
  const auto& who = s.town.resident;
  s.must(s.town.award(who, 60));
  s.change_account(who.account, [](Account& account) {
    account.lots = {lot("2026-12-31", 20), lot("2026-12-31", 10, true), lot("2027-01-31", 30)};
  });
  s.town.now_us = day_start_us(day("2027-01-01")) - 1;
  EXPECT_EQ(s.refusal(s.town.expire(who, 30, day("2026-12-31"))), Code::not_yet_expired);
  s.later(1);
  EXPECT_EQ(s.refusal(s.town.expire(who, 29, day("2026-12-31"))), Code::amount_wrong);
  EXPECT_EQ(s.refusal(s.town.expire(who, 1, day("2026-12-30"))), Code::state_unchanged);
  EXPECT_EQ(format_outcome(s.must(s.town.expire(who, 30, day("2026-12-31")))),
            R"({"ate":[["2026-12-31",20],["2026-12-31",10,1]]})");
  EXPECT_EQ(s.balance(who), 30);
  EXPECT_EQ(s.ledger.balance(kExpired), 30);
  EXPECT_EQ(s.refusal(s.town.expire(who, 30, day("2026-12-31"))), Code::state_unchanged);
}

TEST(Expiring, IsTheServersAndLeavesHeldPointsAlone) {
  Scene s = founded();
  const auto& who = s.town.resident;
  s.must(s.town.award(who, 50));
  s.change_account(who.account, [](Account& account) { account.lots = {lot("2026-12-31", 50)}; });
  s.town.now_us = day_start_us(day("2026-12-31"));
  s.must(s.town.reserve(who, 20, s.town.now_us + 48 * kHourUs));
  s.later(kDayUs);
  Payload payload = parse_payload(s.town.expire(who, 30, day("2026-12-31")).payload).value();
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.admin_a.key})), Code::key_wrong_use);
  s.must(s.town.expire(who, 30, day("2026-12-31")));
  EXPECT_EQ(s.balance(who), 20);
}

class Settling : public testing::Test {
 protected:
  Settling() {
    s.must(s.town.award(s.town.resident, 100));
    s.must(s.town.redeem(s.town.resident, 40));
  }
  std::optional<Code> settles(std::int64_t points, std::int64_t through, std::int64_t fen) {
    Transfer transfer;
    transfer.kind = TransferKind::settle, transfer.from = s.town.shop.account, transfer.to = kSettled;
    transfer.points = {points}, transfer.fen = fen, transfer.through = through, transfer.count = 1;
    return s.refusal(s.town.sign(transfer, {&s.town.admin_a.key, &s.town.admin_b.key}));
  }
  Scene s = founded();
  const std::optional<Code> taken = std::nullopt;
};

TEST_F(Settling, WaitsForTheDisputeWindow) {
  auto last = s.ledger.size() - 1;
  EXPECT_EQ(settles(40, last, 400), Code::dispute_window_open);
  s.later(72 * kHourUs);
  EXPECT_EQ(settles(40, last, 400), Code::dispute_window_open) << "the day of the sale counts whole";
  s.later(kDayUs);
  s.must(s.town.redeem(s.town.resident, 10));
  EXPECT_EQ(settles(41, last, 410), Code::dispute_window_open);
  EXPECT_EQ(settles(51, last, 510), Code::insufficient_points);
  EXPECT_EQ(settles(40, last, 399), Code::amount_wrong);
  EXPECT_EQ(settles(40, s.ledger.size(), 400), Code::target_unknown);
  EXPECT_EQ(settles(40, last, 400), taken);
  EXPECT_EQ(s.ledger.balance(kSettled), 40);
  EXPECT_EQ(settles(1, last, 10), Code::wrong_period);
}

TEST_F(Settling, WhatCameBackIsNotWaitedFor) {
  s.later(4 * kDayUs);
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.must(s.town.refund(sale.id, s.town.resident, 10));
  EXPECT_EQ(settles(41, s.ledger.size() - 1, 410), Code::dispute_window_open);
  s.must(s.town.cancel(sale.id));
  EXPECT_EQ(settles(40, s.ledger.size() - 1, 400), taken);
}

TEST(Opening, OnlyInAnOriginThatContinuesAndBeforeItsPolicy) {
  Town town;
  MemoryLedger ledger;
  auto lines = town.founding();
  Payload genesis = parse_payload(lines[0].payload).value();
  std::get<Genesis>(genesis.body).continues = Former{"old.example/points", 7, {}};
  lines[0] = town.sign(genesis, {&town.roots[0], &town.roots[1], &town.roots[2], &town.server});
  auto send = [&](const SignedLine& line) {
    auto answer = ledger.apply(line, town.now_us);
    EXPECT_EQ(ledger.problem(), "");
    return answer ? std::optional<Code>() : std::optional(answer.error().code);
  };
  auto opening = [&](AccountId to, std::int64_t points, Lots lots) {
    Transfer transfer;
    transfer.kind = TransferKind::opening, transfer.from = kIssuance, transfer.to = to;
    transfer.points = {points}, transfer.lots = std::move(lots);
    return town.sign(transfer, {&town.roots[0], &town.roots[1]});
  };
  EXPECT_EQ(send(lines[0]), std::nullopt);
  EXPECT_EQ(send(town.sign(town.open_resident(town.resident, "/lijing/03", "H7K2", Level::verified),
                           {&town.roots[0], &town.roots[1], &town.resident.key})),
            std::nullopt);
  auto resident = town.resident.account;
  EXPECT_EQ(send(opening(resident, 50, {})), Code::account_wrong_kind);
  EXPECT_EQ(send(opening(resident, 50, {lot("2026-12-31", 20), lot("2027-01-31", 30)})), std::nullopt);
  EXPECT_EQ(send(opening(kSettled, 5, {})), std::nullopt);
  EXPECT_EQ(send(opening(kIssuance, 5, {})), Code::account_wrong_kind);
  EXPECT_EQ(ledger.balance(resident), 50);
  EXPECT_EQ(ledger.account(resident).lots.size(), 2U);
  std::set<Code> ignored;
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (lines[i].payload.find(to_string(resident)) == std::string::npos) send(lines[i]);
  EXPECT_EQ(send(opening(resident, 5, {lot("2026-12-31", 5)})), Code::opening_over);
}

TEST(Opening, IsClosedInAFirstOrigin) {
  Scene s = founded();
  Transfer transfer;
  transfer.kind = TransferKind::opening, transfer.from = kIssuance, transfer.to = s.town.budget;
  transfer.points = {5};
  EXPECT_EQ(s.refusal(s.town.sign(transfer, {&s.town.roots[0], &s.town.roots[1]})), Code::opening_over);
}

class Reversing : public testing::Test {
 protected:
  std::optional<Code> reverses(std::int64_t entry, std::initializer_list<const PrivateKey*> keys) {
    return s.refusal(s.town.sign(Reverse{entry, "twice"}, keys));
  }
  std::int64_t awarded() {
    s.must(s.town.check_in(s.town.resident));
    return s.ledger.size() - 1;
  }
  Scene s = founded();
  const PrivateKey &a = s.town.admin_a.key, &b = s.town.admin_b.key;
};

TEST_F(Reversing, TakesWhatIsLeftOfTheLot) {
  auto entry = awarded();
  s.must(s.town.redeem(s.town.resident, 15));
  EXPECT_EQ(reverses(entry, {&s.town.officer.key}), Code::signer_not_allowed);
  EXPECT_EQ(format_outcome(s.must(s.town.sign(Reverse{entry, "twice"}, {&a}))),
            R"({"points":50,"ate":[["2027-11-30",35]],"undone":)" + std::to_string(entry) +
                R"(,"unrecovered":15})");
  EXPECT_EQ(s.balance(s.town.resident), 0);
  EXPECT_EQ(s.ledger.balance(s.town.budget), 99'985);
  EXPECT_EQ(reverses(entry, {&a}), Code::target_already_undone);
  EXPECT_EQ(reverses(0, {&a}), Code::target_unknown);
}

TEST_F(Reversing, TakesNeverMoreThanTheAwardsOwnPoints) {
  auto entry = awarded();
  s.must(s.town.award(s.town.resident, 30));  // of the same lot
  s.must(s.town.sign(Reverse{entry, ""}, {&a}));
  EXPECT_EQ(s.balance(s.town.resident), 30);
}

TEST_F(Reversing, OfMuchNeedsTwo) {
  s.change_policy([](Policy& policy) { policy.limits.large_reversal_points = 50; });
  auto entry = awarded();
  EXPECT_EQ(reverses(entry, {&a}), Code::needs_second_person);
  EXPECT_EQ(reverses(entry, {&a, &b}), std::nullopt);
}

TEST_F(Reversing, ALargeAwardNeedsTwo) {
  s.change_policy([](Policy& policy) { policy.limits.large_award_points = 80; });
  s.must(s.town.award(s.town.resident, 79));
  auto large = s.town.award(s.town.resident, 80);
  EXPECT_EQ(s.refusal(large), Code::needs_second_person);
  auto payload = parse_payload(large.payload).value();
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.officer.key, &a})), Code::approver_not_allowed);
  Member second{{kFirstFreeAccount + 501}, test_key("second officer")};
  s.must(s.town.sign(s.town.open_resident(second, "/lijing/03", "Z9", Level::verified),
                     {&s.town.roots[0], &s.town.roots[1], &second.key}));
  s.must(s.town.sign(GrantRole{second.account, Role::officer, "/lijing", s.town.now_us, 0}, {&a, &b}));
  s.must(s.town.sign(payload, {&s.town.officer.key, &second.key}));
}

}  // namespace
}  // namespace dfb::test
