// The walkthrough's first half, each step alone: a phone enrols, an officer verifies, the phone checks in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/receipt.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

// An answer is believed when its receipt leads to the town's signed root.
void expect_proven(const LiveTown& town, const Json& answer) {
  const auto vkey = log::parse_vkey(town.facts().log_vkey).value();
  const auto receipt = log::parse_receipt(std::string(answer.at("receipt").as_string()));
  ASSERT_TRUE(receipt) << to_string(receipt.error());
  const auto entry = log::verify_entry(*receipt, vkey, std::string(answer.at("entry").as_string()));
  ASSERT_TRUE(entry) << to_string(entry.error());
  EXPECT_EQ(entry->seq, answer.at("seq").as_int64());
}

TEST(Resident, EnrolsWithAKeyMadeOnTheDevice) {
  LiveTown town;
  Client nobody = town.client();
  const auto facts = nobody.get("/v1/town").value();
  EXPECT_EQ(facts.at("origin").as_string(), town.facts().origin);
  EXPECT_EQ(facts.at("log_vkey").as_string(), town.facts().log_vkey);
  const KeyId server = parse_hash_text(std::string(facts.at("server_key").as_string())).value();
  const PrivateKey phone = PrivateKey::generate(Algorithm::p256);
  const book::Open open{town.entrant().new_account(), book::AccountKind::resident, "/lijing/01", "",
                        book::Level::phone,           phone.public_key().spki()};
  const SignedLine line = town.entrant().sign(server, open, {&phone});
  const boost::json::object person{{"name", "林小雨"}, {"phone", "13900001234"}};
  const auto answer = nobody.post("/v1/enrolments", line, person);
  ASSERT_TRUE(answer) << to_string(answer.error());
  expect_proven(town, *answer);
  const auto again = nobody.post("/v1/enrolments", line, person);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_TRUE(again->at("known").as_bool());
  EXPECT_EQ(again->at("seq"), answer->at("seq"));

  Client resident = town.signed_in(phone);
  const auto me = resident.get("/v1/me").value();
  EXPECT_EQ(me.at("name").as_string(), "林小雨");
  EXPECT_EQ(me.at("level").as_string(), "phone");
  EXPECT_EQ(me.at("balance").as_int64(), 0);
  EXPECT_EQ(me.at("account").as_string(), to_string(open.account));
}

TEST(Resident, IsVerifiedByAnOfficerAndByNobodyElse) {
  LiveTown town;
  const Phone phone = town.enrol();
  const PrivateKey officer = town.key("officer-lijing"), stranger = town.key("officer-changjia");
  const auto path = "/v1/residents/" + to_string(phone.account);
  const book::SetLevel verified{phone.account, book::Level::verified};

  Client own = town.signed_in(phone.key);
  EXPECT_EQ(own.post("/v1/residents/levels", town.entrant().sign(verified, {&phone.key})).error().code,
            Code::forbidden);
  Client other = town.signed_in(stranger);
  EXPECT_EQ(other.get(path).error().code, Code::not_found) << "another community's resident";
  EXPECT_EQ(other.post("/v1/residents/levels", town.entrant().sign(verified, {&stranger})).error().code,
            Code::out_of_scope);

  Client desk = town.signed_in(officer);
  const auto shown = desk.get(path).value();
  EXPECT_EQ(shown.at("name").as_string(), "林小雨");
  EXPECT_EQ(shown.at("phone_end").as_string(), "1234");
  const auto answer = desk.post("/v1/residents/levels", town.entrant().sign(verified, {&officer}));
  ASSERT_TRUE(answer) << to_string(answer.error());
  expect_proven(town, *answer);
  EXPECT_EQ(own.get("/v1/me").value().at("level").as_string(), "verified");
}

TEST(Resident, ChecksInOnceADayByTheSiteCode) {
  LiveTown town;
  const Phone phone = town.enrol();
  town.verify(phone);
  Client resident = town.signed_in(phone.key);
  EXPECT_FALSE(resident.get("/v1/tasks").value().at("tasks").as_array().empty());

  const SignedLine line = town.check_in(phone, "patrol-evening", "patrol");
  const auto answer = resident.post("/v1/check-ins", line);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->at("outcome").at("points").as_int64(), 50);
  EXPECT_EQ(town.balance(phone), 50);
  expect_proven(town, *answer);

  const auto again = resident.post("/v1/check-ins", line);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_TRUE(again->at("known").as_bool());
  EXPECT_EQ(again->at("seq"), answer->at("seq"));
  const auto second = resident.post("/v1/check-ins", town.check_in(phone, "patrol-evening", "patrol"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::fact_exists);
  EXPECT_EQ(town.balance(phone), 50);

  const auto statement = resident.get("/v1/me/entries?limit=1").value().at("entries").at(0);
  EXPECT_EQ(statement.at("points").as_int64(), 50);
  EXPECT_EQ(statement.at("reason_zh").as_string(), "晚间巡逻");
  const auto own = resident.get("/v1/me/entries/" + std::to_string(answer->at("seq").as_int64()));
  ASSERT_TRUE(own) << to_string(own.error());
  EXPECT_EQ(own->at("entry"), answer->at("entry"));
}

// A meeting: the officer writes down who came, and residents vote from their phones.
TEST(Resident, IsWrittenDownByAnOfficerAndVotesByThemselves) {
  LiveTown town;
  const Phone phone = town.resident(1);
  const PrivateKey officer = town.key("officer-lijing"), stranger = town.key("officer-changjia");
  const auto fact = [&](const char* kind, const char* rule) {
    book::Record record;
    record.kind = kind, record.subject = "topic-park", record.period = "-", record.rule = rule;
    record.account = phone.account;
    return record;
  };
  const std::int64_t before = town.balance(phone);
  Client desk = town.signed_in(officer), other = town.signed_in(stranger), own = town.signed_in(phone.key);
  const auto came = fact("attendance", "attend-courtyard");
  EXPECT_EQ(own.post("/v1/check-ins", town.entrant().sign(came, {&phone.key})).error().code,
            Code::signer_not_allowed)
      << "attendance is an officer's word";
  EXPECT_EQ(other.post("/v1/records", town.entrant().sign(came, {&stranger})).error().code,
            Code::out_of_scope);
  const auto attended = desk.post("/v1/records", town.entrant().sign(came, {&officer}));
  ASSERT_TRUE(attended) << to_string(attended.error());
  expect_proven(town, *attended);
  const auto voted = own.post("/v1/check-ins", town.entrant().sign(fact("vote", "vote"), {&phone.key}));
  ASSERT_TRUE(voted) << to_string(voted.error());
  EXPECT_EQ(town.balance(phone), before + 23);
  const auto lines = own.get("/v1/me/entries?limit=2").value().at("entries").as_array();
  EXPECT_EQ(lines.at(0).at("reason_zh").as_string(), "议题表决");
  EXPECT_EQ(lines.at(1).at("reason_en").as_string(), "Attending a courtyard meeting");

  const std::string as_of = "?as_of=" + std::to_string(attended->at("seq").as_int64());
  EXPECT_EQ(own.get("/v1/me" + as_of).value().at("balance").as_int64(), before + 20);
  EXPECT_EQ(desk.get("/v1/residents/" + to_string(phone.account) + as_of).value().at("balance").as_int64(),
            before + 20);
  EXPECT_EQ(own.get("/v1/me/entries" + as_of).value().at("entries").at(0).at("seq"), attended->at("seq"));
}

TEST(Resident, CannotCheckInWithoutTheSitesCode) {
  LiveTown town;
  const Phone phone = town.enrol();
  Client resident = town.signed_in(phone.key);
  const auto thief = PrivateKey::generate(Algorithm::p256);
  SystemClock clock;
  const auto with = [&](const std::string& site) {
    book::Record record = std::get<book::Record>(
        book::parse_payload(town.check_in(phone, "patrol-evening", "patrol").payload).value().body);
    record.site = site;
    const auto answer = resident.post("/v1/check-ins", town.entrant().sign(std::move(record), {&phone.key}));
    return answer ? std::string() : std::string(name(answer.error().code));
  };
  EXPECT_EQ(with(book::make_site_code(thief, town.facts().origin, clock.now_us()).text()), "unknown_key");
  EXPECT_EQ(with(book::make_site_code(town.key("site-changjia"), town.facts().origin, clock.now_us()).text()),
            "site_not_allowed");
  EXPECT_EQ(
      with(book::make_site_code(town.key("site-lijing"), town.facts().origin, clock.now_us() - 10 * kMinuteUs)
               .text()),
      "site_code_stale");
  EXPECT_EQ(town.balance(phone), 0);
}

TEST(Resident, SignsOutAndIsAStranger) {
  LiveTown town;
  const Phone phone = town.resident(1);
  SystemRandom random;
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  fetch::HttpClient http(options);
  Client client = town.client();
  // The token is taken by hand, since the client has no word for signing out.
  const std::string key = hash_text(phone.key.public_key().id());
  const auto challenge = client.post("/v1/sessions/challenge", Json{{"key", key}}).value();
  const std::string nonce(challenge.at("nonce").as_string()), own = random.bytes(16);
  const auto session =
      client
          .post("/v1/sessions",
                Json{{"key", key},
                     {"nonce", nonce},
                     {"client_nonce", base64url_encode(own)},
                     {"signature", base64url_encode(sign(phone.key, SignedKind::login, town.facts().origin,
                                                         base64url_decode(nonce).value() + own))}})
          .value();
  http.set_bearer_token(std::string(session.at("token").as_string()));
  EXPECT_EQ(http.get(town.url() + "/v1/me").value().status, 200);
  EXPECT_EQ(http.send("DELETE", town.url() + "/v1/sessions", "", "").value().status, 204);
  EXPECT_EQ(http.get(town.url() + "/v1/me").value().status, 401);
}

}  // namespace
}  // namespace dfb::e2e
