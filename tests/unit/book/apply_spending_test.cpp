// Redeeming, refunding, cancelling: lots, limits of the day, accounts that are not open.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

// The resident with two lots: 20 good until 2026-12-31, 30 until 2027-01-31.
Scene with_two_lots() {
  Scene s = founded();
  s.must(s.town.award(s.town.resident, 50));
  s.change_account(s.town.resident.account, [](Account& account) {
    account.lots = {lot("2026-12-31", 20), lot("2027-01-31", 30)};
  });
  return s;
}

SignedLine state_of(Scene& s, const Member& who, AccountState state) {
  return s.town.sign(SetState{who.account, state, ""}, {&s.town.officer.key});
}

TEST(Awarding, SharesALotOfTheMonthsEnd) {
  Scene s = founded();
  auto outcome = s.must(s.town.award(s.town.resident, 20));
  EXPECT_EQ(format_outcome(outcome), R"({"policy":1,"got":[["2027-11-30",20]]})");
  s.must(s.town.check_in(s.town.resident));
  EXPECT_EQ(s.lots(s.town.resident), (Lots{lot("2027-11-30", 70)}));
  s.later(7 * kDayUs);  // December
  s.must(s.town.award(s.town.resident, 5));
  EXPECT_EQ(s.lots(s.town.resident), (Lots{lot("2027-11-30", 70), lot("2027-12-31", 5)}));
  EXPECT_EQ(s.ledger.balance(s.town.budget), 100'000 - 75);
}

TEST(Redeeming, EatsTheFirstToExpire) {
  Scene s = with_two_lots();
  auto outcome = s.must(s.town.redeem(s.town.resident, 30));
  EXPECT_EQ(format_outcome(outcome), R"({"policy":1,"ate":[["2026-12-31",20],["2027-01-31",10]]})");
  EXPECT_EQ(s.balance(s.town.resident), 20);
  EXPECT_EQ(s.balance(s.town.shop), 30);
}

TEST(Redeeming, ALotIsGoodUntilTheEndOfItsDayOnly) {
  Scene s = with_two_lots();
  s.town.now_us = day_start_us(day("2027-01-01")) - 1;
  auto before = s.town.redeem(s.town.resident, 50);
  Scene late = s;
  EXPECT_FALSE(s.refusal(before));
  late.later(1);
  EXPECT_EQ(late.refusal(late.town.redeem(late.town.resident, 31)), Code::insufficient_points);
  late.later(kPayStepUs);
  late.must(late.town.redeem(late.town.resident, 30));
  EXPECT_EQ(late.lots(late.town.resident), (Lots{lot("2026-12-31", 20)}));  // waits for its expire entry
}

TEST(Redeeming, TheDaysLimitsAreOfTheCivilDay) {
  Scene s = founded();
  for (int i = 0; i < 5; ++i) s.must(s.town.award(s.town.resident, 100));
  s.town.now_us = day_start_us(day("2026-11-25")) - kMinuteUs;
  s.must(s.town.redeem(s.town.resident, 200));
  s.later(kPayStepUs);
  s.must(s.town.redeem(s.town.resident, 200));
  s.later(kPayStepUs);
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 10)), Code::limit_per_day);
  s.must(s.town.redeem_confirmed(s.town.resident, 10, s.town.now_us + kMinuteUs));  // counted on its own
  s.later(kMinuteUs);
  s.must(s.town.redeem(s.town.resident, 10));
}

TEST(Redeeming, AConfirmedSaleHasADaysLimitOfItsOwn) {
  Scene s = founded();
  s.change_policy([](Policy& policy) { policy.limits.quote_points_day = 40; });
  s.must(s.town.award(s.town.resident, 100));
  s.must(s.town.redeem_confirmed(s.town.resident, 30, s.town.now_us + 1));
  EXPECT_EQ(s.refusal(s.town.redeem_confirmed(s.town.resident, 11, s.town.now_us + 1)), Code::limit_per_day);
  s.must(s.town.redeem_confirmed(s.town.resident, 10, s.town.now_us + 1));
}

TEST(Redeeming, AConfirmedSaleHasALimitOfItsOwn) {
  Scene s = founded();
  s.change_policy([](Policy& policy) { policy.limits.quote_points = 40; });
  s.must(s.town.award(s.town.resident, 100));
  EXPECT_EQ(s.refusal(s.town.redeem_confirmed(s.town.resident, 41, s.town.now_us + 1)), Code::limit_per_sale);
  s.must(s.town.redeem_confirmed(s.town.resident, 40, s.town.now_us + 1));
}

TEST(Redeeming, AConfirmationIsGoodForSixMinutesAtMost) {
  Scene s = with_two_lots();
  TimeUs latest = s.town.now_us + kRedeemWindowUs;
  EXPECT_EQ(s.refusal(s.town.redeem_confirmed(s.town.resident, 5, latest + 1)), Code::code_not_valid_now);
  s.must(s.town.redeem_confirmed(s.town.resident, 5, latest));
}

TEST(Redeeming, ALaterCodeKillsTheEarlierOnes) {
  Scene s = with_two_lots();
  auto early = s.town.pay_code(s.town.resident, 10);
  s.later(kPayStepUs);
  s.must(s.town.redeem(s.town.resident, 10));
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 10, s.town.shop, early)), Code::code_used);
}

TEST(Redeeming, ACodeIsGoodForSixMinutesFromItsStep) {
  Scene s = with_two_lots();
  s.town.now_us -= s.town.now_us % kPayStepUs;
  auto code = s.town.pay_code(s.town.resident, 10);
  s.later(kRedeemWindowUs - 1);
  s.must(s.town.redeem(s.town.resident, 10, s.town.shop, code));
}

TEST(Redeeming, ACodeMayBeOneStepAhead) {
  Scene s = with_two_lots();
  s.town.now_us -= s.town.now_us % kPayStepUs;
  s.later(2 * kPayStepUs);
  auto ahead = s.town.pay_code(s.town.resident, 10);
  s.later(-kPayStepUs - 1);
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 10, s.town.shop, ahead)), Code::code_not_valid_now);
  s.later(1);
  s.must(s.town.redeem(s.town.resident, 10, s.town.shop, ahead));
}

TEST(Redeeming, ARefusalDoesNotUseTheCodeUp) {
  Scene s = with_two_lots();
  auto code = s.town.pay_code(s.town.resident, 100);
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 51, s.town.shop, code)), Code::insufficient_points);
  s.must(s.town.redeem(s.town.resident, 50, s.town.shop, code));
}

TEST(Refunding, GivesTheLotsBackTheLastEatenFirst) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  EXPECT_EQ(format_outcome(s.must(s.town.refund(sale.id, s.town.resident, 15))),
            R"({"policy":1,"got":[["2027-01-31",10],["2026-12-31",5]]})");
  EXPECT_EQ(format_outcome(s.must(s.town.refund(sale.id, s.town.resident, 15))),
            R"({"policy":1,"got":[["2026-12-31",15]]})");
  EXPECT_EQ(s.lots(s.town.resident), (Lots{lot("2026-12-31", 20), lot("2027-01-31", 30)}));
  EXPECT_EQ(s.refusal(s.town.refund(sale.id, s.town.resident, 1)), Code::refund_exceeds_sale);
}

TEST(Refunding, AfterTheDayThereIsOneGrace) {
  Scene s = with_two_lots();
  s.town.now_us = day_start_us(day("2026-12-31"));
  auto sale = s.town.redeem(s.town.resident, 20);
  s.must(sale);
  s.town.now_us = day_start_us(day("2027-01-10"));
  EXPECT_EQ(format_outcome(s.must(s.town.refund(sale.id, s.town.resident, 20))),
            R"({"policy":1,"got":[["2027-02-09",20,1]]})");
  s.town.now_us = day_start_us(day("2027-02-09"));
  auto again = s.town.redeem(s.town.resident, 20);
  EXPECT_EQ(format_outcome(s.must(again)), R"({"policy":1,"ate":[["2027-02-09",20,1]]})");
  s.town.now_us = day_start_us(day("2027-02-10"));
  EXPECT_EQ(format_outcome(s.must(s.town.refund(again.id, s.town.resident, 20))),
            R"({"policy":1,"lapsed":20})");
  EXPECT_EQ(s.ledger.balance(kExpired), 20);
}

TEST(Refunding, ReachesAFrozenAccount) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.must(state_of(s, s.town.resident, AccountState::frozen));
  s.must(s.town.refund(sale.id, s.town.resident, 10));
  EXPECT_EQ(s.balance(s.town.resident), 30);
}

TEST(Refunding, PassesAClosedAccount) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 50);
  s.must(sale);
  s.must(state_of(s, s.town.resident, AccountState::closed));
  EXPECT_EQ(format_outcome(s.must(s.town.refund(sale.id, s.town.resident, 5))), R"({"policy":1,"lapsed":5})");
  EXPECT_EQ(format_outcome(s.must(s.town.cancel(sale.id))),
            R"({"policy":1,"points":45,"lapsed":45,"undone":22})");
  EXPECT_EQ(s.balance(s.town.resident), 0);
  EXPECT_EQ(s.ledger.balance(kExpired), 50);
}

// The shop was paid for the sale and has closed since.
Uuid sold_by_a_closed_shop(Scene& s) {
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.change_account(s.town.shop.account, [](Account& shop) { shop.balance.value -= 30; });
  s.change_account(kSettled, [](Account& settled) { settled.balance.value += 30; });
  s.must(s.town.sign(SetState{s.town.shop.account, AccountState::closed, ""}, {&s.town.admin_a.key}));
  return sale.id;
}

TEST(Refunding, AClosedShopGivesNothingBack) {
  Scene s = with_two_lots();
  const Uuid sale = sold_by_a_closed_shop(s);
  EXPECT_EQ(s.refusal(s.town.refund(sale, s.town.resident, 1)), Code::account_closed);
  EXPECT_EQ(s.refusal(s.town.refund(s.town.next_id(), s.town.resident, 1)), Code::account_closed);
  EXPECT_EQ(s.refusal(s.town.cancel(sale)), Code::account_closed);
  s.later(2 * kDayUs);
  EXPECT_EQ(s.refusal(s.town.cancel(sale)), Code::account_closed);
  EXPECT_EQ(s.balance(s.town.shop), 0);
  Transfer settle;
  settle.kind = TransferKind::settle, settle.from = s.town.shop.account, settle.to = kSettled;
  settle.points = {1}, settle.fen = 10, settle.count = 1, settle.through = 1;
  EXPECT_EQ(s.refusal(s.town.sign(settle, {&s.town.admin_a.key, &s.town.admin_b.key})), Code::account_closed);
}

TEST(Cancelling, AClosedShopStillBurnsWhatNeverArrived) {
  Scene s = with_two_lots();
  sold_by_a_closed_shop(s);
  s.later(kPayStepUs);
  auto lost = s.town.redeem(s.town.resident, 5);
  s.must(s.town.cancel(lost.id));
  EXPECT_EQ(s.refusal(lost), Code::id_burnt);
}

TEST(Refunding, IsNotStoppedByTheMaximum) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.change_policy([](Policy& policy) { policy.limits.balance_max = 1; });
  s.must(s.town.refund(sale.id, s.town.resident, 30));
}

TEST(Refunding, AnyTillOfTheShopOnTheLastDay) {
  Scene s = with_two_lots();
  auto till = test_key("second till");
  s.must(s.town.sign(AddKey{s.town.shop.account, KeyUse::till, till.public_key().spki(), 0},
                     {&s.town.admin_a.key, &till}));
  auto sale = s.town.redeem(s.town.resident, 10);
  s.must(sale);
  s.town.now_us = day_start_us(civil_day(s.town.now_us) + 31) - 1;
  s.must(s.town.refund(sale.id, s.town.resident, 10, Member{s.town.shop.account, till}));
}

TEST(Refunding, TakesAShopDownToItsFloor) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.change_account(s.town.shop.account, [](Account& shop) { shop.balance.value -= 5020; });
  s.change_account(kSettled, [](Account& settled) { settled.balance.value += 5020; });
  EXPECT_EQ(s.refusal(s.town.refund(sale.id, s.town.resident, 11)), Code::shop_below_floor);
  EXPECT_EQ(s.refusal(s.town.cancel(sale.id)), Code::shop_below_floor);
  s.must(s.town.refund(sale.id, s.town.resident, 10));
  EXPECT_EQ(s.balance(s.town.shop), -5000);
}

TEST(Refunding, DoesNotReturnTheDaysAllowanceButACancelDoes) {
  Scene s = founded();
  for (int i = 0; i < 5; ++i) s.must(s.town.award(s.town.resident, 100));
  auto first = s.town.redeem(s.town.resident, 200);
  s.must(first);
  s.later(kPayStepUs);
  auto second = s.town.redeem(s.town.resident, 200);
  s.must(second);
  s.must(s.town.refund(first.id, s.town.resident, 200));
  s.later(kPayStepUs);
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 1)), Code::limit_per_day);
  s.must(s.town.cancel(second.id));
  s.must(s.town.redeem(s.town.resident, 200));
}

TEST(Cancelling, UndoesWhatWasNotRefundedOnce) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.must(s.town.refund(sale.id, s.town.resident, 12));
  EXPECT_EQ(s.refusal(s.town.cancel(sale.id, s.town.other_shop)), Code::sale_of_other_shop);
  EXPECT_EQ(format_outcome(s.must(s.town.cancel(sale.id))),
            R"({"policy":1,"points":18,"got":[["2026-12-31",18]],"undone":22})");
  EXPECT_EQ(s.lots(s.town.resident), (Lots{lot("2026-12-31", 20), lot("2027-01-31", 30)}));
  EXPECT_EQ(s.balance(s.town.shop), 0);
  EXPECT_EQ(s.refusal(s.town.cancel(sale.id)), Code::target_already_undone);
}

TEST(Cancelling, OnlyForSoManyHours) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.later(24 * kHourUs);
  EXPECT_EQ(s.refusal(s.town.cancel(sale.id)), Code::refund_period_over);
  s.later(-1);
  s.must(s.town.cancel(sale.id));
}

TEST(Cancelling, NothingIsLeftOfARefundedSale) {
  Scene s = with_two_lots();
  auto sale = s.town.redeem(s.town.resident, 30);
  s.must(sale);
  s.must(s.town.refund(sale.id, s.town.resident, 30));
  EXPECT_EQ(s.refusal(s.town.cancel(sale.id)), Code::target_already_undone);
}

}  // namespace
}  // namespace dfb::test
