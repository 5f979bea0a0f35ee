// Who may do what: genesis, people, keys, roles, approvals.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

class Authority : public testing::Test {
 protected:
  // What becomes of the body when these keys sign it.
  std::optional<Code> as(const Body& body, std::initializer_list<const PrivateKey*> keys) {
    return s_.refusal(s_.town.sign(body, keys));
  }
  // The same for a body that no payload can say: the rules do not rely on the parser.
  std::optional<Code> unspoken(const Body& body, std::initializer_list<const PrivateKey*> keys) {
    Command command;
    command.payload = {s_.town.next_id(), (*keys.begin())->public_key().id(), s_.town.now_us + 1, body, {}};
    for (const auto* key : keys) command.signers.push_back(key->public_key().id());
    auto answer = s_.ledger.apply(command, s_.town.now_us);
    return answer ? std::nullopt : std::optional(answer.error().code);
  }
  Open open(const Member& who, Level level, std::string household = "Z9", std::string scope = "/lijing/03") {
    return s_.town.open_resident(who, std::move(scope), std::move(household), level);
  }
  AddKey add(AccountId account, KeyUse use, const PrivateKey& key, TimeUs until_us = 0) {
    return {account, use, key.public_key().spki(), until_us, use == KeyUse::site ? "lianxinqiao" : ""};
  }
  // An officer of /lijing made by the administrators, from a resident whom the officer opened.
  Member second_officer() {
    Member who{{kFirstFreeAccount + 501}, test_key("second officer")};
    EXPECT_EQ(as(open(who, Level::verified), {&roots_[0], &roots_[1], &who.key}), std::nullopt);
    EXPECT_EQ(as(GrantRole{who.account, Role::officer, "/lijing", s_.town.now_us, 0}, {&a_, &b_}),
              std::nullopt);
    return who;
  }

  Scene s_ = founded();
  const std::vector<PrivateKey>& roots_ = s_.town.roots;
  const PrivateKey &a_ = s_.town.admin_a.key, &b_ = s_.town.admin_b.key, &o_ = s_.town.officer.key;
  Member stranger_{{kFirstFreeAccount + 500}, test_key("stranger")};
  const std::optional<Code> taken_ = std::nullopt;
};

TEST_F(Authority, GenesisIsEntryZeroAndNothingElse) {
  EXPECT_EQ(s_.refusal(s_.town.founding().front()), Code::signer_not_allowed);
  Town other;
  for (auto& root : other.roots) root = PrivateKey::generate(Algorithm::p256);
  other.server = PrivateKey::generate(Algorithm::p256);
  EXPECT_EQ(s_.refusal(other.founding().front()), Code::exists_with_different_content);
  Payload fresh = parse_payload(other.founding().front().payload).value();
  fresh.id = s_.town.next_id();
  EXPECT_EQ(s_.refusal(other.sign(fresh, {&other.roots[0], &other.roots[1], &other.roots[2], &other.server})),
            Code::signer_not_allowed);
  MemoryLedger empty;
  EXPECT_EQ(empty.apply(s_.town.founding()[1], s_.town.now_us).error().code, Code::key_not_enrolled);
}

TEST_F(Authority, GenesisNeedsThreeRootsAndAllSignatures) {
  Town town;
  auto with = [&](auto change, std::initializer_list<const PrivateKey*> keys) {
    Payload payload = parse_payload(town.founding().front().payload).value();
    change(std::get<Genesis>(payload.body));
    auto answer = MemoryLedger().apply(town.sign(payload, keys), town.now_us);
    return answer ? std::nullopt : std::optional(answer.error().code);
  };
  const auto& r = town.roots;
  auto same = [](Genesis&) {};
  EXPECT_EQ(with(same, {&r[0], &r[1], &r[2], &town.server}), std::nullopt);
  EXPECT_EQ(with(same, {&r[0], &r[1], &town.server}), Code::possession_not_proven);
  EXPECT_EQ(with(same, {&r[0], &r[1], &r[2]}), Code::possession_not_proven);
  EXPECT_EQ(with(same, {&r[0], &r[1], &r[2], &town.server, &a_}), Code::key_not_enrolled);
  EXPECT_EQ(with([](Genesis& g) { g.roots.pop_back(); }, {&r[0], &r[1], &town.server}), Code::too_few_roots);
  EXPECT_EQ(with([](Genesis& g) { g.server = g.roots[0]; }, {&r[0], &r[1], &r[2]}), Code::key_exists);
}

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

TEST_F(Authority, AFrozenOfficerHasNoPower) {
  s_.change_account(s_.town.officer.account, [](Account& account) { account.state = AccountState::frozen; });
  EXPECT_EQ(s_.refusal(s_.town.award(s_.town.resident, 5)), Code::signer_not_allowed);
}

TEST_F(Authority, DevicesComeFromADeviceATicketOrAnOfficer) {
  AccountId resident = s_.town.resident.account;
  auto key = test_key("new phone");
  EXPECT_EQ(as(add(resident, KeyUse::device, key), {&s_.town.sibling.key, &key}), Code::signer_not_allowed);
  EXPECT_EQ(as(add(resident, KeyUse::device, key), {&a_, &key}), Code::signer_not_allowed);
  EXPECT_EQ(as(add(resident, KeyUse::till, key), {&s_.town.resident.key, &key}), Code::account_wrong_kind);
  EXPECT_EQ(unspoken(add(resident, KeyUse::root, key), {&s_.town.resident.key, &key}),
            Code::account_wrong_kind);
  EXPECT_EQ(as(add(resident, KeyUse::device, key), {&o_, &key}), taken_);
  auto second = test_key("newer phone");
  EXPECT_EQ(as(add(resident, KeyUse::device, second), {&key, &second}), taken_);
  EXPECT_EQ(s_.ledger.account(resident).devices.size(), 3u);
  s_.change_account(resident, [](Account& account) { account.state = AccountState::frozen; });
  auto third = test_key("newest phone");
  EXPECT_EQ(as(add(resident, KeyUse::device, third), {&key, &third}), Code::account_frozen);
  EXPECT_EQ(as(add(resident, KeyUse::device, third), {&o_, &third}), taken_);
}

TEST_F(Authority, ATicketBringsInOneKey) {
  auto ticket = PrivateKey::from_ticket("twenty random bytes.");
  auto till = test_key("second till");
  auto issue = [&](TimeUs until_us) {
    return as(add(s_.town.shop.account, KeyUse::ticket, ticket, until_us), {&a_, &ticket});
  };
  EXPECT_EQ(issue(0), Code::key_outside_dates);
  EXPECT_EQ(issue(s_.town.now_us + 31 * kDayUs + 1), Code::key_outside_dates);
  EXPECT_EQ(issue(s_.town.now_us + 31 * kDayUs), taken_);
  EXPECT_EQ(as(add(s_.town.other_shop.account, KeyUse::till, till), {&ticket, &till}),
            Code::signer_not_allowed);
  EXPECT_EQ(as(add(s_.town.shop.account, KeyUse::till, till), {&ticket, &till}), taken_);
  auto third = test_key("third till");
  EXPECT_EQ(as(add(s_.town.shop.account, KeyUse::till, third), {&ticket, &third}), Code::key_revoked);
  EXPECT_EQ(as(Cancel{s_.town.next_id()}, {&ticket}), Code::key_revoked);
}

TEST_F(Authority, ATicketEndsWithItsDate) {
  auto ticket = test_key("ticket"), phone = test_key("phone");
  EXPECT_EQ(
      as(add(s_.town.resident.account, KeyUse::ticket, ticket, s_.town.now_us + kDayUs), {&o_, &ticket}),
      taken_);
  EXPECT_EQ(
      as(add(s_.town.resident.account, KeyUse::ticket, phone, s_.town.now_us + kDayUs), {&ticket, &phone}),
      Code::key_wrong_use);
  s_.later(kDayUs);
  EXPECT_EQ(as(add(s_.town.resident.account, KeyUse::device, phone), {&ticket, &phone}),
            Code::key_outside_dates);
}

TEST_F(Authority, StaffKeysNeedTwoAdministrators) {
  AccountId officer = s_.town.officer.account;
  auto phone = test_key("staff phone"), ticket = test_key("staff ticket");
  EXPECT_EQ(as(add(officer, KeyUse::device, phone), {&o_, &phone}), Code::signer_not_allowed);
  EXPECT_EQ(as(add(officer, KeyUse::device, phone), {&a_, &phone}), Code::needs_second_person);
  EXPECT_EQ(as(add(officer, KeyUse::device, phone), {&a_, &b_, &phone}), taken_);
  EXPECT_EQ(as(add(officer, KeyUse::ticket, ticket, s_.town.now_us + kDayUs), {&a_, &b_, &ticket}), taken_);
  auto second = test_key("second staff phone");
  EXPECT_EQ(as(add(officer, KeyUse::device, second), {&ticket, &second}), taken_);
}

TEST_F(Authority, ATicketFromBeforeTheRoleIsWorthless) {
  auto ticket = test_key("early ticket"), phone = test_key("late phone");
  AccountId resident = s_.town.resident.account;
  EXPECT_EQ(
      as(add(resident, KeyUse::ticket, ticket, s_.town.now_us + kDayUs), {&s_.town.resident.key, &ticket}),
      taken_);
  EXPECT_EQ(as(GrantRole{resident, Role::reviewer, "/lijing", s_.town.now_us, 0}, {&a_, &b_}), taken_);
  EXPECT_EQ(as(add(resident, KeyUse::device, phone), {&ticket, &phone}), Code::needs_second_person);
}

TEST_F(Authority, OneAdministratorAloneDoesNotTouchStaff) {
  AccountId officer = s_.town.officer.account;
  auto freeze = SetState{officer, AccountState::frozen, "dispute"};
  auto move = book::Move{officer, "/lijing/04", "C1"};
  auto revoke = RevokeKey{o_.public_key().id(), "lost"};
  for (const Body& body : {Body(freeze), Body(move), Body(revoke)}) {
    EXPECT_EQ(as(body, {&a_}), Code::needs_second_person);
    EXPECT_EQ(as(body, {&roots_[0]}), Code::too_few_roots);
    auto in_two_days = s_.town.sign(body, {&a_, &b_});
    Payload slow = parse_payload(in_two_days.payload).value();
    slow.not_after_us = s_.town.now_us + 2 * kDayUs;
    auto scene = s_, other = s_;
    EXPECT_EQ(scene.refusal(s_.town.sign(slow, {&a_, &b_})), taken_) << "two people need time to sign";
    EXPECT_EQ(other.refusal(s_.town.sign(body, {&roots_[0], &roots_[1]})), taken_);
  }
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

TEST_F(Authority, AnAccountBringsInTwelveKeysADay) {
  const auto& own = s_.town.resident;
  std::optional<Code> last;
  for (int n = 0; n < 13; ++n) {
    auto ticket = test_key("ticket " + std::to_string(n));
    last = as(add(own.account, KeyUse::ticket, ticket, s_.town.now_us + kDayUs), {&own.key, &ticket});
    EXPECT_EQ(last, n < 12 ? taken_ : std::optional(Code::rate_limited)) << n;
  }
  s_.later(kDayUs);
  auto ticket = test_key("ticket of the next day");
  EXPECT_EQ(as(add(own.account, KeyUse::ticket, ticket, s_.town.now_us + kDayUs), {&own.key, &ticket}),
            taken_);
}

TEST_F(Authority, APhoneBroughtInByAnOfficerBesideALiveOneWaitsBeforeItPays) {
  const auto& own = s_.town.resident;
  s_.must(s_.town.award(own, 100));
  auto by_officer = Member{own.account, test_key("by officer")};
  auto by_ticket = Member{own.account, test_key("by ticket")};
  auto by_self = Member{own.account, test_key("by self")};
  auto ticket = test_key("officer's ticket");
  EXPECT_EQ(as(add(own.account, KeyUse::device, by_self.key), {&own.key, &by_self.key}), taken_);
  EXPECT_EQ(as(add(own.account, KeyUse::device, by_officer.key), {&o_, &by_officer.key}), taken_);
  EXPECT_EQ(as(add(own.account, KeyUse::ticket, ticket, s_.town.now_us + kDayUs), {&o_, &ticket}), taken_);
  EXPECT_EQ(as(add(own.account, KeyUse::device, by_ticket.key), {&ticket, &by_ticket.key}), taken_);
  EXPECT_EQ(s_.refusal(s_.town.redeem(by_self, 5)), taken_);
  EXPECT_EQ(s_.refusal(s_.town.redeem(by_officer, 5)), Code::key_outside_dates);
  EXPECT_EQ(s_.refusal(s_.town.redeem(by_ticket, 5)), Code::key_outside_dates);
  s_.later(24 * kHourUs - 1);
  EXPECT_EQ(s_.refusal(s_.town.redeem(by_officer, 5)), Code::key_outside_dates);
  s_.later(1);
  EXPECT_EQ(s_.refusal(s_.town.redeem(by_officer, 5)), taken_);
  EXPECT_EQ(s_.refusal(s_.town.redeem(by_ticket, 5)), taken_);
}

TEST_F(Authority, WhatStillWaitsBringsInNothingThatDoesNot) {
  const auto& own = s_.town.resident;
  s_.must(s_.town.award(own, 100));
  auto waits = Member{own.account, test_key("waits")};
  auto by_it = Member{own.account, test_key("by the one that waits")};
  auto by_ticket = Member{own.account, test_key("by its ticket")};
  auto ticket = test_key("ticket of the one that waits");
  EXPECT_EQ(as(add(own.account, KeyUse::device, waits.key), {&o_, &waits.key}), taken_);
  s_.later(kHourUs);
  EXPECT_EQ(as(add(own.account, KeyUse::device, by_it.key), {&waits.key, &by_it.key}), taken_);
  EXPECT_EQ(as(add(own.account, KeyUse::ticket, ticket, s_.town.now_us + 2 * kDayUs), {&waits.key, &ticket}),
            taken_);
  EXPECT_EQ(as(add(own.account, KeyUse::device, by_ticket.key), {&ticket, &by_ticket.key}), taken_);
  s_.later(23 * kHourUs - 1);
  for (const auto* phone : {&by_it, &by_ticket}) {
    EXPECT_EQ(s_.refusal(s_.town.redeem(*phone, 5)), Code::key_outside_dates);
    EXPECT_EQ(s_.refusal(s_.town.reserve(*phone, 5, s_.town.now_us + kHourUs)), Code::key_outside_dates);
  }
  s_.later(1);
  for (const auto* phone : {&by_it, &by_ticket}) EXPECT_EQ(s_.refusal(s_.town.redeem(*phone, 5)), taken_);
}

TEST_F(Authority, APhoneAfterALostOnePaysAtOnce) {
  const auto& own = s_.town.resident;
  s_.must(s_.town.award(own, 100));
  auto fresh = Member{own.account, test_key("fresh")};
  EXPECT_EQ(as(RevokeKey{own.key.public_key().id(), "phone lost"}, {&o_}), taken_);
  EXPECT_EQ(as(add(own.account, KeyUse::device, fresh.key), {&o_, &fresh.key}), taken_);
  EXPECT_EQ(s_.refusal(s_.town.redeem(fresh, 5)), taken_);
}

TEST_F(Authority, APolicyNamesTheRulesThatJudge) {
  auto next = s_.town.policy;
  next.version += 1, next.book = 2;
  EXPECT_EQ(s_.refusal(s_.town.publish(next)), Code::policy_invalid);
}

TEST_F(Authority, ARuleThatNobodyVouchesForHasACap) {
  auto next = s_.town.policy;
  next.version += 1;
  next.rules[0].caps = {{CapOf::grid, CapPer::day, 10}};
  EXPECT_EQ(s_.refusal(s_.town.publish(next)), Code::policy_invalid);
  next.rules[0].caps.push_back({CapOf::household, CapPer::day, 10});
  EXPECT_EQ(s_.refusal(s_.town.publish(next)), taken_);
}

TEST_F(Authority, SiteKeysBelongToThoseWhoShowCodes) {
  auto site = test_key("second site");
  EXPECT_EQ(as(add(s_.town.resident.account, KeyUse::site, site), {&s_.town.resident.key, &site}),
            Code::signer_not_allowed);
  EXPECT_EQ(as(add(s_.town.resident.account, KeyUse::site, site), {&o_, &site}), Code::signer_not_allowed);
  EXPECT_EQ(as(add(s_.town.officer.account, KeyUse::site, site), {&o_, &site}), taken_);
}

TEST_F(Authority, RevokingIsForOwnersOfficersAndAdministrators) {
  auto revoke = [](const PrivateKey& key) { return RevokeKey{key.public_key().id(), "lost"}; };
  EXPECT_EQ(as(revoke(s_.town.resident.key), {&s_.town.sibling.key}), Code::signer_not_allowed);
  EXPECT_EQ(as(revoke(s_.town.resident.key), {&s_.town.resident.key}), taken_);
  EXPECT_TRUE(s_.ledger.account(s_.town.resident.account).devices.empty());
  EXPECT_EQ(as(revoke(s_.town.resident.key), {&o_}), Code::state_unchanged);
  EXPECT_EQ(as(revoke(s_.town.sibling.key), {&o_}), taken_);
  EXPECT_EQ(as(revoke(s_.town.shop.key), {&a_}), taken_);
  EXPECT_EQ(as(revoke(a_), {&o_}), Code::signer_not_allowed);
  EXPECT_EQ(as(revoke(s_.town.server), {&a_}), Code::key_wrong_use);
  EXPECT_EQ(as(revoke(test_key("nobody's")), {&a_}), Code::key_not_enrolled);
}

TEST_F(Authority, NoTicketAndNoSiteKeyRevokes) {
  auto ticket = test_key("ticket"), shops_ticket = test_key("shop's ticket"), till = test_key("second till");
  const auto soon = s_.town.now_us + kDayUs;
  const auto& own = s_.town.resident;
  EXPECT_EQ(as(add(own.account, KeyUse::ticket, ticket, soon), {&own.key, &ticket}), taken_);
  EXPECT_EQ(as(add(s_.town.shop.account, KeyUse::ticket, shops_ticket, soon), {&a_, &shops_ticket}), taken_);
  EXPECT_EQ(as(add(s_.town.shop.account, KeyUse::till, till), {&a_, &till}), taken_);
  auto revoke = [](const PrivateKey& key) { return RevokeKey{key.public_key().id(), "lost"}; };
  EXPECT_EQ(as(revoke(own.key), {&ticket}), Code::key_wrong_use);
  EXPECT_EQ(as(revoke(ticket), {&ticket}), Code::key_wrong_use);
  EXPECT_EQ(as(revoke(o_), {&s_.town.site}), Code::key_wrong_use);
  EXPECT_EQ(as(revoke(till), {&shops_ticket}), Code::key_wrong_use);
  EXPECT_EQ(as(revoke(till), {&s_.town.other_shop.key}), Code::key_wrong_use);
  EXPECT_EQ(as(revoke(shops_ticket), {&s_.town.shop.key}), taken_) << "its own shop's till";
  EXPECT_EQ(as(revoke(till), {&s_.town.shop.key}), taken_);
  EXPECT_EQ(as(revoke(ticket), {&own.key}), taken_);
  EXPECT_EQ(as(revoke(s_.town.site), {&o_}), taken_) << "its owner's phone";
}

TEST_F(Authority, OnlyRootsMakeAdministrators) {
  GrantRole grant{s_.town.officer.account, Role::administrator, "/", s_.town.now_us, 0};
  EXPECT_EQ(as(grant, {&a_, &b_}), Code::signer_not_allowed);
  EXPECT_EQ(as(grant, {&roots_[0]}), Code::too_few_roots);
  EXPECT_EQ(as(grant, {&roots_[0], &a_}), Code::too_few_roots);
  EXPECT_EQ(as(grant, {&a_, &roots_[0], &roots_[1]}), Code::signer_not_allowed);
  EXPECT_EQ(as(grant, {&roots_[2], &roots_[0]}), taken_);
  EXPECT_EQ(as(EndRole{s_.town.officer.account, Role::administrator, "/"}, {&roots_[1], &roots_[2]}), taken_);
  EXPECT_EQ(as(EndRole{s_.town.officer.account, Role::administrator, "/"}, {&roots_[1], &roots_[2]}),
            Code::state_unchanged);
}

TEST_F(Authority, ARoleBelongsToAVerifiedOpenResident) {
  auto grant = [&](AccountId account, TimeUs until_us = 0) {
    return GrantRole{account, Role::reviewer, "/lijing", s_.town.now_us, until_us};
  };
  EXPECT_EQ(as(grant(s_.town.newcomer.account), {&a_, &b_}), Code::level_too_low);
  EXPECT_EQ(as(grant(s_.town.shop.account), {&a_, &b_}), Code::account_wrong_kind);
  EXPECT_EQ(as(grant(s_.town.resident.account, s_.town.now_us), {&a_, &b_}), Code::key_outside_dates);
  EXPECT_EQ(as(grant(s_.town.resident.account, s_.town.now_us + 1), {&a_, &b_}), taken_);
  EXPECT_EQ(as(grant(s_.town.resident.account, s_.town.now_us + 1), {&a_, &b_}), Code::state_unchanged);
  EXPECT_EQ(as(grant(s_.town.admin_a.account), {&a_, &b_}), Code::own_benefit);
  EXPECT_EQ(as(grant(s_.town.admin_b.account), {&a_, &b_}), Code::own_benefit);
  EXPECT_EQ(s_.ledger.rows().get<RoleRow>({s_.town.resident.account})->grants.size(), 1u);
}

TEST_F(Authority, ARoleHasDates) {
  auto officer = second_officer();
  GrantRole later{officer.account, Role::officer, "/lijing", s_.town.now_us + kHourUs,
                  s_.town.now_us + 2 * kHourUs};
  EXPECT_EQ(as(later, {&a_, &b_}), taken_);
  auto level = [&](Level to) { return as(SetLevel{s_.town.newcomer.account, to}, {&officer.key}); };
  EXPECT_EQ(level(Level::verified), Code::signer_not_allowed);
  s_.later(kHourUs);
  EXPECT_EQ(level(Level::verified), taken_);
  s_.later(kHourUs);
  EXPECT_EQ(level(Level::phone), Code::signer_not_allowed);
}

TEST_F(Authority, AnAdministratorsScopeBounds) {
  Member local{{kFirstFreeAccount + 502}, test_key("local administrator")};
  EXPECT_EQ(as(open(local, Level::verified), {&roots_[0], &roots_[1], &local.key}), taken_);
  EXPECT_EQ(as(GrantRole{local.account, Role::administrator, "/lijing", s_.town.now_us, 0},
               {&roots_[0], &roots_[1]}),
            taken_);
  GrantRole wide{s_.town.resident.account, Role::reviewer, "/", s_.town.now_us, 0};
  EXPECT_EQ(as(wide, {&local.key, &a_}), Code::out_of_scope);
  EXPECT_EQ(as(wide, {&a_, &local.key}), Code::approver_not_allowed);
  auto narrow = wide;
  narrow.scope = "/lijing/03";
  EXPECT_EQ(as(narrow, {&local.key, &a_}), taken_);
}

TEST_F(Authority, ThirdSignerMakesUpForAnUnfitSecond) {
  Payload mint = parse_payload(s_.town.mint(5).payload).value();
  EXPECT_EQ(s_.refusal(s_.town.sign(mint, {&a_, &o_, &b_})), taken_);
}

TEST_F(Authority, NobodyApprovesForWhoApprovedForThem) {
  auto second = second_officer();
  auto award = [&](const Member& to, const PrivateKey& by) {
    return s_.refusal(s_.town.sign(parse_payload(s_.town.award(to, 5).payload)->body, {&by}));
  };
  EXPECT_EQ(award(second, o_), taken_);
  EXPECT_EQ(award(s_.town.officer, second.key), Code::approver_reciprocal);
  EXPECT_EQ(award(second, o_), taken_);  // the same way again is no exchange
  s_.later(30 * kDayUs - 1);
  EXPECT_EQ(award(s_.town.officer, second.key), Code::approver_reciprocal);
  s_.later(1);
  EXPECT_EQ(award(s_.town.officer, second.key), taken_);
}

TEST_F(Authority, AGrantedRoleIsABenefitOfBothWhoSigned) {
  // The administrators made the officer one; the officer does nothing for them in return.
  s_.change_account(s_.town.admin_b.account, [](Account& account) { account.scope = "/lijing/03"; });
  EXPECT_EQ(s_.refusal(s_.town.award(s_.town.admin_b, 5)), Code::approver_reciprocal);
}

TEST_F(Authority, ARefusedApprovalIsNotRemembered) {
  auto second = second_officer();
  auto too_much = s_.town.sign(parse_payload(s_.town.award(second, 101).payload)->body, {&o_});
  EXPECT_EQ(s_.refusal(too_much), Code::amount_too_large);
  EXPECT_EQ(
      s_.refusal(s_.town.sign(parse_payload(s_.town.award(s_.town.officer, 5).payload)->body, {&second.key})),
      taken_);
}

}  // namespace
}  // namespace dfb::test
