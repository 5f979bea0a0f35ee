// The town hall without its sockets: routes over a real writer and a real SQLite file, in a small town.
#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/http/json.h"
#include "api/programme/labels.h"
#include "api/programme/people.h"
#include "api/programme/schema.h"
#include "api/routes/table.h"
#include "certs/authority.h"
#include "certs/request.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/api/schema.h"
#include "tests/unit/writer/running_town.h"

namespace dfb::routes {

using boost::json::object;
using test::SignedLine;

class ApiTown : public ::testing::Test {
 protected:
  http::Response send(const http::Router& router, const std::string& method, const std::string& path,
                      const std::string& body = "", const std::string& token = "",
                      const std::string& certificate = "") {
    http::Request request;
    request.method = method;
    const auto query = path.find('?');
    request.path = path.substr(0, query);
    if (query != path.npos) request.query = path.substr(query + 1);
    request.body = body;
    request.remote = "127.0.0.1";
    if (!body.empty()) request.headers.push_back({"content-type", "application/json"});
    if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
    request.client_certificate = certificate;
    http::Response answer = router.handle(request);
    EXPECT_EQ(undocumented(request, answer), "");
    return answer;
  }
  http::Response at_town(const std::string& method, const std::string& path, const std::string& body = "",
                         const std::string& token = "") {
    return send(town_hall, method, path, body, token);
  }
  http::Response at_till(const test::Member& shop, const std::string& method, const std::string& path,
                         const std::string& body = "") {
    return send(counter, method, path, body, "", certificate_of(shop));
  }

  static std::string body_of(const SignedLine& line, object more = {}) {
    boost::json::array signatures;
    for (const auto& one : line.signatures)
      signatures.push_back({{"key", hash_text(one.key)}, {"signature", base64url_encode(one.bytes)}});
    more["payload"] = line.payload;
    more["signatures"] = std::move(signatures);
    return boost::json::serialize(more);
  }
  static object json(const http::Response& response) { return boost::json::parse(response.body).as_object(); }
  static std::string code(const http::Response& response) {
    return std::string(json(response).at("code").as_string());
  }

  std::string sign_in(const PrivateKey& key) {
    const std::string id = hash_text(key.public_key().id());
    const auto nonce =
        json(at_town("POST", "/v1/sessions/challenge", boost::json::serialize(object{{"key", id}})));
    const std::string text(nonce.at("nonce").as_string());
    const std::string own(16, 'n');
    const std::string signature =
        sign(key, SignedKind::login, test::kTownOrigin, base64url_decode(text).value() + own);
    const auto answer = at_town("POST", "/v1/sessions",
                                boost::json::serialize(object{{"key", id},
                                                              {"nonce", text},
                                                              {"client_nonce", base64url_encode(own)},
                                                              {"signature", base64url_encode(signature)}}));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? std::string(json(answer).at("token").as_string()) : "";
  }
  // DER of a certificate for the shop's till, as TLS would hand it on.
  std::string certificate_of(const test::Member& shop) {
    const auto issued =
        authority.issue_terminal(certs::make_request(shop.key, "till"), "till", SystemClock().now_us())
            .value();
    const auto begin = issued.chain_pem.find("-----\n") + 6;
    std::string base64 = issued.chain_pem.substr(begin, issued.chain_pem.find("-----END") - begin);
    std::erase(base64, '\n');
    return base64_decode(base64).value();
  }

  test::TempFolder folder;
  std::unique_ptr<store::Store> store =
      store::open_sqlite(folder.path() + "/ledger.db", programme::migrations()).value();
  test::RunningTown town{*store};
  const bool founded = (town.start_and_found(), true);  // before `services` takes the writer
  certs::Authority authority =
      certs::Authority::create(folder.path() + "/ca", "test town", SystemClock().now_us()).value();
  const PrivateKey next_server = test::test_key("next server");  // of no account until the roots name it
  const programme::ServerKeys server_keys{{town.town.server, next_server}};
  SeededRandom random{7};
  programme::Sessions sessions{test::kTownOrigin, town.clock, random};
  programme::Presentations presentations;
  programme::RateLimit enrolments{3, kHourUs}, sign_ins{1000, kMinuteUs}, callers{200, kMinuteUs},
      visitors{2000, kMinuteUs};
  std::vector<std::string> logged, warnings;
  Services services{test::kTownOrigin,
                    test::vkey_of(town.log_key),
                    server_keys,
                    town.clock,
                    *store,
                    *town.writer,
                    town.keys,
                    sessions,
                    presentations,
                    enrolments,
                    sign_ins,
                    callers,
                    visitors,
                    false,
                    sha256("an auditor's token"),
                    "",
                    [this](const std::string& csr, book::AccountId shop) -> Result<std::string> {
                      DFB_TRY(auto issued,
                              authority.issue_terminal(csr, to_string(shop), SystemClock().now_us()));
                      return issued.chain_pem;
                    },
                    [] { return false; },
                    [this] { return warnings; },
                    [this](const std::string& line) { logged.push_back(line); }};
  http::Router town_hall = town_router(services).value();
  http::Router counter = till_router(services);
};

}  // namespace dfb::routes
