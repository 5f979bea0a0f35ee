// Who brings keys in and who revokes them: devices, tickets, tills, site keys.
#include "tests/unit/book/authority.h"

namespace dfb::test {
namespace {

using namespace book;

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

}  // namespace
}  // namespace dfb::test
