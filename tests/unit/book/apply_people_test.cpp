// Who opens, verifies, moves, freezes and closes accounts, and for whom they may not.
#include "tests/unit/book/authority.h"

namespace dfb::test {
namespace {

using namespace book;

TEST_F(Authority, TheServerOpensPhonesOnly) {
  EXPECT_EQ(as(open(stranger_, Level::verified), {&s_.town.server, &stranger_.key}),
            Code::signer_not_allowed);
  EXPECT_EQ(as(Open{stranger_.account, AccountKind::shop, "/", "", Level::none, ""}, {&s_.town.server}),
            Code::signer_not_allowed);
  EXPECT_EQ(as(open(stranger_, Level::phone, ""), {&s_.town.server}), Code::possession_not_proven);
  EXPECT_EQ(as(open(stranger_, Level::phone, "Z9"), {&s_.town.server, &stranger_.key}),
            Code::signer_not_allowed);
  auto keyless = open(stranger_, Level::phone, "");
  keyless.key.clear();
  EXPECT_EQ(as(keyless, {&s_.town.server}), Code::signer_not_allowed);
  EXPECT_EQ(as(open(stranger_, Level::phone, ""), {&s_.town.server, &stranger_.key}), taken_);
  EXPECT_EQ(s_.ledger.account(stranger_.account).devices,
            std::vector<KeyId>{stranger_.key.public_key().id()});
  EXPECT_EQ(s_.ledger.account(stranger_.account).enroller, s_.town.server.public_key().id());
}

TEST_F(Authority, AnOfficerOpensVerifiedPeopleInScope) {
  EXPECT_EQ(as(open(stranger_, Level::phone), {&o_, &stranger_.key}), Code::signer_not_allowed);
  EXPECT_EQ(as(open(stranger_, Level::verified, "Z9", "/jiulong"), {&o_, &stranger_.key}),
            Code::out_of_scope);
  EXPECT_EQ(as(open(stranger_, Level::verified, "C1"), {&o_, &stranger_.key}), Code::own_benefit);
  EXPECT_EQ(as(open(stranger_, Level::verified), {&a_, &stranger_.key}), Code::signer_not_allowed);
  EXPECT_EQ(as(open(stranger_, Level::verified), {&s_.town.resident.key, &stranger_.key}),
            Code::signer_not_allowed);
  EXPECT_EQ(as(open(stranger_, Level::verified), {&o_, &stranger_.key}), taken_);
}

TEST_F(Authority, ReservedAccountsAreNeverOpened) {
  EXPECT_EQ(unspoken(Open{AccountId{9}, AccountKind::budget, "/", "", Level::none, ""}, {&a_}),
            Code::account_exists);
  EXPECT_EQ(unspoken(Open{stranger_.account, AccountKind::settled, "/", "", Level::none, ""}, {&a_}),
            Code::account_wrong_kind);
}

TEST_F(Authority, LevelsAreRaisedByAnOfficerOfAnotherHousehold) {
  SetLevel raise{s_.town.newcomer.account, Level::verified};
  EXPECT_EQ(as(raise, {&a_}), Code::signer_not_allowed);
  EXPECT_EQ(as(raise, {&s_.town.newcomer.key}), Code::signer_not_allowed);
  s_.change_account(s_.town.newcomer.account, [](Account& account) { account.household = "C1"; });
  EXPECT_EQ(as(raise, {&o_}), Code::own_benefit);
  s_.change_account(s_.town.newcomer.account, [](Account& account) { account.household = "N1"; });
  EXPECT_EQ(as(raise, {&o_}), taken_);
  EXPECT_EQ(as(raise, {&o_}), Code::state_unchanged);
  EXPECT_EQ(s_.ledger.account(s_.town.newcomer.account).enroller, o_.public_key().id());
}

TEST_F(Authority, ARosterVerifiesManyInItsScope) {
  EXPECT_EQ(as(open(stranger_, Level::phone, "", "/lijing/04"), {&s_.town.server, &stranger_.key}), taken_);
  Roster roster{"/lijing/03", {s_.town.newcomer.account, s_.town.resident.account}};
  auto wide = roster;
  wide.accounts.push_back(stranger_.account);
  EXPECT_EQ(as(wide, {&o_}), Code::out_of_scope);
  EXPECT_EQ(s_.ledger.account(s_.town.newcomer.account).level, Level::phone);  // all or nothing
  EXPECT_EQ(as(roster, {&o_}), taken_);
  EXPECT_EQ(s_.ledger.account(s_.town.newcomer.account).level, Level::verified);
  EXPECT_EQ(as(roster, {&o_}), Code::state_unchanged);
}

TEST_F(Authority, AnImportNeedsTwoAdministrators) {
  Import import{
      {{stranger_.account, "/lijing/03", "Z9"}, {AccountId{stranger_.account.value + 1}, "/jiulong", ""}}};
  EXPECT_EQ(as(import, {&a_}), Code::needs_second_person);
  EXPECT_EQ(as(import, {&a_, &b_}), taken_);
  EXPECT_EQ(s_.ledger.account(stranger_.account).level, Level::verified);
  EXPECT_EQ(as(import, {&a_, &b_}), Code::account_exists);
  AccountId twice{stranger_.account.value + 2};
  EXPECT_EQ(unspoken(Import{}, {&a_, &b_}), Code::state_unchanged);
  EXPECT_EQ(unspoken(Import{{{twice, "/", ""}, {twice, "/", ""}}}, {&a_, &b_}), Code::account_exists);
}

TEST_F(Authority, NobodyImportsTheirOwnHousehold) {
  struct Case {
    const char* household;
    std::optional<Code> code;
  };
  for (auto [household, code] :
       {Case{"A1", Code::own_benefit}, Case{"B1", Code::own_benefit}, Case{"Z9", {}}, Case{"", {}}}) {
    Scene scene = s_;
    Import import{{{stranger_.account, "/lijing/03", household}}};
    EXPECT_EQ(scene.refusal(scene.town.sign(import, {&a_, &b_})), code) << household;
  }
  // Whom they brought in so does nothing for them in return.
  EXPECT_EQ(as(Import{{{stranger_.account, "/", "Z9"}}}, {&a_, &b_}), taken_);
  EXPECT_EQ(as(add(stranger_.account, KeyUse::device, stranger_.key), {&o_, &stranger_.key}),
            Code::out_of_scope);
  EXPECT_EQ(as(Move{stranger_.account, "/lijing/03", "Z9"}, {&o_}), Code::out_of_scope);
  EXPECT_EQ(as(GrantRole{stranger_.account, Role::officer, "/", s_.town.now_us, 0}, {&roots_[0], &roots_[1]}),
            taken_);
  EXPECT_EQ(as(add(stranger_.account, KeyUse::device, stranger_.key), {&a_, &b_, &stranger_.key}), taken_);
  for (const auto* administrator : {&s_.town.admin_a, &s_.town.admin_b})
    EXPECT_EQ(as(parse_payload(s_.town.award(*administrator, 5).payload)->body, {&stranger_.key}),
              Code::approver_reciprocal);
}

TEST_F(Authority, NeitherOfTheTwoActsOnStaffOfTheirHousehold) {
  Member third{{kFirstFreeAccount + 502}, test_key("third administrator")};
  EXPECT_EQ(as(open(third, Level::verified, "T1"), {&roots_[0], &roots_[1], &third.key}), taken_);
  EXPECT_EQ(
      as(GrantRole{third.account, Role::administrator, "/", s_.town.now_us, 0}, {&roots_[0], &roots_[1]}),
      taken_);
  AccountId officer = s_.town.officer.account;
  s_.change_account(officer, [](Account& account) { account.household = "B1"; });
  auto phone = test_key("staff phone"), ticket = test_key("staff ticket");
  const Body move = Move{officer, "/lijing/04", "C9"};
  const Body freeze = SetState{officer, AccountState::frozen, ""};
  for (const Body& body : {move, freeze}) {
    for (auto [first, second] : {std::pair(&a_, &b_), std::pair(&b_, &a_)})
      EXPECT_EQ(as(body, {first, second}), Code::own_benefit) << body.index();
    Scene made_up_for = s_;
    EXPECT_EQ(made_up_for.refusal(s_.town.sign(body, {&a_, &b_, &third.key})), taken_) << body.index();
  }
  for (auto use : {KeyUse::device, KeyUse::ticket}) {
    const auto& key = use == KeyUse::device ? phone : ticket;
    const Body bring = add(officer, use, key, s_.town.now_us + kDayUs);
    for (auto [first, second] : {std::pair(&a_, &b_), std::pair(&b_, &a_)})
      EXPECT_EQ(as(bring, {first, second, &key}), Code::own_benefit) << name(use);
    EXPECT_EQ(as(bring, {&a_, &third.key, &key}), taken_) << name(use);
  }
  // To the keys of their own account an administrator may sign beside another one.
  auto own = test_key("administrator's second phone"), later = test_key("administrator's third phone");
  EXPECT_EQ(as(add(s_.town.admin_a.account, KeyUse::device, own), {&a_, &b_, &own}), taken_);
  EXPECT_EQ(as(add(s_.town.admin_a.account, KeyUse::device, later), {&b_, &own, &later}), taken_);
}

TEST_F(Authority, AHouseholdThatWasLeftLatelyStillCounts) {
  auto second = second_officer();
  const auto& who = s_.town.resident;
  s_.change_account(who.account, [](Account& account) { account.household = "C1"; });
  EXPECT_EQ(s_.refusal(s_.town.award(who, 5)), Code::own_benefit);
  EXPECT_EQ(as(Move{who.account, "/lijing/03", "Y1"}, {&second.key}), taken_);
  EXPECT_EQ(s_.refusal(s_.town.award(who, 5)), Code::own_benefit);
  EXPECT_EQ(s_.refusal(s_.town.check_in(who)), Code::own_benefit) << "the site code is the officer's";
  EXPECT_EQ(s_.refusal(s_.town.award(s_.town.sibling, 5)), taken_) << "who never lived there";
  s_.later(30 * kDayUs - 1);
  EXPECT_EQ(s_.refusal(s_.town.award(who, 5)), Code::own_benefit);
  s_.later(1);
  EXPECT_EQ(s_.refusal(s_.town.award(who, 5)), taken_);
  // And the same where it was the signer who moved.
  EXPECT_EQ(as(Move{s_.town.officer.account, "/lijing/03", "Y2"}, {&a_, &b_}), taken_);
  s_.change_account(who.account, [](Account& account) { account.household = "C1"; });
  EXPECT_EQ(s_.refusal(s_.town.award(who, 5)), Code::own_benefit);
}

TEST_F(Authority, MovingNeedsBothPlaces) {
  AccountId resident = s_.town.resident.account;
  EXPECT_EQ(as(Move{resident, "/lijing/04", "H9"}, {&o_}), taken_);
  EXPECT_EQ(s_.ledger.account(resident).scope, "/lijing/04");
  EXPECT_EQ(as(Move{resident, "/lijing/04", "H9"}, {&o_}), Code::state_unchanged);
  EXPECT_EQ(as(Move{s_.town.officer.account, "/lijing/04", "C2"}, {&o_}), Code::signer_not_allowed);
  EXPECT_EQ(as(Move{s_.town.sibling.account, "/jiulong", "C2"}, {&o_}), Code::out_of_scope);
  s_.change_account(s_.town.sibling.account, [](Account& account) { account.household = "C1"; });
  EXPECT_EQ(as(Move{s_.town.sibling.account, "/lijing/04", "C1"}, {&o_}), Code::own_benefit);
  EXPECT_EQ(as(Move{s_.town.shop.account, "/lijing/04", ""}, {&o_}), Code::account_wrong_kind);
}

TEST_F(Authority, StatesAreTheOfficersAndAdministrators) {
  EXPECT_EQ(as(SetState{s_.town.resident.account, AccountState::frozen, ""}, {&a_}),
            Code::signer_not_allowed);
  EXPECT_EQ(as(SetState{s_.town.shop.account, AccountState::frozen, ""}, {&o_}), Code::signer_not_allowed);
  EXPECT_EQ(as(SetState{s_.town.shop.account, AccountState::frozen, ""}, {&a_}), taken_);
  EXPECT_EQ(as(SetState{kIssuance, AccountState::frozen, ""}, {&a_}), Code::account_wrong_kind);
  EXPECT_EQ(as(SetState{s_.town.officer.account, AccountState::frozen, ""}, {&o_}), Code::signer_not_allowed);
  s_.change_account(s_.town.sibling.account, [](Account& account) { account.household = "C1"; });
  EXPECT_EQ(as(SetState{s_.town.sibling.account, AccountState::frozen, ""}, {&o_}), Code::own_benefit);
  EXPECT_EQ(as(SetState{s_.town.resident.account, AccountState::closed, ""}, {&o_}), taken_);
  EXPECT_EQ(as(SetState{s_.town.resident.account, AccountState::open, ""}, {&o_}), Code::account_closed);
}

TEST_F(Authority, AFullAccountIsNotClosed) {
  s_.must(s_.town.check_in(s_.town.resident));
  auto close = SetState{s_.town.resident.account, AccountState::closed, "moved away"};
  EXPECT_EQ(as(close, {&o_}), Code::account_not_empty);
  s_.must(s_.town.redeem(s_.town.resident, 50));
  EXPECT_EQ(as(close, {&o_}), taken_);
}

TEST_F(Authority, TheServerOpensOnlySoManyPhonesAnHour) {
  s_.change_policy([](Policy& policy) { policy.limits.phone_opens_hour = 3; });
  auto enrol = [&](std::uint64_t n) {
    Member who{{kFirstFreeAccount + 700 + n}, test_key("phone " + std::to_string(n))};
    return as(open(who, Level::phone, ""), {&s_.town.server, &who.key});
  };
  EXPECT_EQ(enrol(1), taken_);  // the town's newcomer was the first
  EXPECT_EQ(enrol(2), taken_);
  EXPECT_EQ(enrol(3), Code::rate_limited);
  s_.later(20 * kMinuteUs);  // 10:00
  EXPECT_EQ(enrol(3), taken_);
}

}  // namespace
}  // namespace dfb::test
