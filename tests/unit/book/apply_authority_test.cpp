// Who stands above whom: genesis, policies, roles, and the people who approve for each other.
#include "tests/unit/book/authority.h"

namespace dfb::test {
namespace {

using namespace book;

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

TEST_F(Authority, AFrozenOfficerHasNoPower) {
  s_.change_account(s_.town.officer.account, [](Account& account) { account.state = AccountState::frozen; });
  EXPECT_EQ(s_.refusal(s_.town.award(s_.town.resident, 5)), Code::signer_not_allowed);
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
