// Residents' routes and the programme behind them: enrolment, sessions, statement, limits.
#include <gmock/gmock.h>

#include <set>

#include "api/programme/statement.h"
#include "api/programme/text.h"
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using programme::character_count;

TEST_F(ApiTown, EnrolmentWritesPersonAndEntryTogether) {
  const auto key = PrivateKey::generate(Algorithm::p256);
  const KeyId server = town.town.server.public_key().id();
  book::Payload payload{town.town.next_id(), server, town.town.now_us + kMinuteUs,
                        book::Open{book::AccountId{std::uint64_t{1} << 40}, book::AccountKind::resident,
                                   "/lijing/03", "", book::Level::phone, key.public_key().spki()}};
  const std::string line = format_payload(payload);
  const SignedLine own{
      line, {{key.public_key().id(), sign(key, SignedKind::payload, test::kTownOrigin, line)}}, payload.id};
  const auto bad_name =
      at_town("POST", "/v1/enrolments", body_of(own, {{"name", ""}, {"phone", "13800000000"}}));
  EXPECT_EQ(bad_name.status, 400);
  const auto answer =
      at_town("POST", "/v1/enrolments", body_of(own, {{"name", "林小雨"}, {"phone", "13800001234"}}));
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto me = json(at_town("GET", "/v1/me", "", sign_in(key)));
  EXPECT_EQ(me.at("name").as_string(), "林小雨");
  EXPECT_EQ(me.at("level").as_string(), "phone");
  const auto again =
      at_town("POST", "/v1/enrolments", body_of(own, {{"name", "林小雨"}, {"phone", "13800001234"}}));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(code(at_town("POST", "/v1/enrolments", body_of(own, {{"name", "林"}, {"phone", "1"}}))),
            "rate_limited");
}

TEST_F(ApiTown, TheServersKeyVouchesForPhonesOnly) {
  const auto key = PrivateKey::generate(Algorithm::p256);
  book::Payload payload{town.town.next_id(), town.town.server.public_key().id(), town.town.now_us + kMinuteUs,
                        book::Open{book::AccountId{std::uint64_t{1} << 41}, book::AccountKind::resident,
                                   "/lijing/03", "", book::Level::verified, key.public_key().spki()}};
  const std::string line = format_payload(payload);
  const SignedLine own{
      line, {{key.public_key().id(), sign(key, SignedKind::payload, test::kTownOrigin, line)}}, payload.id};
  EXPECT_EQ(at_town("POST", "/v1/enrolments", body_of(own, {{"name", "林"}, {"phone", ""}})).status, 400);
}

TEST_F(ApiTown, ARefusedEnrolmentRenamesNobody) {
  const auto& victim = town.town.resident;
  ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
    programme::put_person(sql, {victim.account, "林小雨", "13800001234"}, town.clock.now_us());
    return ok();
  }));
  const auto key = PrivateKey::generate(Algorithm::p256);
  const book::Payload payload{town.town.next_id(), town.town.server.public_key().id(),
                              town.town.now_us + kMinuteUs,
                              book::Open{victim.account, book::AccountKind::resident, "/lijing/03", "",
                                         book::Level::phone, key.public_key().spki()}};
  const std::string line = format_payload(payload);
  const SignedLine own{
      line, {{key.public_key().id(), sign(key, SignedKind::payload, test::kTownOrigin, line)}}, payload.id};
  const auto answer = at_town("POST", "/v1/enrolments", body_of(own, {{"name", "贼"}, {"phone", ""}}));
  EXPECT_EQ(code(answer), "account_exists") << answer.body;
  EXPECT_EQ(json(at_town("GET", "/v1/me", "", sign_in(victim.key))).at("name").as_string(), "林小雨");
}

TEST_F(ApiTown, ACheckInIsForOneself) {
  const std::string token = sign_in(town.town.resident.key);
  const auto mine = town.town.check_in(town.town.resident);
  EXPECT_EQ(at_town("POST", "/v1/check-ins", body_of(town.town.check_in(town.town.sibling)), token).status,
            403);
  ASSERT_EQ(at_town("POST", "/v1/check-ins", body_of(mine), token).status, 201);
  const auto twice = at_town("POST", "/v1/check-ins", body_of(town.town.check_in(town.town.resident)), token);
  EXPECT_EQ(code(twice), "fact_exists");
  EXPECT_EQ(at_town("POST", "/v1/check-ins", R"({"payload":"x","signatures":[],"more":1})", token).status,
            400);
  EXPECT_TRUE(logged.empty());
}

TEST_F(ApiTown, AStatementSaysWhatEachEntryDid) {
  ASSERT_TRUE(town.run(town.town.check_in(town.town.resident)));
  const auto sale = town.town.redeem(town.town.resident, 30);
  ASSERT_TRUE(town.run(sale));
  ASSERT_TRUE(town.run(town.town.refund(sale.id, town.town.resident, 10)));
  ASSERT_TRUE(town.run(town.town.cancel(sale.id)));
  const auto lines_of = [&](book::AccountId id) {
    const auto view = store->snapshot();
    std::vector<std::int64_t> points;
    for (const auto& line : programme::statement(*view, view->get<book::Account>({id}).value(), 1 << 30, 4))
      points.push_back(line.points);
    return points;
  };
  EXPECT_THAT(lines_of(town.town.resident.account), ::testing::ElementsAre(20, 10, -30, 50));
  EXPECT_THAT(lines_of(town.town.shop.account), ::testing::Contains(-20));
  const auto page = json(at_town("GET", "/v1/me/entries?limit=2", "", sign_in(town.town.resident.key)));
  ASSERT_EQ(page.at("entries").as_array().size(), 2u);
  const auto next =
      json(at_town("GET", "/v1/me/entries?limit=2&before=" + std::to_string(page.at("next").as_int64()), "",
                   sign_in(town.town.resident.key)));
  EXPECT_EQ(next.at("entries").as_array().at(0).as_object().at("points").as_int64(), -30);
}

TEST(Sessions, ANonceServesOnceForItsKeyAndAMinute) {
  ManualClock clock(test::kTownStartUs);
  SeededRandom random(1);
  programme::Sessions sessions("o", clock, random);
  const auto key = test::test_key("a"), other = test::test_key("b");
  const std::string own(16, 'c');
  const auto open = [&](const PrivateKey& by, const std::string& nonce, const std::string& client) {
    return sessions.open(by.public_key(), nonce, client, sign(by, SignedKind::login, "o", nonce + client));
  };
  std::string nonce = sessions.challenge(key.public_key().id());
  EXPECT_FALSE(open(other, nonce, own)) << "another key's nonce";
  EXPECT_TRUE(open(key, nonce, own)) << "which that try did not use up";
  EXPECT_EQ(nonce.size(), 32u);
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    std::string forged = sessions.challenge(key.public_key().id());
    forged[i] = static_cast<char>(forged[i] ^ 1);
    EXPECT_FALSE(open(key, forged, own)) << "byte " << i;
  }
  for (const std::string& made_up : {std::string(), std::string(32, '\xff'), nonce + "x"})
    EXPECT_FALSE(open(key, made_up, own));
  programme::Sessions restarted("o", clock, random);
  nonce = sessions.challenge(key.public_key().id());
  EXPECT_FALSE(restarted.open(key.public_key(), nonce, own, sign(key, SignedKind::login, "o", nonce + own)))
      << "another process's";
  nonce = sessions.challenge(key.public_key().id());
  const std::string over_another_town = sign(key, SignedKind::login, "p", nonce + own);
  EXPECT_EQ(sessions.open(key.public_key(), nonce, own, over_another_town).error().code,
            Code::unauthenticated);
  nonce = sessions.challenge(key.public_key().id());
  const std::string no_login = sign(key, SignedKind::payload, "o", nonce + own);
  EXPECT_FALSE(sessions.open(key.public_key(), nonce, own, no_login)) << "signed as something else";
  nonce = sessions.challenge(key.public_key().id());
  EXPECT_FALSE(sessions.open(key.public_key(), nonce, own, std::string(64, '\0')));
  nonce = sessions.challenge(key.public_key().id());
  EXPECT_FALSE(open(key, nonce, "short"));
  nonce = sessions.challenge(key.public_key().id());
  clock.advance(programme::kNonceLifeUs);
  EXPECT_FALSE(open(key, nonce, own)) << "late";
  nonce = sessions.challenge(key.public_key().id());
  const auto opened = open(key, nonce, own);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(open(key, nonce, own)) << "used";
  EXPECT_EQ(sessions.find(opened->token), key.public_key().id());
  EXPECT_FALSE(sessions.find("garbage"));
  clock.advance(programme::kSessionLifeUs);
  EXPECT_FALSE(sessions.find(opened->token));
}

// Challenges are free for anybody who knows a key's id: asking for them shuts nobody out.
TEST(Sessions, AFloodOfChallengesShutsNobodyOut) {
  ManualClock clock(test::kTownStartUs);
  SeededRandom random(2);
  programme::Sessions sessions("o", clock, random);
  const auto key = test::test_key("a");
  const std::string own(16, 'c'), first = sessions.challenge(key.public_key().id());
  std::set<std::string> different;
  for (int i = 0; i < 50'000; ++i) different.insert(sessions.challenge(sha256("somebody's")));
  EXPECT_EQ(different.size(), 50'000u);
  for (const std::string& nonce : {first, sessions.challenge(key.public_key().id())}) {
    const auto opened =
        sessions.open(key.public_key(), nonce, own, sign(key, SignedKind::login, "o", nonce + own));
    EXPECT_TRUE(opened) << to_string(opened.error());
  }
}

TEST(Programme, LimitsNamesAndTexts) {
  programme::RateLimit limit(2, kMinuteUs);
  EXPECT_TRUE(limit.take("a", 0) && limit.take("a", 1) && limit.take("b", 1));
  EXPECT_EQ(limit.take("a", 2).error().code, Code::rate_limited);
  EXPECT_TRUE(limit.take("a", kMinuteUs));
  EXPECT_EQ(character_count("林小雨"), 3u);
  EXPECT_EQ(character_count("\xff"), std::nullopt);
  EXPECT_EQ(character_count("a\nb"), std::nullopt);
  EXPECT_EQ(character_count("\"\\"), 2u);
  EXPECT_EQ(programme::masked_name("林小雨"), "林*");
  EXPECT_EQ(programme::masked_name(""), "*");
  EXPECT_EQ(programme::phone_end("138-0000 1234"), "1234");
  EXPECT_FALSE(programme::check_person({{}, "a", "12"}));
  EXPECT_FALSE(programme::check_person({{}, "a", "12345x"}));
  EXPECT_FALSE(programme::check_label({"task", "t", "", "en", "", ""}));
  EXPECT_TRUE(programme::check_label({"task", "t", "中", "en", "", ""}));
}

TEST(Presentations, TheFirstTillOwnsTheCodeForFiveMinutes) {
  programme::Presentations presentations;
  const KeyId device = sha256("device"), till = sha256("till"), other = sha256("other");
  ASSERT_TRUE(presentations.present(device, 5, till, 0));
  EXPECT_TRUE(presentations.present(device, 5, till, 1)) << "again at the same till";
  EXPECT_EQ(presentations.present(device, 5, other, 1).error().code, Code::presented_elsewhere);
  EXPECT_EQ(presentations.present(device, 4, till, 1).error().code, Code::code_stale);
  EXPECT_TRUE(presentations.check(device, 5, till, 2));
  EXPECT_EQ(presentations.check(device, 6, till, 2).error().code, Code::not_presented);
  EXPECT_EQ(presentations.check(device, 5, till, 1 + programme::kPresentationLifeUs).error().code,
            Code::not_presented);
  EXPECT_TRUE(presentations.present(device, 6, other, 3)) << "a newer code ends the older one";
  EXPECT_EQ(presentations.check(device, 5, till, 4).error().code, Code::presented_elsewhere);
}

}  // namespace
}  // namespace dfb::routes
