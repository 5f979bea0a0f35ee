// The log's own affairs: the clock, witnesses, its key, its end, and chains of commands.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

class Origin : public testing::Test {
 protected:
  std::optional<Code> as(const Body& body, std::initializer_list<const PrivateKey*> keys) {
    return s.refusal(s.town.sign(body, keys));
  }
  Scene s = founded();
  const PrivateKey &a = s.town.admin_a.key, &b = s.town.admin_b.key;
  const PrivateKey &r0 = s.town.roots[0], &r1 = s.town.roots[1];
  const std::optional<Code> taken = std::nullopt;
};

TEST_F(Origin, AfterALongPauseAnAdministratorConfirmsTheTime) {
  s.change_policy([](Policy& policy) { policy.limits.idle_gap_hours = 24; });
  s.later(24 * kHourUs);
  auto in_time = s;
  EXPECT_EQ(in_time.refusal(in_time.town.check_in(in_time.town.resident)), taken);
  s.later(1);
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), Code::clock_unconfirmed);
  EXPECT_EQ(as(ConfirmClock{s.town.now_us}, {&s.town.officer.key}), Code::signer_not_allowed);
  EXPECT_EQ(as(ConfirmClock{s.town.now_us - 15 * kMinuteUs - 1}, {&a}), Code::clock_unconfirmed);
  EXPECT_EQ(as(ConfirmClock{s.town.now_us - 15 * kMinuteUs}, {&a}), taken);
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.resident)), taken);
}

TEST_F(Origin, AnUnconfirmedClockBurnsNothing) {
  s.change_policy([](Policy& policy) { policy.limits.idle_gap_hours = 24; });
  s.later(25 * kHourUs);
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 10)), Code::clock_unconfirmed);
  EXPECT_EQ(s.ledger.size(), size);
}

TEST_F(Origin, AWitnessIsNamedOnceByTwo) {
  AddWitness witness{"station.example/w1", "station.example/w1+530d903a+BOky"};
  EXPECT_EQ(as(witness, {&a}), Code::needs_second_person);
  EXPECT_EQ(as(witness, {&a, &b}), taken);
  EXPECT_EQ(as(witness, {&a, &b}), Code::key_exists);
}

TEST_F(Origin, TheLogsKeyIsChangedByTheRootsWithAnOverlap) {
  NextLogKey next{"bq.example/points+00000001+AAAA", s.town.now_us + 30 * kDayUs};
  EXPECT_EQ(as(next, {&a, &b}), Code::key_wrong_use);
  EXPECT_EQ(as(next, {&r0}), Code::too_few_roots);
  EXPECT_EQ(as(NextLogKey{"other.example/points+00000001+AAAA", next.until_us}, {&r0, &r1}),
            Code::key_wrong_use);
  EXPECT_EQ(as(NextLogKey{next.vkey, s.town.now_us}, {&r0, &r1}), Code::key_outside_dates);
  EXPECT_EQ(as(NextLogKey{kTownLogVkey, next.until_us}, {&r0, &r1}), Code::key_exists);
  EXPECT_EQ(as(next, {&r0, &r1}), taken);
  auto row = *s.ledger.rows().get<LedgerRow>({1});
  EXPECT_EQ(row.log_vkey, next.vkey);
  EXPECT_EQ(row.former_vkey, kTownLogVkey);
  EXPECT_EQ(row.former_until_us, next.until_us);
  NextLogKey third{"bq.example/points+00000002+AAAA", s.town.now_us + 60 * kDayUs};
  EXPECT_EQ(as(third, {&r0, &r1}), Code::key_exists);
  s.later(30 * kDayUs);
  EXPECT_EQ(as(third, {&r0, &r1}), taken);
}

TEST_F(Origin, NothingFollowsItsEnd) {
  EXPECT_EQ(as(EndOrigin{s.ledger.size() + 1, {}}, {&a, &b}), Code::amount_wrong);
  EXPECT_EQ(as(EndOrigin{s.ledger.size(), {}}, {&a}), Code::needs_second_person);
  auto before = s.town.check_in(s.town.resident);
  s.must(before);
  EXPECT_EQ(as(EndOrigin{s.ledger.size(), {}}, {&a, &b}), taken);
  EXPECT_EQ(s.refusal(s.town.check_in(s.town.sibling)), Code::origin_ended);
  EXPECT_TRUE(s.send(before)->known_seq) << "first answers are given for ever";
}

class Chains : public testing::Test {
 protected:
  std::vector<SignedLine> three() {
    return s.town.chain({{s.town.check_in(s.town.resident), &s.town.resident.key},
                         {s.town.award(s.town.sibling, 5), &s.town.officer.key},
                         {s.town.award(s.town.sibling, 6), &s.town.officer.key}});
  }
  Scene s = founded();
};

TEST_F(Chains, FollowOneAnotherDirectly) {
  auto chain = three();
  EXPECT_EQ(s.refusal(chain[1]), Code::chain_broken);
  s.must(chain[0]);
  EXPECT_EQ(s.refusal(s.town.mint(5)), Code::chain_broken);
  EXPECT_EQ(s.refusal(chain[2]), Code::chain_broken);
  auto other = three();
  EXPECT_EQ(s.refusal(other[0]), Code::chain_broken);
  EXPECT_EQ(s.refusal(other[1]), Code::chain_broken);
  s.must(chain[1]);
  s.must(chain[2]);
  s.must(s.town.mint(5));
  EXPECT_EQ(s.balance(s.town.sibling), 11);
}

TEST_F(Chains, ARefusedMemberBurnsNothing) {
  auto chain = s.town.chain({{s.town.award(s.town.sibling, 5), &s.town.officer.key},
                             {s.town.redeem(s.town.resident, 10), &s.town.shop.key}});
  s.must(chain[0]);
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(chain[1]), Code::insufficient_points);
  EXPECT_EQ(s.ledger.size(), size);
}

}  // namespace
}  // namespace dfb::test
