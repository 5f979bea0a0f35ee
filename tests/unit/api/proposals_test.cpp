// What waits for a second person: who may propose, who sees it, who decides it, and how it ends.
#include "api/programme/proposals.h"

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;
using boost::json::serialize;

class Proposals : public ApiTown {
 protected:
  http::Response propose(const SignedLine& line, const PrivateKey& by) {
    return at_town("POST", "/v1/proposals", body_of(line), sign_in(by));
  }
  SignedLine mint(std::int64_t points) {
    Transfer transfer;
    transfer.kind = TransferKind::mint, transfer.from = kIssuance, transfer.to = people.budget;
    transfer.points = {points}, transfer.memo = "budget";
    return people.sign(transfer, {&people.admin_a.key});
  }
  SignedLine large_award(const test::Member& who, const PrivateKey& by) {
    auto payload = parse_payload(people.award(who, 60).payload).value();
    return people.sign(payload, {&by});
  }
  http::Response second(const SignedLine& line, const PrivateKey& key, const PrivateKey* signs = nullptr) {
    const std::string bytes =
        sign(signs ? *signs : key, SignedKind::payload, test::kTownOrigin, line.payload);
    return at_town("POST", "/v1/proposals/" + to_string(line.id) + "/signatures",
                   serialize(object{{"signature", base64url_encode(bytes)}}), sign_in(key));
  }
  // The ids that somebody sees, by line.
  std::size_t seen_by(const PrivateKey& key) {
    return json(at_town("GET", "/v1/proposals", "", sign_in(key))).at("proposals").as_array().size();
  }
  http::Response withdraw(const SignedLine& line, const PrivateKey& key) {
    return at_town("DELETE", "/v1/proposals/" + to_string(line.id), "", sign_in(key));
  }
  void wait(TimeUs us) {
    town.clock.advance(us);
    people.now_us += us;
  }
  void enter(const SignedLine& line) {
    const auto answer = town.run(line);
    ASSERT_TRUE(answer) << to_string(answer.error());
  }
  // Awards from 50 points on need two officers; a second one, of another household.
  void two_officers() {
    people.policy.version = 2, people.policy.limits.large_award_points = 50;
    enter(people.publish(people.policy));
    const auto &r0 = people.roots[0], &r1 = people.roots[1];
    enter(people.sign(people.open_resident(colleague, "/lijing/04", "C2", Level::verified),
                      {&r0, &r1, &colleague.key}));
    enter(people.sign(GrantRole{colleague.account, Role::officer, "/lijing", people.now_us, 0}, {&r0, &r1}));
  }

  test::Town& people = town.town;
  const PrivateKey &a = people.admin_a.key, &b = people.admin_b.key, &officer = people.officer.key;
  const test::Member colleague{{kFirstFreeAccount + 901}, test::test_key("colleague")};
};

TEST_F(Proposals, AnotherAdministratorDecidesAndTheAnswerHasTheReceipt) {
  const auto line = mint(500);
  const auto size = store->snapshot()->size();
  const auto proposed = propose(line, a);
  ASSERT_EQ(proposed.status, 200) << proposed.body;
  EXPECT_EQ(json(proposed).at("id").as_string(), to_string(line.id));
  EXPECT_EQ(json(proposed).at("payload").as_string(), line.payload);
  EXPECT_TRUE(json(proposed).at("own").as_bool());
  EXPECT_EQ(store->snapshot()->size(), size) << "nothing is in the ledger yet";
  EXPECT_EQ(propose(line, a).status, 200) << "the same once more";
  EXPECT_EQ(seen_by(a), 1U);
  EXPECT_EQ(seen_by(b), 1U);
  EXPECT_EQ(seen_by(officer), 0U) << "whose signature would not count";
  const auto decided = second(line, b);
  ASSERT_EQ(decided.status, 201) << decided.body;
  EXPECT_NE(json(decided).at("receipt").as_string().find("c2sp.org/tlog-proof"), std::string::npos);
  EXPECT_EQ(store->snapshot()->size(), size + 1);
  EXPECT_EQ(seen_by(a) + seen_by(b), 0U);
  const auto again = second(line, b);
  EXPECT_EQ(again.status, 200) << "whose answer was lost asks once more";
  EXPECT_EQ(json(again).at("seq").as_int64(), size);
  EXPECT_EQ(code(second(line, officer)), "not_found");
}

TEST_F(Proposals, OnlyWhatASecondPersonHasToSignIsTaken) {
  struct Case {
    SignedLine line;
    const PrivateKey* by;
    const char* code;
  };
  auto chained = parse_payload(mint(5).payload).value();
  chained.linked = {chained.id, people.next_id()};
  auto late = parse_payload(mint(5).payload).value();
  late.not_after_us = people.now_us;
  for (const Case& c : {
           Case{people.award(people.resident, 5), &officer, "malformed"},
           Case{mint(5), &b, "forbidden"},
           Case{people.sign(parse_payload(mint(5).payload)->body, {&officer}), &officer, "forbidden"},
           Case{people.award(people.officer, 5), &officer, "own_benefit"},
           Case{people.mint(5), &a, "malformed"},
           Case{people.sign(chained, {&a}), &a, "malformed"},
           Case{people.sign(late, {&a}), &a, "too_late"},
           Case{people.sign(PublishPolicy{people.policy}, {&officer}), &officer, "forbidden"},
           Case{people.check_in(people.officer), &officer, "malformed"},
       }) {
    const auto answer = propose(c.line, *c.by);
    EXPECT_GE(answer.status, 400) << c.line.payload;
    EXPECT_EQ(code(answer), c.code) << c.line.payload;
  }
  auto forged = mint(5);
  forged.signatures[0].bytes = std::string(64, 'x');
  EXPECT_EQ(code(propose(forged, a)), "bad_signature");
  EXPECT_EQ(at_town("POST", "/v1/proposals", body_of(mint(5))).status, 401);
  EXPECT_EQ(at_town("POST", "/v1/proposals", body_of(mint(5)), sign_in(people.resident.key)).status, 403);
  EXPECT_EQ(seen_by(a) + seen_by(b) + seen_by(officer), 0U);
}

TEST_F(Proposals, AnOfficersLargeAwardWaitsForAColleague) {
  two_officers();
  const auto line = large_award(people.resident, officer);
  ASSERT_EQ(propose(line, officer).status, 200);
  EXPECT_EQ(seen_by(colleague.key), 1U);
  EXPECT_EQ(code(second(line, officer)), "approver_same_person");
  ASSERT_EQ(second(line, colleague.key).status, 201);
  EXPECT_EQ(store->snapshot()->get<Account>({people.resident.account})->balance.value, 60);
}

TEST_F(Proposals, ASignatureThatDoesNotCountChangesNothing) {
  const auto line = mint(500);
  ASSERT_EQ(propose(line, a).status, 200);
  EXPECT_EQ(code(second(line, officer)), "approver_not_allowed");
  EXPECT_EQ(code(second(line, a)), "approver_same_person");
  EXPECT_EQ(code(second(line, b, &officer)), "bad_signature") << "somebody else's, in b's session";
  EXPECT_EQ(seen_by(b), 1U) << "it still waits";
  EXPECT_EQ(second(line, b).status, 201);
}

TEST_F(Proposals, IsWithdrawnByWhoProposedItAlone) {
  const auto line = mint(500);
  ASSERT_EQ(propose(line, a).status, 200);
  EXPECT_EQ(code(withdraw(line, b)), "not_found");
  EXPECT_EQ(withdraw(line, a).status, 204);
  EXPECT_EQ(code(withdraw(line, a)), "not_found");
  EXPECT_EQ(code(second(line, b)), "not_found");
  EXPECT_EQ(seen_by(a), 0U);
}

TEST_F(Proposals, RunsOutWithItsTime) {
  auto payload = parse_payload(mint(500).payload).value();
  payload.not_after_us = people.now_us + kHourUs;
  const auto line = people.sign(payload, {&a});
  ASSERT_EQ(propose(line, a).status, 200);
  wait(kHourUs);
  EXPECT_EQ(seen_by(a) + seen_by(b), 0U);
  EXPECT_EQ(code(second(line, b)), "too_late");
  ASSERT_EQ(propose(mint(6), a).status, 200);
  EXPECT_FALSE(programme::find_proposal(store->snapshot()->sql(), line.id)) << "the next one sweeps it away";
}

TEST_F(Proposals, AreBoundedForEachAccount) {
  for (int i = 0; i < programme::kProposalsMax; ++i) ASSERT_EQ(propose(mint(1 + i), a).status, 200);
  EXPECT_EQ(code(propose(mint(99), a)), "rate_limited");
  const auto other = people.sign(parse_payload(mint(7).payload)->body, {&b});
  EXPECT_EQ(propose(other, b).status, 200) << "another's are counted apart";
}

TEST_F(Proposals, ABoundOfBytesHoldsToo) {
  std::vector<ImportRow> rows;
  for (std::uint64_t i = 0; i < 1500; ++i) rows.push_back({{kFirstFreeAccount + 5000 + i}, "/lijing/05", ""});
  int taken = 0;
  for (; taken < 20; ++taken)
    if (propose(people.sign(Import{rows}, {&a}), a).status != 200) break;
  EXPECT_GT(taken, 2);
  EXPECT_LT(taken, 10);
}

TEST_F(Proposals, WhatWasEnteredElsewhereIsShownNoMore) {
  const auto line = mint(500);
  ASSERT_EQ(propose(line, a).status, 200);
  auto both = line;
  both.signatures.push_back(
      {b.public_key().id(), sign(b, SignedKind::payload, test::kTownOrigin, line.payload)});
  ASSERT_EQ(at_town("POST", "/v1/commands", body_of(both), sign_in(b)).status, 201);
  EXPECT_EQ(seen_by(b), 0U);
  EXPECT_EQ(second(line, b).status, 200) << "and answered with the entry";
}

}  // namespace
}  // namespace dfb::routes
