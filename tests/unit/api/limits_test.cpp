// What one device, one house or one number out of range can do to everybody else: nothing.
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

TEST_F(ApiTown, OneDeviceHasAFewSessionsAndNoMore) {
  const PrivateKey& key = town.town.resident.key;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < programme::kSessionsOfKeyMax + 1; ++i) tokens.push_back(sign_in(key));
  const std::string others = sign_in(town.town.officer.key);
  EXPECT_EQ(at_town("GET", "/v1/me", "", tokens.front()).status, 401) << "the oldest has ended";
  for (std::size_t i = 1; i < tokens.size(); ++i)
    EXPECT_EQ(at_town("GET", "/v1/me", "", tokens[i]).status, 200) << i;
  EXPECT_EQ(at_town("GET", "/v1/me", "", others).status, 200);
}

TEST_F(ApiTown, OneTillGetsAFewCertificatesAnHour) {
  const auto ask = [&] {
    return at_town("POST", "/v1/terminals/certificate",
                   boost::json::serialize(object{{"csr", certs::make_request(town.town.shop.key, "till")}}));
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(code(ask()), "rate_limited");
}

TEST_F(ApiTown, AnEntryBeyondTheLogIsNotFound) {
  const std::string token = sign_in(town.town.resident.key);
  for (const char* seq : {"9223372036854775807", "9223372036854775806", "9007199254740992"})
    EXPECT_EQ(at_town("GET", std::string("/v1/me/entries/") + seq, "", token).status, 404) << seq;
  EXPECT_EQ(at_town("GET", "/v1/me/entries/9223372036854775808", "", token).status, 400);
  EXPECT_EQ(
      at_town("GET", "/v1/me/entries?before=9223372036854775807&limit=9223372036854775807", "", token).status,
      200);
}

// One phone that asks without end is slowed down before it costs anything, and nobody else with it.
TEST_F(ApiTown, OneDeviceOrTillThatFloodsIsSlowedDownAlone) {
  const std::string one = sign_in(town.town.resident.key), other = sign_in(town.town.officer.key);
  const auto refused =
      body_of(town.town.sign(book::RevokeKey{Hash{}, "nobody's"}, {&town.town.resident.key}));
  const auto flood = [&](const auto& ask) {
    http::Response last = ask();
    for (int i = 0; i < 250 && last.status != 429; ++i) last = ask();
    return last;
  };
  const auto slowed = flood([&] { return at_town("POST", "/v1/revocations", refused, one); });
  ASSERT_EQ(slowed.status, 429) << slowed.body;
  EXPECT_EQ(code(slowed), "rate_limited");
  EXPECT_TRUE(std::any_of(slowed.headers.begin(), slowed.headers.end(),
                          [](const auto& header) { return header.first == "Retry-After"; }));
  EXPECT_EQ(at_town("GET", "/v1/me", "", one).status, 429);
  EXPECT_EQ(at_town("GET", "/v1/me", "", other).status, 200);
  town.clock.advance(kSecondUs);
  EXPECT_EQ(at_town("GET", "/v1/me", "", one).status, 200) << "and is heard again soon";

  EXPECT_EQ(flood([&] { return at_till(town.town.shop, "GET", "/v1/till"); }).status, 429);
  EXPECT_EQ(at_till(town.town.other_shop, "GET", "/v1/till").status, 200);
}

TEST_F(ApiTown, OneAddressThatFloodsWithoutAKeyIsSlowedDownAlone) {
  const std::string token = sign_in(town.town.resident.key);
  const auto guess = [&](const std::string& remote) {
    http::Request request;
    request.method = "GET", request.path = "/v1/me", request.remote = remote;
    request.headers = {{"authorization", "Bearer guessed"}};
    return town_hall.handle(request).status;
  };
  int status = 401;
  for (int i = 0; i < 2100 && status == 401; ++i) status = guess("127.0.0.1");
  EXPECT_EQ(status, 429);
  EXPECT_EQ(at_town("GET", "/v1/town").status, 429) << "what anyone may ask counts the same";
  EXPECT_EQ(guess("192.0.2.7"), 401);
  EXPECT_EQ(at_town("GET", "/v1/me", "", token).status, 200) << "a neighbour who has signed in";
}

TEST(RateLimit, TriesComeBackEvenly) {
  programme::RateLimit limit(3, 3 * kSecondUs);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("a", 0)) << i;
  const auto none_left = limit.take("a", kSecondUs - 1);
  ASSERT_FALSE(none_left);
  EXPECT_EQ(none_left.error().code, Code::rate_limited);
  EXPECT_EQ(none_left.error().detail, "too many tries; wait 1 seconds");
  EXPECT_TRUE(limit.take("a", kSecondUs));
  EXPECT_FALSE(limit.take("a", kSecondUs)) << "one a second, not all of them again";
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("a", 100 * kSecondUs)) << i;
  EXPECT_FALSE(limit.take("a", 100 * kSecondUs));
}

TEST(RateLimit, AClockThatIsSetBackLocksNobodyOut) {
  programme::RateLimit limit(3, 3 * kSecondUs);
  EXPECT_TRUE(limit.take("a", kHourUs));  // an hour ahead, by mistake
  const auto refused = limit.take("a", 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "too many tries; wait 1 seconds");
  EXPECT_TRUE(limit.take("a", kSecondUs));
}

TEST(RateLimit, LookingUsesNothingUp) {
  programme::RateLimit limit(1, kMinuteUs);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.look("a", 0));
  EXPECT_TRUE(limit.take("a", 0));
  EXPECT_EQ(limit.look("a", 0).error().code, Code::rate_limited);
  EXPECT_TRUE(limit.look("b", 0));
  EXPECT_TRUE(limit.look("a", kMinuteUs));
}

TEST(RateLimit, AHouseIsOneNameWhateverItsAddress) {
  programme::RateLimit limit(2, kMinuteUs);
  EXPECT_TRUE(limit.take("2001:db8:0:1::1", 0));
  EXPECT_TRUE(limit.take("2001:db8:0:1:ffff::2", 0));
  EXPECT_FALSE(limit.take("2001:db8:0:1::3", 0));
  EXPECT_TRUE(limit.take("2001:db8:0:2::1", 0));
  EXPECT_TRUE(limit.take("192.0.2.1", 0));
  EXPECT_TRUE(limit.take("192.0.2.2", 0));
}

}  // namespace
}  // namespace dfb::routes
