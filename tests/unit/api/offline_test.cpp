// What tills are told for selling without a line, and what they hand in afterwards.
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

class Offline : public ApiTown {
 protected:
  Offline() { EXPECT_TRUE(town.run(town.town.check_in(town.town.resident))); }
  object news(const std::string& query = "") {
    const auto answer = at_till(town.town.shop, "GET", "/v1/till/offline" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json(answer);
  }
  Uuid hold(std::int64_t points) {
    const auto line =
        town.town.allowance(town.town.resident, points, town.clock.now_us() + 24 * kHourUs);
    EXPECT_TRUE(town.run(line));
    return line.id;
  }
  boost::json::array hand_in(const std::vector<SignedLine>& lines, const test::Member& shop) {
    boost::json::array commands;
    for (const auto& line : lines) commands.push_back(boost::json::parse(body_of(line)));
    const auto answer = at_till(shop, "POST", "/v1/offline-sales",
                                boost::json::serialize(object{{"commands", commands}}));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? json(answer).at("answers").as_array() : boost::json::array{};
  }
};

TEST_F(Offline, ATillLearnsThePolicyTheAllowancesAndWhatWasStopped) {
  const auto empty = news();
  EXPECT_TRUE(empty.at("policy").is_object());
  EXPECT_EQ(empty.at("allowances").as_array().size(), 0u);
  const Uuid id = hold(30);
  const auto told = news("?after=-1&policy=1");
  EXPECT_FALSE(told.contains("policy") && told.at("policy").is_object()) << "it is the one that the till has";
  ASSERT_EQ(told.at("allowances").as_array().size(), 1u);
  const auto& one = told.at("allowances").as_array().front().as_object();
  EXPECT_EQ(one.at("key").as_string(), base64url_encode(town.town.resident.key.public_key().spki()));
  EXPECT_NE(std::string(one.at("entry").as_string()).find(to_string(id)), std::string::npos);
  EXPECT_EQ(told.at("tills").as_int64(), 2);
  EXPECT_FALSE(told.at("suspended").as_bool());
  EXPECT_EQ(news("?after=" + std::to_string(town.writer->head()->checkpoint.size) + "&policy=1")
                .at("allowances")
                .as_array()
                .size(),
            0u);
  ASSERT_TRUE(town.run(town.town.sign(
      book::RevokeKey{town.town.resident.key.public_key().id(), "lost"}, {&town.town.officer.key})));
  const auto after = news("?after=-1&policy=1");
  EXPECT_EQ(after.at("allowances").as_array().size(), 0u);
  ASSERT_EQ(after.at("stopped").as_array().size(), 1u);
  EXPECT_EQ(after.at("stopped").as_array().front().as_string(), to_string(id));
}

// Of all holds and keys ever few are of that kind, and every till asks twice a minute.
TEST_F(Offline, WhatTillsAskForDoesNotReadThroughAllThatEverWas) {
  const auto view = store->snapshot();
  const auto plan = [&](const std::string& query) {
    std::string text;
    for (const auto& row : view->sql().run("EXPLAIN QUERY PLAN " + query, {std::int64_t{1}})) text += row.text(3) + "\n";
    return text;
  };
  EXPECT_NE(plan("SELECT id FROM hold WHERE purpose = 'allowance' AND until_us > ?1 ORDER BY seq").find("hold_allowance"),
            std::string::npos);
  EXPECT_NE(plan("SELECT count(*) FROM signing_key WHERE use = 'till' AND (revoked_us = 0 OR revoked_us > ?1)")
                .find("signing_key_till"),
            std::string::npos);
}

TEST_F(Offline, SalesAreAnsweredOneByOneAndARetryGivesTheFirstAnswers) {
  const Uuid id = hold(30);
  const auto good = town.town.redeem_offline(town.town.resident, id, 1, 20);
  const auto second = town.town.redeem_offline(town.town.resident, id, 2, 10);
  const auto small = town.town.redeem_offline(town.town.resident, id, 3, 5);
  const auto no_such = town.town.redeem_offline(town.town.resident, town.town.next_id(), 1, 5);
  for (const int tries : {1, 2}) {
    const auto answers = hand_in({good, small, second, no_such}, town.town.shop);
    ASSERT_EQ(answers.size(), 4u) << tries;
    EXPECT_FALSE(answers[0].at("answer").as_object().contains("refused") &&
                 answers[0].at("answer").at("refused").is_string());
    EXPECT_EQ(answers[0].at("answer").at("known").as_bool(), tries == 2);
    EXPECT_EQ(answers[2].at("answer").at("refused").as_string(), "allowance_spent");
    EXPECT_EQ(answers[3].at("problem").at("code").as_string(), "allowance_unknown");
  }
  EXPECT_EQ(town.balance(town.town.shop.account), 25);
}

TEST_F(Offline, ALaterCodeThanIsLeftConvictsAndIsProven) {
  const Uuid id = hold(30);
  const auto answers = hand_in({town.town.redeem_offline(town.town.resident, id, 1, 20),
                                town.town.redeem_offline(town.town.resident, id, 2, 20)},
                               town.town.shop);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].at("answer").at("refused").as_string(), "allowance_spent");
}

TEST_F(Offline, ItTakesNothingButOfflineSalesOfTheTillThatSends) {
  const Uuid id = hold(30);
  const auto answers =
      hand_in({town.town.redeem_offline(town.town.resident, id, 1, 5, town.town.other_shop),
               town.town.redeem(town.town.resident, 5)},
              town.town.shop);
  ASSERT_EQ(answers.size(), 2u);
  for (const auto& one : answers) EXPECT_EQ(one.at("problem").at("code").as_string(), "malformed");
  const std::vector<SignedLine> many(201, town.town.redeem_offline(town.town.resident, id, 1, 5));
  boost::json::array commands;
  for (const auto& line : many) commands.push_back(boost::json::parse(body_of(line)));
  EXPECT_EQ(code(at_till(town.town.shop, "POST", "/v1/offline-sales",
                         boost::json::serialize(object{{"commands", commands}}))),
            "malformed");
}

// A revoked till without a line sells on for a while: the bound on losses counts it that long.
TEST_F(Offline, ATillThatWasRevokedLatelyIsStillCounted) {
  ASSERT_TRUE(town.run(town.town.sign(book::RevokeKey{town.town.other_shop.key.public_key().id(), "stolen"},
                                      {&town.town.admin_a.key})));
  EXPECT_EQ(news().at("tills").as_int64(), 2);
  town.clock.advance((town.town.policy.limits.offline_hours + 1) * kHourUs);
  EXPECT_EQ(news().at("tills").as_int64(), 1);
}

TEST_F(Offline, TheTillLearnsWhichOfItsSalesWasTheLast) {
  EXPECT_FALSE(json(at_till(town.town.shop, "GET", "/v1/till")).contains("last") &&
               json(at_till(town.town.shop, "GET", "/v1/till")).at("last").is_string());
  const auto sale = town.town.redeem(town.town.resident, 5);
  ASSERT_TRUE(town.run(sale));
  EXPECT_EQ(json(at_till(town.town.shop, "GET", "/v1/till")).at("last").as_string(), to_string(sale.id));
  // Also when much has happened at its shop since.
  for (int i = 0; i < 1'100; ++i) {
    const auto state = i % 2 == 0 ? book::AccountState::frozen : book::AccountState::open;
    ASSERT_TRUE(town.run(town.town.sign(book::SetState{town.town.shop.account, state, "review"}, {&town.town.admin_a.key})));
  }
  EXPECT_EQ(json(at_till(town.town.shop, "GET", "/v1/till")).at("last").as_string(), to_string(sale.id));
  EXPECT_FALSE(json(at_till(town.town.other_shop, "GET", "/v1/till")).contains("last") &&
               json(at_till(town.town.other_shop, "GET", "/v1/till")).at("last").is_string());
}

}  // namespace
}  // namespace dfb::routes
