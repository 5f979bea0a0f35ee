// What arrives at a running server and cannot be used: a problem document with the right status and code, and
// a server that goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

class BadRequest : public testing::Test {
 protected:
  void expect_problem(const Result<fetch::Response>& response, int status, const std::string& code,
                      const std::string& detail) {
    ASSERT_TRUE(response) << to_string(response.error());
    EXPECT_EQ(response->status, status) << response->body;
    EXPECT_EQ(response->content_type, "application/problem+json");
    const auto problem = boost::json::parse(response->body);
    EXPECT_EQ(problem.at("status").as_int64(), status);
    EXPECT_EQ(problem.at("code").as_string(), code);
    EXPECT_EQ(problem.at("type").as_string(), "/refusals#" + code);
    EXPECT_THAT(std::string(problem.at("detail").as_string()), HasSubstr(detail));
  }
  fetch::HttpClient http(const std::string& token = "") {
    fetch::Options options;
    options.ca_file = town_.path("ca.crt");
    options.bearer_token = token;
    return fetch::HttpClient(options);
  }
  Result<fetch::Response> post(const std::string& path, const std::string& body) {
    return http().post(town_.url() + path, "application/json", body);
  }
  void TearDown() override {
    EXPECT_TRUE(town_.client().get("/healthz"));
    EXPECT_EQ(town_.stop().status, 0);
  }

  LiveTown town_;
};

TEST_F(BadRequest, ABodyOverTheLimit) {
  expect_problem(post("/v1/keys", std::string(300'000, 'x')), 413, "too_large", "");
}

TEST_F(BadRequest, TokensOfGarbage) {
  for (const char* token : {"garbage", "", " ", "0000000000000000000000000000000000000000000"})
    expect_problem(http(token).get(town_.url() + "/v1/me"), 401, "unauthenticated", "sign in");
}

TEST_F(BadRequest, BodiesThatAreNotWhatTheRouteTakes) {
  expect_problem(post("/v1/sessions/challenge", "{"), 400, "malformed", "");
  expect_problem(post("/v1/sessions/challenge", ""), 400, "malformed", "");
  expect_problem(post("/v1/sessions/challenge", "[]"), 400, "malformed", "");
  expect_problem(post("/v1/sessions/challenge", "{}"), 400, "malformed", "key");
  expect_problem(post("/v1/sessions/challenge", R"({"key":7})"), 400, "malformed", "key");
  expect_problem(post("/v1/sessions/challenge", R"({"key":"x","colour":1})"), 400, "malformed", "colour");
  expect_problem(post("/v1/sessions/challenge", R"({"key":"x","key":"y"})"), 400, "malformed", "key");
  expect_problem(post("/v1/keys", R"({"payload":"x","signatures":[{"key":"x"}]})"), 400, "malformed",
                 "signatures[0].signature");
  expect_problem(post("/v1/keys", R"({"payload":"rubbish","signatures":[]})"), 400, "malformed", "");
  expect_problem(http().post(town_.url() + "/v1/keys", "text/plain", "{}"), 415, "unsupported_media_type",
                 "");
}

TEST_F(BadRequest, PathsAndMethods) {
  expect_problem(http().get(town_.url() + "/v1/nothing"), 404, "not_found", "");
  expect_problem(post("/v1/nothing", "{}"), 404, "not_found", "");
  expect_problem(http().get(town_.url() + "/v1/keys"), 405, "method_not_allowed", "POST");
  expect_problem(http().get(town_.url() + "/v1/till"), 404, "not_found", "");
  expect_problem(http().get(town_.url() + "/log/tile/0/999"), 404, "not_found", "");
}

TEST_F(BadRequest, ATownWithPagesTakesNoPathOfTheInterfaceForOne) {
  town_.stop();
  Process server = town_.launch({}, {"--pages", DFB_BIN_DIR "/resident"});
  ASSERT_TRUE(server.wait_for(" ready: ")) << server.err();
  EXPECT_EQ(http().get(town_.url() + "/style.css")->status, 200);
  expect_problem(http().get(town_.url() + "/v1/keys"), 405, "method_not_allowed", "POST");
  expect_problem(http().get(town_.url() + "/v1/nothing"), 404, "not_found", "there is nothing at this path");
  expect_problem(post("/v1/nothing", "{}"), 404, "not_found", "");
  server.signal(SIGTERM);
  ASSERT_TRUE(server.wait());
  town_.start();
}

TEST_F(BadRequest, ACommandWhoseSignatureIsWrong) {
  const Phone phone = town_.resident(1);
  SignedLine line = town_.check_in(phone, "patrol-evening", "patrol");
  line.signatures[0].bytes[10] = static_cast<char>(line.signatures[0].bytes[10] ^ 1);
  const std::int64_t before = town_.balance(phone);
  EXPECT_EQ(town_.signed_in(phone.key).post("/v1/check-ins", line).error().code, Code::bad_signature);
  EXPECT_EQ(town_.balance(phone), before);
}

TEST_F(BadRequest, ATerminalWithoutOrWithARevokedCertificate) {
  const Till till = town_.enrol_till(1);
  Client before = town_.client(till);
  ASSERT_TRUE(before.get("/v1/till"));
  fetch::Options options;
  options.ca_file = town_.path("ca.crt");
  EXPECT_FALSE(Client(town_.url(1), options).get("/v1/till")) << "no certificate";

  const std::string certs = program("certs"), ca = town_.path("ca");
  const auto list = boost::json::parse(demo::run({certs, "list", "--dir", ca, "--json"}).out).as_array();
  std::string serial;
  for (const auto& one : list)
    if (one.at("name").as_string() == to_string(till.shop)) serial = one.at("serial").as_string();
  const Finished revoked = demo::run({certs, "revoke", "--dir", ca, serial});
  ASSERT_EQ(revoked.status, 0) << revoked.err;
  EXPECT_FALSE(before.get("/v1/till")) << "on the connection that was open already";
  EXPECT_FALSE(town_.client(till).get("/v1/till")) << "on a new one";
  const Finished status = town_.terminal(till, {"status"});
  EXPECT_THAT(status.out, HasSubstr("The line is down"));
  const Phone phone = town_.resident(1);
  const std::int64_t points = town_.balance(phone);
  EXPECT_NE(town_.terminal(till, {"sale", "--code", town_.pay_code(phone), "--points", "5", "--yes"}).status,
            0);
  EXPECT_EQ(town_.balance(phone), points);

  // Its key is still the ledger's: a new certificate opens the port again.
  EXPECT_EQ(town_.terminal(till, {"renew"}).status, 0);
  EXPECT_TRUE(town_.client(till).get("/v1/till"));
}

TEST_F(BadRequest, ATillWhoseKeyIsRevokedInTheLedger) {
  const Till till = town_.enrol_till(1);
  const PrivateKey one = town_.key("administrator-1");
  Client office = town_.signed_in(one);
  const auto done = office.post(
      "/v1/revocations", town_.entrant().sign(book::RevokeKey{till.key.public_key().id(), "stolen"}, {&one}));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(town_.client(till).get("/v1/till").error().code, Code::key_revoked);
  EXPECT_EQ(town_.terminal(till, {"renew"}).status, 2) << "and there is no new certificate for it";
}

}  // namespace
}  // namespace dfb::e2e
