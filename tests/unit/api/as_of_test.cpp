// Accounts as they stood: who may ask for whose, and the two ways of asking.
#include <gmock/gmock.h>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

class AsOf : public ApiTown {
 protected:
  std::int64_t enter(const SignedLine& line) {
    town.clock.advance(kSecondUs);
    people.now_us = town.clock.now_us();
    const auto answer = town.run(line);
    EXPECT_TRUE(answer) << to_string(answer.error());
    return store->snapshot()->size() - 1;
  }
  object get(const std::string& path, const std::string& token) {
    const auto answer = at_town("GET", path, "", token);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return json(answer);
  }
  std::string refusal(const std::string& path, const std::string& token) {
    return code(at_town("GET", path, "", token));
  }
  static std::string as_of(std::int64_t seq) { return "?as_of=" + std::to_string(seq); }
  static std::string at_us(TimeUs time_us) { return "?at_us=" + std::to_string(time_us); }
  static std::int64_t number(const object& view, const char* field) { return view.at(field).as_int64(); }

  test::Town& people = town.town;
  const std::string of_resident = "/v1/residents/" + to_string(people.resident.account),
                    any_resident = "/v1/accounts/" + to_string(people.resident.account),
                    budget = "/v1/accounts/" + to_string(people.budget),
                    shop = "/v1/accounts/" + to_string(people.shop.account);
};

TEST_F(AsOf, AResidentSeesTheirBalanceAfterAnyEntryAndAtAnyMoment) {
  const std::string token = sign_in(people.resident.key);
  const std::int64_t earned = enter(people.award(people.resident, 60));
  const TimeUs earned_us = town.clock.now_us();
  enter(people.award(people.sibling, 5));
  const auto hold = people.reserve(people.resident, 25, people.now_us + kHourUs);
  const std::int64_t held = enter(hold);
  const std::int64_t spent = enter(people.redeem(people.resident, 15));

  const auto now = get("/v1/me", token);
  EXPECT_EQ(number(now, "balance"), 45);
  EXPECT_FALSE(now.contains("as_of"));
  EXPECT_TRUE(now.contains("roles") && now.contains("caps"));

  const auto then = get("/v1/me" + as_of(earned), token);
  EXPECT_EQ(number(then, "balance"), 60);
  EXPECT_EQ(number(then, "available"), 60);
  EXPECT_EQ(number(then, "held"), 0);
  EXPECT_EQ(then.at("lots").as_array().at(0).at("points").as_int64(), 60);
  EXPECT_EQ(then.at("as_of").at("seq").as_int64(), earned);
  EXPECT_EQ(then.at("as_of").at("at_us").as_int64(), earned_us);
  EXPECT_FALSE(then.contains("roles") || then.contains("caps")) << "those are of today";
  EXPECT_EQ(number(get("/v1/me" + as_of(earned + 1), token), "balance"), 60) << "another's entry";
  const auto with_hold = get("/v1/me" + as_of(held), token);
  EXPECT_EQ(number(with_hold, "held"), 25);
  EXPECT_EQ(number(with_hold, "available"), 35);
  EXPECT_EQ(number(get("/v1/me" + as_of(spent), token), "available"), 20);

  EXPECT_EQ(number(get("/v1/me" + at_us(earned_us), token), "balance"), 60);
  EXPECT_EQ(number(get("/v1/me" + at_us(earned_us - 1), token), "balance"), 0);
  EXPECT_EQ(get("/v1/me" + at_us(earned_us + 1), token).at("as_of").at("seq").as_int64(), earned);
}

TEST_F(AsOf, AStatementEndsWhereItWasAsked) {
  const std::string token = sign_in(people.resident.key);
  const std::int64_t first = enter(people.award(people.resident, 60));
  const TimeUs first_us = town.clock.now_us();
  const std::int64_t second = enter(people.award(people.resident, 7));
  const auto newest = [&](const std::string& query) {
    return get("/v1/me/entries" + query, token).at("entries").as_array().at(0).at("seq").as_int64();
  };
  EXPECT_EQ(newest(""), second);
  EXPECT_EQ(newest(as_of(first)), first);
  EXPECT_EQ(newest(at_us(first_us)), first);
  EXPECT_EQ(newest(as_of(second)), second);
  EXPECT_LT(newest(as_of(second) + "&before=" + std::to_string(first)), first) << "whichever is earlier";
  EXPECT_EQ(newest("?before=" + std::to_string(second) + "&as_of=" + std::to_string(second)), first);
  EXPECT_TRUE(get("/v1/me/entries" + at_us(0), token).at("entries").as_array().empty());
}

TEST_F(AsOf, OfficersAskForResidentsOfTheirScopeAndAdministratorsForAnyAccount) {
  const std::string officer = sign_in(people.officer.key), admin = sign_in(people.admin_a.key),
                    resident = sign_in(people.resident.key);
  const std::int64_t before = store->snapshot()->size() - 1;
  const std::int64_t awarded = enter(people.award(people.resident, 60));
  const std::int64_t frozen =
      enter(people.sign(book::SetState{people.resident.account, book::AccountState::frozen, "phone lost"},
                        {&people.officer.key}));
  enter(people.sign(book::SetState{people.resident.account, book::AccountState::open, "found"},
                    {&people.officer.key}));
  const std::int64_t sold = enter(people.redeem(people.resident, 20));

  EXPECT_EQ(number(get(of_resident, officer), "balance"), 40);
  EXPECT_EQ(number(get(of_resident + as_of(awarded), officer), "balance"), 60);
  EXPECT_EQ(get(of_resident + as_of(awarded), officer).at("state").as_string(), "open");
  EXPECT_EQ(get(of_resident + as_of(frozen), officer).at("state").as_string(), "frozen");
  EXPECT_EQ(number(get(any_resident + as_of(awarded), admin), "balance"), 60);
  EXPECT_EQ(number(get(budget, admin), "balance"), 99'940);
  EXPECT_EQ(number(get(budget + as_of(before), admin), "balance"), 100'000);
  EXPECT_EQ(get(budget, admin).at("kind").as_string(), "budget");
  EXPECT_EQ(number(get(shop + as_of(sold), admin), "balance"), 20);
  EXPECT_EQ(number(get(shop + as_of(sold - 1), admin), "balance"), 0);
  EXPECT_EQ(number(get("/v1/accounts/" + to_string(book::kIssuance) + as_of(before), admin), "balance"),
            -100'000);

  EXPECT_EQ(refusal(budget, officer), "forbidden");
  EXPECT_EQ(refusal(budget, resident), "forbidden");
  EXPECT_EQ(refusal(of_resident + as_of(awarded), resident), "forbidden");
  EXPECT_EQ(refusal("/v1/residents/" + to_string(people.shop.account), officer), "not_found");
}

TEST_F(AsOf, AnAdministratorOfOnePlaceSeesItsAccountsAlone) {
  enter(people.sign(
      book::GrantRole{people.sibling.account, book::Role::administrator, "/changjia", people.now_us, 0},
      {&people.roots[0], &people.roots[1]}));
  const std::string token = sign_in(people.sibling.key);
  for (const auto& path : {budget, shop, any_resident}) EXPECT_EQ(refusal(path, token), "not_found") << path;
  EXPECT_TRUE(get("/v1/budgets", token).at("budgets").as_array().empty());
}

TEST_F(AsOf, WhatCannotBeAnsweredSaysWhy) {
  const std::string token = sign_in(people.resident.key), admin = sign_in(people.admin_a.key);
  enter(people.award(people.resident, 60));
  const std::int64_t size = store->snapshot()->size();
  const TimeUs now = town.clock.now_us();
  struct Case {
    std::string query, refused;
  };
  for (const auto& [query, refused] :
       {Case{"?as_of=1&at_us=1", "malformed"}, Case{"?as_of=x", "malformed"}, Case{"?as_of=-1", "malformed"},
        Case{at_us(now + 1), "malformed"}, Case{as_of(size), "not_found"}}) {
    EXPECT_EQ(refusal("/v1/me" + query, token), refused) << query;
    EXPECT_EQ(refusal("/v1/me/entries" + query, token), refused) << query;
    EXPECT_EQ(refusal(any_resident + query, admin), refused) << query;
    EXPECT_EQ(refusal(of_resident + query, admin), refused) << query;
  }
  EXPECT_EQ(refusal("/v1/me?as_of=0", token), "not_found") << "not opened yet";
  EXPECT_EQ(refusal("/v1/me?at_us=0", token), "not_found") << "before the first entry";
}

}  // namespace
}  // namespace dfb::routes
