// Reservations and reviews: set aside, captured, released, cancelled.
#include "tests/unit/book/scene.h"

namespace dfb::test {
namespace {

using namespace book;

class Holds : public testing::Test {
 protected:
  Holds() {
    s.must(s.town.award(who, 50));
    s.change_account(who.account, [](Account& account) {
      account.lots = {lot("2026-12-31", 20), lot("2027-01-31", 30)};
    });
  }
  TimeUs in_hours(std::int64_t hours) const { return s.town.now_us + hours * kHourUs; }
  SignedLine resolve(const Uuid& hold, std::int64_t points, const Member& by) {
    return s.town.sign(
        Resolve{hold, points > 0, points > 0 ? s.town.shop.account : who.account, {points}, ""}, {&by.key});
  }
  Uuid reserved(std::int64_t points, std::int64_t hours = 72) {
    auto line = s.town.reserve(who, points, in_hours(hours));
    s.must(line);
    return line.id;
  }
  std::int64_t held() const { return s.ledger.account(who.account).held.value; }

  Scene s = founded();
  const Member& who = s.town.resident;
};

TEST_F(Holds, AReservationTakesTheFirstLotsAndCountsAtOnce) {
  auto line = s.town.reserve(who, 30, in_hours(72));
  EXPECT_EQ(format_outcome(s.must(line)),
            R"({"policy":1,"ate":[["2026-12-31",20],["2027-01-31",10]],"held":30})");
  EXPECT_EQ(s.balance(who), 50);
  EXPECT_EQ(held(), 30);
  EXPECT_EQ(s.refusal(s.town.redeem(who, 21)), Code::insufficient_points);
  s.later(kPayStepUs);
  s.must(s.town.redeem(who, 20));
}

TEST_F(Holds, AReservationLastsOnlySoLong) {
  EXPECT_EQ(s.refusal(s.town.reserve(who, 5, s.town.now_us)), Code::hold_expired);
  EXPECT_EQ(s.refusal(s.town.reserve(who, 5, in_hours(72) + 1)), Code::code_not_valid_now);
}

TEST_F(Holds, ACaptureIsASaleAndReleasesTheRest) {
  auto hold = reserved(30);
  auto capture = resolve(hold, 25, s.town.shop);
  EXPECT_EQ(format_outcome(s.must(capture)),
            R"({"ate":[["2026-12-31",20],["2027-01-31",5]],"got":[["2027-01-31",5]]})");
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(s.balance(who), 25);
  EXPECT_EQ(s.balance(s.town.shop), 25);
  EXPECT_EQ(s.refusal(resolve(hold, 1, s.town.shop)), Code::hold_resolved);
  EXPECT_EQ(format_outcome(s.must(s.town.refund(capture.id, who, 10))),
            R"({"policy":1,"got":[["2027-01-31",5],["2026-12-31",5]]})");
  EXPECT_EQ(format_outcome(s.must(s.town.cancel(capture.id))),
            R"({"policy":1,"points":15,"got":[["2026-12-31",15]],"undone":23})");
  EXPECT_EQ(s.lots(who), (Lots{lot("2026-12-31", 20), lot("2027-01-31", 30)}));
}

TEST_F(Holds, OnlyTheShopsTillCapturesInTime) {
  auto hold = reserved(30, 1);
  EXPECT_EQ(s.refusal(resolve(hold, 30, who)), Code::key_wrong_use);
  EXPECT_EQ(s.refusal(resolve(hold, 30, s.town.other_shop)), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(resolve(hold, 31, s.town.shop)), Code::amount_too_large);
  auto elsewhere = s.town.sign(Resolve{hold, true, s.town.other_shop.account, {5}, ""}, {&s.town.shop.key});
  EXPECT_EQ(s.refusal(elsewhere), Code::account_wrong_kind);
  s.later(kHourUs);
  EXPECT_EQ(s.refusal(resolve(hold, 30, s.town.shop)), Code::hold_expired);
}

TEST_F(Holds, CapturesGoOnWhenTheAccountIsFrozen) {
  auto hold = reserved(30);
  s.must(s.town.sign(SetState{who.account, AccountState::frozen, ""}, {&s.town.officer.key}));
  EXPECT_EQ(s.refusal(s.town.reserve(who, 5, in_hours(1))), Code::account_frozen);
  s.must(resolve(hold, 30, s.town.shop));
}

TEST_F(Holds, ReleasedByShopPhoneOrTheServerInItsTime) {
  for (const Member& by : {s.town.shop, who}) {
    auto hold = reserved(30);
    EXPECT_EQ(format_outcome(s.must(resolve(hold, 0, by))),
              R"({"got":[["2026-12-31",20],["2027-01-31",10]]})");
    EXPECT_EQ(held(), 0);
  }
  auto hold = reserved(30, 1);
  Member server{{}, s.town.server};
  EXPECT_EQ(s.refusal(resolve(hold, 0, s.town.sibling)), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(resolve(hold, 0, server)), Code::not_yet_expired);
  s.later(kHourUs);
  s.must(resolve(hold, 0, server));
}

TEST_F(Holds, WhatComesBackTooLateLapses) {
  s.town.now_us = day_start_us(day("2026-12-31"));
  auto hold = reserved(30);
  s.town.now_us = day_start_us(day("2027-01-02"));
  EXPECT_EQ(format_outcome(s.must(resolve(hold, 0, who))), R"({"got":[["2027-01-31",10]],"lapsed":20})");
  EXPECT_EQ(s.ledger.balance(kExpired), 20);
  EXPECT_EQ(s.balance(who), 30);
}

TEST_F(Holds, ReservedPointsOfAPassedDayStillBuy) {
  s.town.now_us = day_start_us(day("2026-12-31"));
  auto hold = reserved(30);
  s.town.now_us = day_start_us(day("2027-01-02"));
  EXPECT_EQ(format_outcome(s.must(resolve(hold, 25, s.town.shop))),
            R"({"ate":[["2026-12-31",20],["2027-01-31",5]],"got":[["2027-01-31",5]]})");
}

TEST_F(Holds, ACancelGivesAReservationBack) {
  auto hold = reserved(30);
  EXPECT_EQ(s.refusal(s.town.cancel(hold, s.town.shop)), Code::key_wrong_use);
  EXPECT_EQ(s.refusal(s.town.cancel(hold, s.town.sibling)), Code::signer_not_allowed);
  EXPECT_EQ(format_outcome(s.must(s.town.cancel(hold, who))),
            R"({"points":30,"got":[["2026-12-31",20],["2027-01-31",10]],"undone":22})");
  EXPECT_EQ(s.refusal(s.town.cancel(hold, who)), Code::hold_resolved);
}

TEST_F(Holds, ReservingCountsAsAConfirmedSaleUntilItIsReleased) {
  s.change_policy(
      [](Policy& policy) { policy.limits.quote_points_day = 40, policy.limits.quote_points = 35; });
  EXPECT_EQ(s.refusal(s.town.reserve(who, 36, in_hours(1))), Code::limit_per_sale);
  auto hold = reserved(30);
  EXPECT_EQ(s.refusal(s.town.redeem_confirmed(who, 11, s.town.now_us + 1)), Code::limit_per_day);
  s.must(resolve(hold, 0, who));
  s.must(s.town.redeem_confirmed(who, 11, s.town.now_us + 1));
}

TEST_F(Holds, ARefusedHoldOfTheMomentBurnsItsId) {
  auto line = s.town.reserve(who, 51, in_hours(1));
  EXPECT_EQ(s.refusal(line), Code::insufficient_points);
  s.must(s.town.award(who, 50));
  EXPECT_TRUE(s.send(line)->known_seq);
}

TEST_F(Holds, AnAccountWithHeldPointsIsNotClosed) {
  reserved(30);
  s.must(s.town.redeem(who, 20));
  EXPECT_EQ(s.refusal(s.town.sign(SetState{who.account, AccountState::closed, ""}, {&s.town.officer.key})),
            Code::account_not_empty);
}

// ---- reviews

class Reviews : public testing::Test {
 protected:
  Reviews() {
    s.change_policy([](Policy& policy) { policy.rules[2].review = Review::all; });  // report
    const auto &r0 = s.town.roots[0], &r1 = s.town.roots[1];
    s.must(s.town.sign(s.town.open_resident(reviewer, "/lijing/05", "R1", Level::verified),
                       {&r0, &r1, &reviewer.key}));
    s.must(s.town.sign(GrantRole{reviewer.account, Role::reviewer, "/lijing", s.town.now_us, 0},
                       {&s.town.admin_a.key, &s.town.admin_b.key}));
  }
  SignedLine report(const std::string& subject, const Member& who) {
    Record record;
    record.kind = "report", record.subject = subject, record.period = "-", record.rule = "report";
    record.account = who.account;
    return s.town.sign(record, {&who.key});
  }
  SignedLine capture(const Uuid& id, std::int64_t points, const Member& by) {
    return s.town.sign(Resolve{id, true, s.town.resident.account, {points}, ""}, {&by.key});
  }
  SignedLine reject(const Uuid& id, const Member& by) {
    return s.town.sign(Resolve{id, false, s.town.budget, {0}, "not of the site"}, {&by.key});
  }

  Scene s = founded();
  Member reviewer{{kFirstFreeAccount + 600}, test_key("reviewer")};
};

TEST_F(Reviews, TheFactHoldsThePointsOnTheBudget) {
  EXPECT_EQ(format_outcome(s.must(report("case-1", s.town.resident))),
            R"({"policy":2,"points":20,"budget":")" + to_string(s.town.budget) + R"(","held":20})");
  EXPECT_EQ(s.balance(s.town.resident), 0);
  EXPECT_EQ(s.ledger.account(s.town.budget).held.value, 20);
  EXPECT_EQ(s.refusal(s.town.hand_in(100'000)), Code::budget_exhausted);
  s.must(s.town.hand_in(99'980));
}

TEST_F(Reviews, ACaptureAwardsWithTheLotOfItsDay) {
  auto line = report("case-1", s.town.resident);
  s.must(line);
  s.change_policy([](Policy& policy) { policy.rules[2].expiry_months = 1; });
  s.later(40 * kDayUs);  // 2027-01-03
  EXPECT_EQ(s.refusal(capture(line.id, 20, s.town.officer)), Code::signer_not_allowed);
  EXPECT_EQ(s.refusal(capture(line.id, 21, reviewer)), Code::amount_too_large);
  EXPECT_EQ(format_outcome(s.must(capture(line.id, 20, reviewer))),
            R"({"budget":")" + to_string(s.town.budget) + R"(","got":[["2028-01-31",20]]})");
  EXPECT_EQ(s.balance(s.town.resident), 20);
  EXPECT_EQ(s.ledger.account(s.town.budget).held.value, 0);
  EXPECT_EQ(s.refusal(reject(line.id, reviewer)), Code::hold_resolved);
}

TEST_F(Reviews, PartOfAnAwardGoesBackToTheBudget) {
  auto line = report("case-1", s.town.resident);
  s.must(line);
  s.must(capture(line.id, 5, reviewer));
  EXPECT_EQ(s.balance(s.town.resident), 5);
  EXPECT_EQ(s.ledger.balance(s.town.budget), 99'995);
}

TEST_F(Reviews, ARejectionFreesFactAndCaps) {
  for (int n = 1; n <= 3; ++n) s.must(report("case-" + std::to_string(n), s.town.resident));
  auto fourth = report("case-4", s.town.resident);
  EXPECT_EQ(s.refusal(fourth), Code::cap_account);  // three a month
  auto again = report("case-1", s.town.resident);
  EXPECT_EQ(s.refusal(again), Code::fact_exists);
  auto first = s.town.sibling;
  auto line = report("case-9", first);
  s.must(line);
  EXPECT_EQ(format_outcome(s.must(reject(line.id, reviewer))), "{}");
  s.must(report("case-9", first));
}

TEST_F(Reviews, NobodyReviewsTheirOwnHousehold) {
  auto line = report("case-1", s.town.resident);
  s.must(line);
  s.change_account(s.town.resident.account, [](Account& account) { account.household = "R1"; });
  EXPECT_EQ(s.refusal(capture(line.id, 20, reviewer)), Code::own_benefit);
  EXPECT_EQ(s.refusal(reject(line.id, reviewer)), Code::own_benefit);
}

TEST_F(Reviews, NobodyRecordsAndApproves) {
  const auto &a = s.town.admin_a.key, &b = s.town.admin_b.key;
  s.must(s.town.sign(GrantRole{reviewer.account, Role::officer, "/lijing", s.town.now_us, 0}, {&a, &b}));
  Member spouse{{kFirstFreeAccount + 601}, test_key("reviewer's spouse")};
  s.must(s.town.sign(s.town.open_resident(spouse, "/lijing/05", "R1", Level::verified),
                     {&s.town.roots[0], &s.town.roots[1], &spouse.key}));
  s.must(s.town.sign(GrantRole{spouse.account, Role::officer, "/lijing", s.town.now_us, 0}, {&a, &b}));
  struct Case {
    const PrivateKey& recorder;
    std::optional<Code> code;
  };
  int n = 0;
  for (const auto& [recorder, code] :
       {Case{reviewer.key, Code::approver_same_person}, Case{spouse.key, Code::approver_same_household},
        Case{s.town.officer.key, {}}}) {
    auto payload = parse_payload(report("case-" + std::to_string(++n), s.town.resident).payload).value();
    const auto line = s.town.sign(payload, {&recorder});
    s.must(line);
    EXPECT_EQ(s.refusal(capture(line.id, 20, reviewer)), code) << n;
    if (code) s.must(reject(line.id, reviewer));  // a no is no benefit
  }
}

TEST_F(Reviews, AnAwardForAClosedAccountLapses) {
  auto line = report("case-1", s.town.resident);
  s.must(line);
  s.must(s.town.sign(SetState{s.town.resident.account, AccountState::closed, ""}, {&s.town.officer.key}));
  EXPECT_EQ(format_outcome(s.must(capture(line.id, 20, reviewer))),
            R"({"budget":")" + to_string(s.town.budget) + R"(","lapsed":20})");
  EXPECT_EQ(s.ledger.balance(kExpired), 20);
}

TEST_F(Reviews, APhonesLifetimeIsFreedByARejection) {
  s.change_policy([](Policy& policy) { policy.limits.phone_life_points = 20; });
  auto line = report("case-1", s.town.newcomer);
  s.must(line);
  EXPECT_EQ(s.refusal(report("case-2", s.town.newcomer)), Code::cap_phone_level);
  s.must(reject(line.id, reviewer));
  s.must(report("case-2", s.town.newcomer));
}

TEST_F(Reviews, ATaskMayWantAReviewThatItsRuleDoesNot) {
  Task task{"noted",
            "patrol",
            "/lijing/03",
            s.town.now_us,
            s.town.now_us + kDayUs,
            s.town.budget,
            {s.town.site.public_key().id()},
            Review::all};
  s.must(s.town.sign(PublishTask{task}, {&s.town.officer.key}));
  auto outcome = s.must(s.town.check_in(s.town.resident, "noted"));
  EXPECT_EQ(outcome.held, Points{50});
}

}  // namespace
}  // namespace dfb::test
