// The routes of holds, reviews, pick-ups and chains. What they allow is the book's, and tested there.
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;

class Rules : public ApiTown {
 protected:
  test::Town& people = town.town;
  std::string chain_of(const std::vector<SignedLine>& lines) {
    boost::json::array commands;
    for (const auto& line : lines) commands.push_back(boost::json::parse(body_of(line)));
    return boost::json::serialize(object{{"commands", commands}});
  }
};

TEST_F(Rules, AReservationIsPickedUpAtItsShop) {
  ASSERT_TRUE(town.run(people.check_in(people.resident)));
  const std::string token = sign_in(people.resident.key);
  const auto hold = people.reserve(people.resident, 30, people.now_us + kHourUs);
  EXPECT_EQ(at_town("POST", "/v1/holds", body_of(hold), token).status, 201);
  EXPECT_EQ(code(at_town("POST", "/v1/holds", body_of(people.mint(5)), token)), "malformed");
  const auto capture = people.sign(Resolve{hold.id, true, people.shop.account, {25}, ""}, {&people.shop.key});
  EXPECT_EQ(code(at_till(people.other_shop, "POST", "/v1/pick-ups", body_of(capture))), "malformed");
  const auto answer = at_till(people.shop, "POST", "/v1/pick-ups", body_of(capture));
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(town.balance(people.shop.account), 25);
}

TEST_F(Rules, AReservationIsGivenBackOrCancelledByItsPhone) {
  ASSERT_TRUE(town.run(people.check_in(people.resident)));
  const std::string token = sign_in(people.resident.key);
  const auto first = people.reserve(people.resident, 30, people.now_us + kHourUs);
  ASSERT_EQ(at_town("POST", "/v1/holds", body_of(first), token).status, 201);
  const auto release =
      people.sign(Resolve{first.id, false, people.resident.account, {0}, ""}, {&people.resident.key});
  EXPECT_EQ(at_town("POST", "/v1/resolutions", body_of(release), token).status, 201);
  const auto second = people.reserve(people.resident, 30, people.now_us + kHourUs);
  ASSERT_EQ(at_town("POST", "/v1/holds", body_of(second), token).status, 201);
  const auto cancel = people.cancel(second.id, people.resident);
  EXPECT_EQ(at_town("POST", "/v1/me/cancels", body_of(cancel), token).status, 201);
  EXPECT_EQ(code(at_town("POST", "/v1/me/cancels", body_of(release), token)), "malformed");
}

TEST_F(Rules, AChainIsTakenWholeOrNotAtAll) {
  const std::string token = sign_in(people.officer.key);
  const auto chain = people.chain({{people.award(people.resident, 30), &people.officer.key},
                                   {people.award(people.sibling, 5), &people.officer.key}});
  const auto answer = at_town("POST", "/v1/chains", chain_of(chain), token);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json(answer).at("answers").as_array().size(), 2U);
  const auto broken = people.chain({{people.award(people.resident, 30), &people.officer.key},
                                    {people.award(people.sibling, 500), &people.officer.key}});
  const auto before = store->snapshot()->size();
  EXPECT_NE(at_town("POST", "/v1/chains", chain_of(broken), token).status, 200);
  EXPECT_EQ(store->snapshot()->size(), before);
  EXPECT_EQ(code(at_town("POST", "/v1/chains", chain_of({broken[0]}), token)), "chain_broken");
  EXPECT_EQ(at_town("POST", "/v1/chains", chain_of(chain), sign_in(people.resident.key)).status, 403);
}

}  // namespace
}  // namespace dfb::routes
