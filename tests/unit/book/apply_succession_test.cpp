// The roots and the server's key, and who comes after them; a witness that goes.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

class Succession : public testing::Test {
 protected:
  std::optional<Code> as(const Body& body, std::initializer_list<const PrivateKey*> keys) {
    return s.refusal(s.town.sign(body, keys));
  }
  static ReplaceRoots roots(std::int64_t threshold, std::initializer_list<const PrivateKey*> keys) {
    ReplaceRoots set{threshold, {}};
    for (const auto* key : keys) set.roots.push_back(key->public_key().spki());
    return set;
  }
  static NextServerKey server(const PrivateKey& key, TimeUs until_us) {
    return {key.public_key().spki(), until_us};
  }
  // Something that the roots alone may do, each time for somebody else.
  std::optional<Code> grant_by(std::initializer_list<const PrivateKey*> keys) {
    GrantRole grant{s.town.sibling.account, Role::auditor, "/", s.town.now_us, 0};
    grant.until_us = s.town.now_us + kDayUs + ++granted_;
    return as(grant, keys);
  }
  std::optional<Code> opened_by(const PrivateKey& key) {
    const Member who{{kFirstFreeAccount + 800 + ++opened_}, test_key("walker " + std::to_string(opened_))};
    return as(s.town.open_resident(who, "/lijing/03", "", Level::phone), {&key, &who.key});
  }
  KeyRow row(const PrivateKey& key) const {
    return s.ledger.rows().get<KeyRow>({key.public_key().id()}).value();
  }

  Scene s = founded();
  const PrivateKey &a = s.town.admin_a.key, &b = s.town.admin_b.key;
  const PrivateKey &r0 = s.town.roots[0], &r1 = s.town.roots[1], &r2 = s.town.roots[2];
  const PrivateKey n0 = test_key("new root 0"), n1 = test_key("new root 1"), n2 = test_key("new root 2");
  const std::optional<Code> taken = std::nullopt;
  int granted_ = 0;
  std::uint64_t opened_ = 0;
};

TEST_F(Succession, OneRootIsReplacedByThePresentOnesAndProvesItsKey) {
  const auto next = roots(2, {&r0, &r1, &n2});
  EXPECT_EQ(as(next, {&a, &b, &n2}), Code::key_wrong_use);
  EXPECT_EQ(as(next, {&r0, &n2}), Code::too_few_roots)
      << "the new root's signature proves, and decides nothing";
  EXPECT_EQ(as(next, {&r0, &r1}), Code::possession_not_proven);
  EXPECT_EQ(as(next, {&n2, &r0, &r1}), Code::key_not_enrolled) << "`by` is a present root";
  EXPECT_EQ(as(next, {&r0, &r1, &n2, &n1}), Code::key_not_enrolled) << "a stranger beside them";
  EXPECT_EQ(as(next, {&r0, &r1, &n2}), taken);
  EXPECT_EQ(row(r2).revoked_us, s.town.now_us);
  EXPECT_EQ(row(n2).use, KeyUse::root);
  EXPECT_EQ(row(n2).enroller, r0.public_key().id());
  EXPECT_EQ(grant_by({&r0, &r2}), Code::key_revoked);
  EXPECT_EQ(grant_by({&r2, &r0}), Code::key_revoked);
  EXPECT_EQ(grant_by({&r0, &r1, &r2}), Code::key_revoked) << "also beside enough others";
  EXPECT_EQ(grant_by({&r0}), Code::too_few_roots);
  EXPECT_EQ(grant_by({&n2, &r1}), taken);
}

TEST_F(Succession, AWholeSetIsReplacedInOneEntryAndItsThresholdCounts) {
  const PrivateKey n3 = test_key("new root 3");
  ASSERT_EQ(as(roots(3, {&n0, &n1, &n2, &n3}), {&r1, &r2, &n0, &n1, &n2, &n3}), taken);
  EXPECT_EQ(s.ledger.rows().get<LedgerRow>({1})->threshold, 3);
  EXPECT_EQ(grant_by({&r0, &r1, &r2}), Code::key_revoked);
  EXPECT_EQ(grant_by({&n0, &n1}), Code::too_few_roots);
  EXPECT_EQ(grant_by({&n0, &n1, &n3}), taken);
  EXPECT_EQ(as(roots(2, {&n0, &n1, &n2, &r0}), {&n0, &n1, &n2, &r0}), Code::key_revoked);
  EXPECT_EQ(as(roots(2, {&n0, &n1, &n2, &r0}), {&n0, &n1, &n2}), Code::key_exists)
      << "a former root stays out";
  EXPECT_EQ(as(roots(2, {&n0, &n1, &n2}), {&n0, &n1, &n2}), taken) << "with a lower threshold";
  EXPECT_EQ(grant_by({&n0, &n1}), taken);
}

TEST_F(Succession, ASetOfRootsHasToBeOne) {
  EXPECT_EQ(as(roots(2, {&r0, &r1, &r2}), {&r0, &r1}), Code::state_unchanged);
  EXPECT_EQ(as(roots(2, {&r2, &r1, &r0}), {&r0, &r1}), Code::state_unchanged) << "in another order";
  EXPECT_EQ(as(roots(2, {&r0, &r1}), {&r0, &r1}), Code::too_few_roots);
  EXPECT_EQ(as(roots(1, {&r0, &r1, &r2}), {&r0, &r1}), Code::too_few_roots);
  EXPECT_EQ(as(roots(2, {&r0, &r1, &a}), {&r0, &r1, &a}), Code::key_exists) << "an administrator's phone";
  EXPECT_EQ(as(roots(2, {&r0, &r1, &s.town.server}), {&r0, &r1, &s.town.server}), Code::key_exists);
  EXPECT_EQ(as(RevokeKey{r2.public_key().id(), ""}, {&r0, &r1}), Code::key_wrong_use);
}

TEST_F(Succession, RefusalsKeepTheirOrder) {
  const auto next = roots(1, {&r0, &r1, &n2});
  EXPECT_EQ(as(next, {&n2}), Code::key_not_enrolled);
  EXPECT_EQ(as(next, {&a}), Code::key_wrong_use);
  EXPECT_EQ(as(next, {&r0}), Code::possession_not_proven);
  EXPECT_EQ(as(next, {&r0, &n2}), Code::too_few_roots);
  EXPECT_EQ(as(server(n0, s.town.now_us), {&r0}), Code::key_outside_dates);
  EXPECT_EQ(as(server(r2, 0), {&r0}), Code::key_exists);
}

TEST_F(Succession, TheRootsNameWithinSevenDays) {
  auto line = s.town.sign(roots(2, {&r0, &r1, &n2}), {&r0, &r1, &n2});
  auto payload = parse_payload(line.payload).value();
  payload.not_after_us = s.town.now_us + 7 * kDayUs;
  s.must(s.town.sign(payload, {&r0, &r1, &n2}));
}

TEST_F(Succession, TheServersKeysSignSideBySideUntilTheFormerEnds) {
  const PrivateKey &old = s.town.server, &next = n0;
  const TimeUs until_us = s.town.now_us + 30 * kDayUs;
  EXPECT_EQ(as(server(next, until_us), {&a, &b, &next}), Code::key_wrong_use);
  EXPECT_EQ(as(server(next, until_us), {&r0, &next}), Code::too_few_roots);
  EXPECT_EQ(as(server(next, until_us), {&r0, &r1}), Code::possession_not_proven);
  EXPECT_EQ(as(server(next, s.town.now_us), {&r0, &r1, &next}), Code::key_outside_dates);
  EXPECT_EQ(as(server(old, until_us), {&r0, &r1, &old}), Code::key_exists);
  EXPECT_EQ(as(server(next, until_us), {&r0, &r1, &next}), taken);
  EXPECT_EQ(opened_by(old), taken);
  EXPECT_EQ(opened_by(next), taken);
  s.later(30 * kDayUs);
  EXPECT_EQ(opened_by(old), Code::key_outside_dates);
  EXPECT_EQ(opened_by(next), taken);
  EXPECT_EQ(as(server(old, 0), {&r0, &r1, &old}), Code::key_outside_dates) << "for good";
}

TEST_F(Succession, ACopiedServerKeyEndsAtOnceAlsoDuringAnOverlap) {
  ASSERT_EQ(as(server(n0, s.town.now_us + 30 * kDayUs), {&r0, &r1, &n0}), taken);
  ASSERT_EQ(as(server(n1, s.town.now_us + 60 * kDayUs), {&r0, &r1, &n1}), taken);
  EXPECT_EQ(row(s.town.server).until_us, s.town.now_us + 30 * kDayUs) << "it was to end sooner";
  EXPECT_EQ(row(n0).until_us, s.town.now_us + 60 * kDayUs);
  ASSERT_EQ(as(server(n2, 0), {&r0, &r1, &n2}), taken);
  for (const PrivateKey& key : {s.town.server, n0, n1}) EXPECT_EQ(opened_by(key), Code::key_revoked);
  EXPECT_EQ(opened_by(n2), taken);
}

TEST_F(Succession, AKeyThatHasEndedIsLeftAsItWas) {
  ASSERT_EQ(as(server(n0, s.town.now_us + kDayUs), {&r0, &r1, &n0}), taken);
  s.later(2 * kDayUs);
  ASSERT_EQ(as(server(n1, 0), {&r0, &r1, &n1}), taken);
  EXPECT_EQ(row(s.town.server).revoked_us, 0);
  EXPECT_EQ(s.ledger.rows().get<LedgerRow>({1})->servers, std::vector<KeyId>{n1.public_key().id()});
}

TEST_F(Succession, AWitnessGoesByTwoAndMayComeAgain) {
  const AddWitness named{"station.example/w1", "station.example/w1+530d903a+BOky"};
  const EndWitness gone{"station.example/w1"};
  EXPECT_EQ(as(gone, {&a, &b}), Code::state_unchanged);
  ASSERT_EQ(as(named, {&a, &b}), taken);
  EXPECT_EQ(as(gone, {&a}), Code::needs_second_person);
  EXPECT_EQ(as(gone, {&r0, &r1}), Code::key_wrong_use);
  EXPECT_EQ(as(EndWitness{"school.example/w2"}, {&a, &b}), Code::state_unchanged);
  EXPECT_EQ(as(gone, {&a, &b}), taken);
  EXPECT_EQ(as(gone, {&a, &b}), Code::state_unchanged);
  EXPECT_EQ(as(AddWitness{named.name, "station.example/w1+00000001+BOkz"}, {&a, &b}), taken);
}

}  // namespace
}  // namespace dfb::test
