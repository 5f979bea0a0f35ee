// Offline allowances: asked for, spent by counters, released, and what convicts a phone.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

class Offline : public testing::Test {
 protected:
  Offline() {
    s.must(s.town.award(who, 100));
    auto line = s.town.allowance(who, 60, s.town.now_us + 48 * kHourUs);
    EXPECT_EQ(format_outcome(s.must(line)), R"({"policy":1,"ate":[["2027-11-30",60]],"held":60})");
    allowance = line.id;
  }
  std::optional<Code> sells(std::int64_t n, std::int64_t points, const Member& at) {
    return s.refusal(s.town.redeem_offline(who, allowance, n, points, at));
  }
  std::optional<Code> sells(std::int64_t n, std::int64_t points) { return sells(n, points, s.town.shop); }
  SignedLine release(const PrivateKey& by) {
    return s.town.sign(Resolve{allowance, false, who.account, {0}, ""}, {&by});
  }
  SignedLine cover(const Uuid& sale, std::int64_t points, const Member& shop) {
    Transfer transfer;
    transfer.kind = TransferKind::cover, transfer.from = kOfflineLoss, transfer.to = shop.account;
    transfer.points = {points}, transfer.sale = sale;
    return s.town.sign(transfer, {&s.town.admin_a.key});
  }
  SignedLine fund(std::int64_t points) {
    Transfer transfer;
    transfer.kind = TransferKind::fund, transfer.from = s.town.budget, transfer.to = kOfflineLoss;
    transfer.points = {points};
    return s.town.sign(transfer, {&s.town.admin_a.key, &s.town.admin_b.key});
  }

  Scene s = founded();
  const Member& who = s.town.resident;
  Uuid allowance;
  const std::optional<Code> taken = std::nullopt;
};

TEST_F(Offline, ASaleTakesFromTheAllowanceAlone) {
  auto outcome = s.must(s.town.redeem_offline(who, allowance, 1, 25));
  EXPECT_EQ(format_outcome(outcome), R"({"policy":1,"ate":[["2027-11-30",25]]})");
  EXPECT_EQ(s.ledger.account(who.account).held.value, 35);
  EXPECT_EQ(s.balance(who), 75);
  EXPECT_EQ(s.balance(s.town.shop), 25);
}

TEST_F(Offline, ASaleIsEnteredHoweverLateAndWhateverTheState) {
  auto line = s.town.redeem_offline(who, allowance, 1, 25);
  s.later(6 * kDayUs);
  s.must(s.town.sign(SetState{who.account, AccountState::frozen, ""}, {&s.town.officer.key}));
  s.must(line);
}

TEST_F(Offline, EachCounterOnceAndTheSameCodeTwiceConvictsNobody) {
  auto line = s.town.redeem_offline(who, allowance, 1, 25);
  s.must(line);
  Payload again = parse_payload(line.payload).value();
  again.id = s.town.next_id();
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(s.town.sign(again, {&s.town.shop.key})), Code::counter_used);
  EXPECT_EQ(s.ledger.size(), size) << "no entry";
  EXPECT_EQ(sells(2, 5), taken);
}

TEST_F(Offline, TwoSalesOnOneCounterConvictThePhoneAndTheReservePays) {
  EXPECT_EQ(sells(1, 25), taken);
  auto second = s.town.redeem_offline(who, allowance, 1, 20, s.town.other_shop);
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(second), Code::counter_used);
  EXPECT_EQ(s.ledger.size(), size + 1) << "the refusal is entered";
  EXPECT_EQ(s.refusal(cover(second.id, 20, s.town.other_shop)), Code::offline_loss_empty);
  s.must(fund(1000));
  EXPECT_EQ(s.refusal(cover(second.id, 20, s.town.shop)), Code::target_unknown);
  EXPECT_EQ(s.refusal(cover(second.id, 21, s.town.other_shop)), Code::refund_exceeds_sale);
  s.must(cover(second.id, 15, s.town.other_shop));
  s.must(cover(second.id, 5, s.town.other_shop));
  EXPECT_EQ(s.refusal(cover(second.id, 1, s.town.other_shop)), Code::target_unknown);
  EXPECT_EQ(s.balance(s.town.other_shop), 20);
  EXPECT_EQ(s.balance(who), 75) << "the resident pays once";
  s.later(9 * kDayUs);
  s.must(release(s.town.server));
  EXPECT_EQ(s.refusal(s.town.allowance(who, 10, s.town.now_us + kHourUs)), Code::offline_right_lost);
}

TEST_F(Offline, ADoubleSpendIsFoundHoweverEarlyTheAllowanceWasSpent) {
  auto elsewhere = s.town.redeem_offline(who, allowance, 2, 60, s.town.other_shop);
  EXPECT_EQ(sells(1, 60), taken);
  EXPECT_EQ(s.refusal(release(s.town.server)), Code::not_yet_expired) << "other tills may still upload";
  s.later(48 * kHourUs + 7 * kDayUs - 1);
  EXPECT_EQ(s.refusal(elsewhere), Code::allowance_spent);
  s.later(1);
  s.must(release(s.town.server));
  EXPECT_EQ(s.refusal(s.town.allowance(who, 10, s.town.now_us + kHourUs)), Code::offline_right_lost);
}

TEST_F(Offline, TheReservePaysNoMoreThanTheAllowanceWas) {
  s.must(fund(1000));
  for (std::int64_t points : {61, 500, 60, 35}) {
    Scene scene = s;
    const auto size = scene.ledger.size();
    EXPECT_FALSE(scene.refusal(scene.town.redeem_offline(who, allowance, 1, 36)));
    auto line = scene.town.redeem_offline(who, allowance, 2, points, scene.town.other_shop);
    EXPECT_EQ(scene.refusal(line), Code::allowance_spent) << points;
    EXPECT_EQ(scene.ledger.size(), size + 2);
    const std::int64_t most = std::min<std::int64_t>(points, 60);
    auto covers = [&](std::int64_t part) {
      const auto body = parse_payload(cover(line.id, part, s.town.other_shop).payload)->body;
      return scene.refusal(scene.town.sign(body, {&s.town.admin_a.key}));
    };
    EXPECT_EQ(covers(most + 1), Code::refund_exceeds_sale);
    EXPECT_EQ(covers(most), std::nullopt) << points;
    EXPECT_EQ(covers(1), Code::target_unknown);
  }
}

// An honest till sells by one allowance no more than it was made for, so that is the most that it can have lost by it:
// however many codes a phone signs on one counter for a till that plays along.
TEST_F(Offline, TheReservePaysATillNoMoreThanTheAllowanceWas) {
  s.must(fund(1000));
  EXPECT_EQ(sells(1, 20), taken);
  std::int64_t paid = 0;
  for (int n = 0; n < 10; ++n) {
    s.later(kPayStepUs);
    auto line = s.town.redeem_offline(who, allowance, 1, 30);
    EXPECT_EQ(s.refusal(line), Code::counter_used);
    for (std::int64_t points : {30, 10})
      if (!s.refusal(cover(line.id, points, s.town.shop))) {
        paid += points;
        break;
      }
  }
  EXPECT_EQ(paid, 40) << "with the 20 that were taken, what the allowance was";
  auto other = s.town.redeem_offline(who, allowance, 1, 30, s.town.other_shop);
  EXPECT_EQ(s.refusal(other), Code::counter_used);
  EXPECT_EQ(s.refusal(cover(other.id, 30, s.town.other_shop)), std::nullopt) << "another till knew of none of it";
}

TEST_F(Offline, ACodeMayBeDatedBeforeItsAllowance) {
  auto line = s.town.redeem_offline(who, allowance, 1, 5);
  auto payload = parse_payload(line.payload).value();
  auto& proof = std::get<OfflineProof>(std::get<Transfer>(payload.body).proof);
  proof.at_us -= 10 * kMinuteUs;
  proof.at_us -= proof.at_us % kPayStepUs;
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.shop.key})), taken) << "a phone's clock is an estimate";
}

TEST_F(Offline, OverspendingConvictsToo) {
  EXPECT_EQ(sells(1, 60), taken);
  auto size = s.ledger.size();
  EXPECT_EQ(sells(2, 1, s.town.other_shop), Code::allowance_spent);
  EXPECT_EQ(s.ledger.size(), size + 1);
}

TEST_F(Offline, AConvictingCodeIsEnteredOnceAndUsesItsCounterUp) {
  auto line = s.town.redeem_offline(who, allowance, 1, 61);
  EXPECT_EQ(s.refusal(line), Code::allowance_spent);
  Payload again = parse_payload(line.payload).value();
  again.id = s.town.next_id();
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(s.town.sign(again, {&s.town.shop.key})), Code::counter_used);
  EXPECT_EQ(s.ledger.size(), size) << "a second loss would be paid twice";
  EXPECT_EQ(sells(1, 10), Code::counter_used) << "another code on the same counter";
  EXPECT_EQ(s.ledger.size(), size + 1);
}

TEST_F(Offline, ACodeOfARevokedPhoneConvicts) {
  auto before = s.town.redeem_offline(who, allowance, 1, 10);
  s.later(kMinuteUs);
  s.must(s.town.sign(RevokeKey{who.key.public_key().id(), "lost"}, {&s.town.officer.key}));
  s.later(kMinuteUs);
  EXPECT_EQ(s.refusal(before), taken) << "made before the phone was revoked";
  auto size = s.ledger.size();
  EXPECT_EQ(sells(2, 10), Code::key_revoked);
  EXPECT_EQ(s.ledger.size(), size + 1);
}

TEST_F(Offline, NoConvictionByATillThatMayNot) {
  EXPECT_EQ(sells(1, 25), taken);
  auto line = s.town.redeem_offline(who, allowance, 1, 20, s.town.other_shop);
  s.must(s.town.sign(RevokeKey{s.town.other_shop.key.public_key().id(), "stolen"}, {&s.town.admin_a.key}));
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(line), Code::key_revoked);
  EXPECT_EQ(s.ledger.size(), size);
  s.later(9 * kDayUs);
  s.must(release(s.town.server));
  EXPECT_EQ(s.refusal(s.town.allowance(who, 10, s.town.now_us + kHourUs)), taken);
}

TEST_F(Offline, CodesAreMadeWithinTheAllowancesTime) {
  s.later(48 * kHourUs);
  EXPECT_EQ(sells(1, 5), Code::hold_expired);
  s.later(-kPayStepUs);
  EXPECT_EQ(sells(1, 5), taken);
}

TEST_F(Offline, AnAllowanceIsOfOnePhone) {
  auto other = Member{who.account, test_key("second phone")};
  s.must(s.town.sign(AddKey{who.account, KeyUse::device, other.key.public_key().spki(), 0},
                     {&who.key, &other.key}));
  EXPECT_EQ(s.refusal(s.town.redeem_offline(other, allowance, 1, 5)), Code::allowance_unknown);
  EXPECT_EQ(s.refusal(s.town.redeem_offline(who, s.town.next_id(), 1, 5)), Code::allowance_unknown);
}

TEST_F(Offline, OneAtATimeWithinTheLimits) {
  EXPECT_EQ(s.refusal(s.town.allowance(who, 10, s.town.now_us + kHourUs)), Code::allowance_exists);
  s.must(s.town.award(s.town.sibling, 100));
  s.must(s.town.award(s.town.sibling, 100));
  EXPECT_EQ(s.refusal(s.town.allowance(s.town.sibling, 101, s.town.now_us + kHourUs)), Code::limit_per_sale);
  EXPECT_EQ(s.refusal(s.town.allowance(s.town.sibling, 10, s.town.now_us + 48 * kHourUs + 1)),
            Code::code_not_valid_now);
  EXPECT_EQ(s.refusal(s.town.allowance(s.town.newcomer, 10, s.town.now_us + kHourUs)), Code::level_too_low);
}

TEST_F(Offline, TheServerReleasesAfterTheUploadDays) {
  EXPECT_EQ(s.refusal(release(who.key)), Code::key_wrong_use);
  EXPECT_EQ(s.refusal(s.town.cancel(allowance, who)), Code::target_not_reversible);
  auto capture = s.town.sign(Resolve{allowance, true, s.town.shop.account, {5}, ""}, {&s.town.shop.key});
  EXPECT_EQ(s.refusal(capture), Code::hold_wrong_purpose);
  s.later(48 * kHourUs + 7 * kDayUs - 1);
  EXPECT_EQ(s.refusal(release(s.town.server)), Code::not_yet_expired);
  s.later(1);
  EXPECT_EQ(format_outcome(s.must(release(s.town.server))), R"({"got":[["2027-11-30",60]]})");
  EXPECT_EQ(sells(1, 5), Code::hold_resolved);
  auto next = s.town.allowance(who, 10, s.town.now_us + kHourUs);
  s.must(next);
  allowance = next.id;
  EXPECT_EQ(sells(1, 10), taken);
  EXPECT_EQ(s.refusal(release(s.town.server)), Code::not_yet_expired);
}

TEST_F(Offline, AnOfflineSaleIsRefundedAndCancelledAsOthers) {
  auto line = s.town.redeem_offline(who, allowance, 1, 25);
  s.must(line);
  s.must(s.town.refund(line.id, who, 10));
  s.must(s.town.cancel(line.id));
  EXPECT_EQ(s.balance(who), 100);
  EXPECT_EQ(s.ledger.account(who.account).held.value, 35);
}

TEST_F(Offline, FundingIsByTwoFromABudget) {
  EXPECT_EQ(s.refusal(fund(100'001)), Code::budget_exhausted);
  s.must(fund(500));
  EXPECT_EQ(s.ledger.balance(kOfflineLoss), 500);
}

}  // namespace
}  // namespace dfb::test
