// Facts over the API: which kinds a resident sends, and which an officer writes down.
#include <gmock/gmock.h>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;

constexpr const char* kKinds[] = {"report", "attendance", "opinion", "vote", "adoption"};

class Records : public ApiTown {
 protected:
  // Of every kind a rule that anyone may state, and one that wants an officer: "vote", "vote-seen".
  void SetUp() override {
    Policy policy = people.policy;
    policy.version = 2, policy.from_us = people.now_us;
    policy.rules.clear();
    for (const char* kind : kKinds)
      for (const bool seen : {false, true}) {
        Rule rule;
        rule.id = std::string(kind) + (seen ? "-seen" : ""), rule.kind = kind, rule.points = {3};
        rule.unique = Unique::once, rule.proof = seen ? RuleProof::officer : RuleProof::none;
        rule.caps = {{CapOf::account, CapPer::day, 9}};
        policy.rules.push_back(rule);
      }
    enter(people.publish(policy));
    for (const Rule& rule : policy.rules)
      enter(people.sign(PublishTask{Task{rule.id,
                                         rule.id,
                                         "/lijing",
                                         people.now_us,
                                         people.now_us + kDayUs,
                                         people.budget,
                                         {},
                                         Review::none}},
                        {&people.officer.key}));
  }
  void enter(const SignedLine& line) {
    const auto answer = town.run(line);
    ASSERT_TRUE(answer) << to_string(answer.error());
  }
  static Record record(const std::string& kind, AccountId account, const std::string& rule) {
    Record out;
    out.kind = kind, out.subject = "topic-" + std::to_string(++topics), out.period = "-";
    out.rule = rule, out.account = account;
    return out;
  }
  // "created", or the refusal.
  std::string post(const char* path, const test::Member& by, const Record& record) {
    const auto answer = at_town("POST", path, body_of(people.sign(record, {&by.key})), sign_in(by.key));
    return answer.status == 201 ? "created" : code(answer);
  }

  test::Town& people = town.town;
  static inline int topics = 0;
};

TEST_F(Records, AResidentStatesEveryKindThatNeedsNoOfficer) {
  const AccountId own = people.resident.account;
  for (const std::string kind : kKinds) {
    EXPECT_EQ(post("/v1/check-ins", people.resident, record(kind, own, kind)), "created") << kind;
    EXPECT_NE(post("/v1/check-ins", people.resident, record(kind, own, kind + "-seen")), "created") << kind;
    EXPECT_EQ(post("/v1/check-ins", people.resident, record(kind, people.sibling.account, kind)),
              "forbidden");
  }
  EXPECT_EQ(town.balance(own), 15);
}

TEST_F(Records, AnOfficerWritesDownEveryKindForResidentsOfTheirScope) {
  const AccountId resident = people.resident.account;
  for (const std::string kind : kKinds)
    for (const std::string& rule : {kind, kind + "-seen"})
      EXPECT_EQ(post("/v1/records", people.officer, record(kind, resident, rule)), "created") << rule;
  EXPECT_EQ(town.balance(resident), 30);
  EXPECT_EQ(post("/v1/records", people.officer, record("vote", resident, "opinion")), "rule_wrong_kind");
  EXPECT_EQ(post("/v1/records", people.resident, record("vote", resident, "vote")), "forbidden");
  EXPECT_EQ(post("/v1/records", people.officer, record("vote", people.officer.account, "vote-seen")),
            "own_benefit");
  EXPECT_EQ(post("/v1/records", people.admin_a, record("vote", resident, "vote")), "signer_not_allowed")
      << "an administrator holds no such power";
  enter(people.sign(Move{people.sibling.account, "/lijing/04", "H8"}, {&people.officer.key}));
  const test::Member other{{kFirstFreeAccount + 90}, test::test_key("resident of another place")};
  enter(people.sign(people.open_resident(other, "/changjia/01", "", Level::verified),
                    {&people.roots[0], &people.roots[1], &other.key}));
  EXPECT_EQ(post("/v1/records", people.officer, record("vote", people.sibling.account, "vote")), "created");
  EXPECT_EQ(post("/v1/records", people.officer, record("vote", other.account, "vote")), "out_of_scope");
}

TEST_F(Records, NotesOfTillsAndAdministratorsAreNoFacts) {
  Record erasure = record("erasure", people.sibling.account, "");
  EXPECT_EQ(post("/v1/records", people.officer, erasure), "forbidden");
  EXPECT_EQ(post("/v1/check-ins", people.sibling, erasure), "malformed");
  EXPECT_EQ(post("/v1/records", people.admin_a, erasure), "created");
  Record shift = record("zreport", people.shop.account, "");
  shift.period = format_day(civil_day(people.now_us));
  shift.head = "uGqJb5x0cWmRZ1n8KJ3dQA";
  for (const auto* who : {&people.officer, &people.admin_a})
    for (const char* kind : {"xreport", "zreport"}) {
      shift.kind = kind;
      EXPECT_EQ(post("/v1/records", *who, shift), "malformed") << "tills send them";
    }
  const auto award = body_of(people.award(people.resident, 5));
  EXPECT_EQ(code(at_town("POST", "/v1/records", award, sign_in(people.officer.key))), "malformed");
}

}  // namespace
}  // namespace dfb::routes
