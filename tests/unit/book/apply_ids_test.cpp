// Ids, retries and burns; and that a ledger rebuilt from the same commands is the same.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

TEST(Ids, AKnownOneIsAnsweredBeforeEveryOtherRule) {
  Scene s = founded();
  auto line = s.town.check_in(s.town.resident);
  s.must(line);
  auto seq = s.ledger.size() - 1;
  s.must(s.town.sign(RevokeKey{s.town.resident.key.public_key().id(), "lost"}, {&s.town.officer.key}));
  s.must(s.town.sign(SetState{s.town.resident.account, AccountState::frozen, ""}, {&s.town.officer.key}));
  s.later(400 * kDayUs);
  auto before = s.ledger.dump();
  auto answer = s.send(line);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_FALSE(answer->outcome);
  EXPECT_EQ(answer->known_seq, seq);
  EXPECT_EQ(s.ledger.dump(), before);
}

TEST(Ids, OtherSignaturesMakeNoOtherCommand) {
  Scene s = founded();
  auto line = s.town.mint(5);
  s.must(line);
  auto again = s.town.sign(parse_payload(line.payload).value(), {&s.town.admin_a.key});
  ASSERT_EQ(again.payload, line.payload);
  EXPECT_EQ(s.send(again)->known_seq, s.ledger.size() - 1);
}

TEST(Ids, ARefusalWithoutAnEntryLeavesTheIdFree) {
  Scene s = founded();
  s.must(s.town.hand_in(100'000));
  auto line = s.town.check_in(s.town.resident);
  EXPECT_EQ(s.refusal(line), Code::budget_exhausted);
  s.must(s.town.mint(1000));
  s.must(line);
}

TEST(Ids, ABurntRefusalStaysWhateverHappensLater) {
  Scene s = founded();
  auto line = s.town.redeem(s.town.resident, 10);
  EXPECT_EQ(s.refusal(line), Code::insufficient_points);
  auto seq = s.ledger.size() - 1;
  s.must(s.town.check_in(s.town.resident));
  EXPECT_EQ(s.send(line)->known_seq, seq);
  EXPECT_EQ(s.balance(s.town.resident), 50);
  EXPECT_EQ(s.refusal(s.town.cancel(line.id)), Code::target_already_undone);
}

TEST(Ids, ACancelBurnsAnUnseenId) {
  Scene s = founded();
  s.must(s.town.check_in(s.town.resident));
  auto line = s.town.redeem(s.town.resident, 10);
  EXPECT_EQ(format_outcome(s.must(s.town.cancel(line.id))), R"({"burnt":")" + to_string(line.id) + R"("})");
  EXPECT_EQ(s.refusal(line), Code::id_burnt);
  EXPECT_EQ(s.refusal(s.town.cancel(line.id)), Code::target_already_undone);
  EXPECT_EQ(s.balance(s.town.resident), 50);
}

TEST(Ids, ACancelDoesNotCancelItself) {
  Scene s = founded();
  auto id = s.town.next_id();
  Payload payload{id, {}, s.town.now_us + kMinuteUs, Cancel{id}};
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.shop.key})), Code::target_not_reversible);
}

TEST(Ids, BurnsAreLimitedPerKeyAndHour) {
  Scene s = founded();
  s.change_policy([](Policy& policy) { policy.limits.burns_hour = 2; });
  s.must(s.town.cancel(s.town.next_id()));
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 10)), Code::insufficient_points);
  auto size = s.ledger.size();
  EXPECT_EQ(s.refusal(s.town.cancel(s.town.next_id())), Code::rate_limited);
  auto third = s.town.redeem(s.town.resident, 10);
  EXPECT_EQ(s.refusal(third), Code::insufficient_points);
  EXPECT_EQ(s.ledger.size(), size);  // refused without an entry
  s.must(s.town.cancel(s.town.next_id(), s.town.other_shop));
  s.later(kHourUs);
  s.must(s.town.cancel(s.town.next_id()));
}

TEST(Ids, AKeyThatMayNotBurnsNothing) {
  Scene s = founded();
  auto size = s.ledger.size();
  Payload payload = parse_payload(s.town.redeem(s.town.resident, 10).payload).value();
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.other_shop.key})), Code::signer_not_allowed);
  s.must(s.town.sign(RevokeKey{s.town.shop.key.public_key().id(), "stolen"}, {&s.town.admin_a.key}));
  EXPECT_EQ(s.refusal(s.town.redeem(s.town.resident, 10)), Code::key_revoked);
  EXPECT_EQ(s.ledger.size(), size + 1);
  s.must(s.town.sign(Cancel{s.town.next_id()}, {&s.town.resident.key}));  // devices cancel too
  EXPECT_EQ(s.refusal(s.town.sign(Cancel{s.town.next_id()}, {&s.town.server})), Code::key_wrong_use);
}

TEST(Ids, TwoSignersHaveSevenDays) {
  Scene s = founded();
  Payload payload = parse_payload(s.town.mint(5).payload).value();
  auto sign = [&] { return s.town.sign(payload, {&s.town.admin_a.key, &s.town.admin_b.key}); };
  payload.not_after_us = s.town.now_us + 7 * kDayUs + 1;
  EXPECT_EQ(s.refusal(sign()), Code::not_after_too_far);
  payload.not_after_us -= 1;
  s.must(sign());
}

// A signature that nobody needs buys no time: else a till's command could lie ready for a week.
TEST(Ids, AnotherSignatureAloneGivesNoSevenDays) {
  Scene s = founded();
  const auto &till = s.town.shop.key, &device = s.town.resident.key, &officer = s.town.officer.key;
  struct Case {
    Body body;
    const PrivateKey &first, &second;
  };
  for (const Case& one : {Case{Cancel{s.town.next_id()}, till, device},
                          Case{SetLevel{s.town.sibling.account, Level::verified}, officer, device},
                          Case{ConfirmClock{s.town.now_us}, s.town.admin_a.key, s.town.admin_b.key}}) {
    Payload payload = parse_payload(s.town.sign(one.body, {&one.first, &one.second}).payload).value();
    payload.not_after_us = s.town.now_us + 5 * kMinuteUs + 1;
    EXPECT_EQ(s.refusal(s.town.sign(payload, {&one.first, &one.second})), Code::not_after_too_far);
  }
}

TEST(Ids, AnAwardHasSevenDaysWhereTwoSign) {
  Scene s = founded();
  Payload payload = parse_payload(s.town.award(s.town.resident, 5).payload).value();
  payload.not_after_us = s.town.now_us + 7 * kDayUs;
  EXPECT_EQ(s.refusal(s.town.sign(payload, {&s.town.officer.key})), Code::not_after_too_far);
  s.must(s.town.sign(payload, {&s.town.officer.key, &s.town.admin_a.key}));
}

TEST(Rebuilding, TheSameCommandsGiveTheSameRowsAndOutcomes) {
  Town town;
  std::vector<std::pair<SignedLine, TimeUs>> entries;
  std::vector<std::string> outcomes;
  MemoryLedger first;
  auto send = [&](const SignedLine& line) {
    auto answer = first.apply(line, town.now_us);
    if (!answer || !answer->outcome) return;
    entries.emplace_back(line, town.now_us);
    outcomes.push_back(format_outcome(*answer->outcome));
  };
  for (const auto& line : town.founding()) send(line);
  for (int i = 0; i < 40; ++i, town.now_us += 7 * kHourUs) {
    send(town.check_in(i % 2 ? town.resident : town.sibling));
    auto sale = town.redeem(i % 3 ? town.resident : town.sibling, 10 + 30 * (i % 3));
    if (i % 7 == 0) send(town.cancel(sale.id));
    send(sale);
    if (i % 4 == 0) send(town.refund(sale.id, town.resident, 5));
    if (i % 5 == 0) send(town.cancel(sale.id));
  }
  ASSERT_GT(entries.size(), 80u);
  MemoryLedger second;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto answer = second.apply(entries[i].first, entries[i].second);
    ASSERT_TRUE(answer && answer->outcome) << i;
    EXPECT_EQ(format_outcome(*answer->outcome), outcomes[i]) << i;
  }
  EXPECT_EQ(second.dump(), first.dump());
  EXPECT_EQ(first.problem(), "");
}

TEST(Batches, ARefusedCommandLeavesTheBatchAsItWas) {
  Scene s = founded();
  State state(s.ledger.rows());
  auto in_batch = [&](const SignedLine& line) {
    auto answer = apply(state, command_of(line), s.town.now_us);
    if (answer) {
      state.accept();
    } else {
      state.drop();
    }
    return answer.has_value();
  };
  EXPECT_TRUE(in_batch(s.town.check_in(s.town.resident)));
  EXPECT_FALSE(in_batch(s.town.check_in(s.town.resident)));
  EXPECT_TRUE(in_batch(s.town.redeem(s.town.resident, 50)));
  EXPECT_EQ(state.find<LedgerRow>({1})->size, s.ledger.size() + 2);
  EXPECT_EQ(state.find<Account>({s.town.shop.account})->balance, Points{50});
}

}  // namespace
}  // namespace dfb::test
