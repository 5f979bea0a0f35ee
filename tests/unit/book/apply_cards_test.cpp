// Printed cards: who issues and ends them, and what one may pay.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

constexpr AccountId kCard{kFirstFreeAccount + 77}, kOtherCard{kFirstFreeAccount + 78};

SignedLine set_card(Scene& s, AccountId account, AccountId card, bool open, const PrivateKey& by) {
  return s.town.sign(SetCard{account, card, open, ""}, {&by});
}

// The resident has 100 points and a card that pays already.
Scene with_card() {
  Scene s = founded();
  s.must(s.town.award(s.town.resident, 100));
  s.must(s.town.issue(s.town.resident, kCard));
  s.later(24 * kHourUs);
  return s;
}

TEST(Cards, AreIssuedByAnOfficerOfThePlace) {
  Scene s = founded();
  EXPECT_EQ(format_outcome(s.must(s.town.issue(s.town.resident, kCard))), "{}");
  const Member& who = s.town.sibling;
  EXPECT_EQ(s.refusal(s.town.issue(who, kCard)), Code::key_exists);
  EXPECT_EQ(s.refusal(set_card(s, who.account, kOtherCard, true, who.key)), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(set_card(s, who.account, kOtherCard, true, s.town.shop.key)), Code::key_wrong_use);
  EXPECT_EQ(s.refusal(s.town.issue(s.town.officer, kOtherCard)), Code::own_benefit);
  EXPECT_EQ(s.refusal(s.town.issue(s.town.newcomer, kOtherCard)), Code::level_too_low);
  EXPECT_EQ(s.refusal(s.town.issue(s.town.shop, kOtherCard)), Code::account_wrong_kind);
  EXPECT_EQ(s.refusal(s.town.issue({kOtherCard, who.key}, kOtherCard)), Code::account_unknown);
  EXPECT_EQ(s.refusal(s.town.issue(who, AccountId{kFirstFreeAccount - 1})), Code::account_exists);
  s.must(s.town.issue(who, kOtherCard));
  EXPECT_EQ(s.refusal(s.town.issue(s.town.shop, kOtherCard)), Code::key_exists) << "the lowest number";
}

TEST(Cards, AFrozenAccountGetsNone) {
  Scene s = founded();
  s.must(s.town.sign(SetState{s.town.resident.account, AccountState::frozen, ""}, {&s.town.officer.key}));
  EXPECT_EQ(s.refusal(s.town.issue(s.town.resident, kCard)), Code::account_frozen);
}

TEST(Cards, PayWithAPin) {
  Scene s = with_card();
  auto outcome = s.must(s.town.redeem_by_card(s.town.resident, 30, kCard));
  EXPECT_EQ(format_outcome(outcome), R"({"policy":1,"ate":[["2027-11-30",30]]})");
  EXPECT_EQ(s.balance(s.town.resident), 70);
  EXPECT_EQ(s.balance(s.town.shop), 30);
}

TEST(Cards, WaitWhereThePersonHasAPhone) {
  Scene s = founded();
  s.must(s.town.award(s.town.resident, 100));
  s.must(s.town.issue(s.town.resident, kCard));
  s.later(24 * kHourUs - 1);
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 10, kCard)), Code::key_outside_dates);
  s.later(1);
  s.must(s.town.redeem_by_card(s.town.resident, 10, kCard));
}

TEST(Cards, PayAtOnceWhereThereIsNoPhone) {
  Scene s = founded();
  s.must(s.town.award(s.town.resident, 100));
  s.change_account(s.town.resident.account, [](Account& account) { account.devices.clear(); });
  s.must(s.town.issue(s.town.resident, kCard));
  s.must(s.town.redeem_by_card(s.town.resident, 10, kCard));
}

TEST(Cards, PayForTheirOwnAccountAlone) {
  Scene s = with_card();
  s.must(s.town.award(s.town.sibling, 100));
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.sibling, 10, kCard)), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 10, kOtherCard)), Code::key_not_enrolled);
}

TEST(Cards, HaveLimitsOfTheirOwn) {
  Scene s = with_card();
  for (int i = 0; i < 4; ++i) s.must(s.town.award(s.town.resident, 100));
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 51, kCard)), Code::limit_per_sale);
  s.must(s.town.redeem_by_card(s.town.resident, 50, kCard));
  s.must(s.town.redeem(s.town.resident, 200));  // counted on its own
  s.must(s.town.redeem_by_card(s.town.resident, 49, kCard));
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 2, kCard)), Code::limit_per_day);
  s.change_policy([](Policy& policy) { policy.limits.card_count_day = 2; });
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 1, kCard)), Code::limit_count_per_day);
}

// Two cards of one account share the day.
TEST(Cards, OfOneAccountShareItsDay) {
  Scene s = with_card();
  s.must(s.town.issue(s.town.resident, kOtherCard));
  s.later(24 * kHourUs);
  s.must(s.town.redeem_by_card(s.town.resident, 50, kCard));
  s.must(s.town.redeem_by_card(s.town.resident, 40, kOtherCard));
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 11, kOtherCard)), Code::limit_per_day);
}

TEST(Cards, ACancelGivesTheDayBack) {
  Scene s = with_card();
  auto sale = s.town.redeem_by_card(s.town.resident, 50, kCard);
  s.must(sale);
  s.must(s.town.redeem_by_card(s.town.resident, 50, kCard));
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(s.town.resident, 1, kCard)), Code::limit_per_day);
  s.must(s.town.cancel(sale.id));
  s.must(s.town.award(s.town.resident, 50));
  s.must(s.town.redeem_by_card(s.town.resident, 50, kCard));
}

TEST(Cards, AreEndedByTheHolderOrAnOfficer) {
  Scene s = with_card();
  s.must(s.town.issue(s.town.resident, kOtherCard));
  const Member &who = s.town.resident, &other = s.town.newcomer;
  EXPECT_EQ(s.refusal(set_card(s, who.account, kCard, false, other.key)), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(set_card(s, other.account, kCard, false, other.key)), Code::key_not_enrolled);
  s.must(set_card(s, who.account, kCard, false, who.key));
  s.must(set_card(s, who.account, kOtherCard, false, s.town.officer.key));
  EXPECT_EQ(s.refusal(set_card(s, who.account, kCard, false, who.key)), Code::state_unchanged);
  EXPECT_EQ(s.refusal(s.town.redeem_by_card(who, 10, kCard)), Code::key_revoked);
  EXPECT_EQ(s.refusal(s.town.issue(who, kCard)), Code::key_exists);
}

}  // namespace
}  // namespace dfb::test
