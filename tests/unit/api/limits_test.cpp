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
