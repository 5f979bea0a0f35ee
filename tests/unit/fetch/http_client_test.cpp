#include "ledger/fetch/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "ledger/fetch/explain.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_echo.h"

namespace dfb::fetch {
namespace {

using test::http_answer;
using test::MadeCertificate;
using test::make_certificate;
using test::SeenRequest;
using test::TlsEcho;
using ::testing::HasSubstr;

class Fetch : public ::testing::Test {
 protected:
  MadeCertificate server(const std::string& names = "DNS:localhost,IP:127.0.0.1", long until_s = 3600,
                         const std::string& usage = "serverAuth") {
    return make_certificate({"server", false, names, usage, -7200, until_s}, &ca_);
  }
  TlsEcho::Options echo() {
    return {true, "", server(), "",
            [](const SeenRequest& seen) { return http_answer(200, seen.head + seen.body); }};
  }
  TlsEcho::Options mutual() {
    TlsEcho::Options options = echo();
    options.client_ca_pem = ca_.certificate_pem;
    return options;
  }
  Options client() {
    Options options;
    options.ca_file = folder_.write("ca.crt", ca_.certificate_pem);
    return options;
  }
  Options client_with(const MadeCertificate& own) {
    Options options = client();
    options.cert_file = folder_.write("till.crt", own.certificate_pem);
    options.key_file = folder_.write("till.key", own.key_pem);
    return options;
  }
  MadeCertificate till(const MadeCertificate& issuer, long until_s = 3600,
                       const std::string& usage = "clientAuth") {
    return make_certificate({"till", false, "", usage, -7200, until_s}, &issuer);
  }
  void expect(const Result<Response>& got, Code code, const std::string& detail) {
    ASSERT_FALSE(got.has_value()) << got->status;
    EXPECT_EQ(got.error().code, code) << got.error().detail;
    EXPECT_THAT(got.error().detail, HasSubstr(detail));
  }

  test::TempFolder folder_;
  MadeCertificate ca_ = make_certificate({"town", true, "", "", -7200, 7200});
  MadeCertificate rogue_ = make_certificate({"rogue", true, "", "", -7200, 7200});
};

TEST_F(Fetch, GetsAndPostsOverOneConnection) {
  TlsEcho echo_server(echo());
  HttpClient http(client());
  const Response got = http.get(echo_server.url() + "/a?b=c").value();
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.content_type, "text/plain");
  EXPECT_TRUE(got.body.starts_with("GET /a?b=c HTTP/1.1\r\n")) << got.body;
  EXPECT_THAT(got.body, ::testing::Not(HasSubstr("Authorization")));

  http.set_bearer_token("token-1");
  const Response posted = http.post(echo_server.url() + "/p", "application/json", "{\"a\":1}").value();
  EXPECT_TRUE(posted.body.starts_with("POST /p HTTP/1.1\r\n")) << posted.body;
  EXPECT_TRUE(posted.body.ends_with("{\"a\":1}"));
  EXPECT_THAT(posted.body, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(posted.body, HasSubstr("Authorization: Bearer token-1\r\n"));
  EXPECT_THAT(posted.body, ::testing::Not(HasSubstr("Expect:")));

  EXPECT_TRUE(http.send("DELETE", echo_server.url() + "/d", "", "").value().body.starts_with("DELETE /d "));
  EXPECT_TRUE(http.post(echo_server.url() + "/e", "", "").value().body.starts_with("POST /e "));
  EXPECT_TRUE(http.get(echo_server.url() + "/f").value().body.starts_with("GET /f "));
  EXPECT_EQ(echo_server.connections(), 1);
}

TEST_F(Fetch, BinaryBodiesPassUnchanged) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
  TlsEcho::Options options = echo();
  options.answer = [](const SeenRequest& seen) { return http_answer(200, seen.body); };
  TlsEcho echo_server(std::move(options));
  EXPECT_EQ(HttpClient(client()).post(echo_server.url(), "application/octet-stream", bytes).value().body,
            bytes);
}

TEST_F(Fetch, EveryStatusIsAnAnswerAndNoRedirectIsFollowed) {
  TlsEcho::Options options = echo();
  options.answer = [](const SeenRequest& seen) {
    if (seen.head.starts_with("GET /busy")) return http_answer(503, "later", "Retry-After: 7\r\n");
    if (seen.head.starts_with("GET /away")) return http_answer(302, "", "Location: https://localhost:1/\r\n");
    return http_answer(422, "no");
  };
  TlsEcho echo_server(std::move(options));
  HttpClient http(client());
  const Response busy = http.get(echo_server.url() + "/busy").value();
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.body, "later");
  EXPECT_EQ(busy.retry_after_s, 7);
  EXPECT_EQ(http.get(echo_server.url() + "/away").value().status, 302);
  EXPECT_EQ(http.get(echo_server.url() + "/else").value().status, 422);
}

TEST_F(Fetch, NobodyAnswers) {
  std::string url;
  {
    const TlsEcho gone(echo());
    url = gone.url();
  }
  expect(HttpClient(client()).get(url), Code::unreachable,
         "nothing answers at " + url + "; is the server running?");
  expect(HttpClient(client()).get("https://no-such-host.invalid/"), Code::unreachable,
         "no address is known for no-such-host.invalid");
}

TEST_F(Fetch, AnotherAuthority) {
  TlsEcho::Options options = echo();
  options.certificate = make_certificate({"server", false, "DNS:localhost", "serverAuth"}, &rogue_);
  TlsEcho echo_server(std::move(options));
  expect(HttpClient(client()).get(echo_server.url()), Code::unreachable,
         "is not signed by " + folder_.path("ca.crt"));
  expect(HttpClient(Options{}).get(echo_server.url()), Code::unreachable,
         "is not signed by an authority that this system trusts");
}

TEST_F(Fetch, AnotherName) {
  TlsEcho::Options options = echo();
  options.certificate = server("DNS:localhost");
  TlsEcho echo_server(std::move(options));
  EXPECT_TRUE(HttpClient(client()).get(echo_server.url()).has_value());
  expect(HttpClient(client()).get(echo_server.url("127.0.0.1")), Code::unreachable,
         "was made for another name than 127.0.0.1");
}

TEST_F(Fetch, ExpiredOrMisusedServerCertificate) {
  TlsEcho::Options options = echo();
  options.certificate = server("DNS:localhost", -60);
  TlsEcho expired(std::move(options));
  expect(HttpClient(client()).get(expired.url()), Code::unreachable, "has expired");

  options = echo();
  options.certificate = make_certificate({"server", false, "DNS:localhost", "serverAuth", 600, 1200}, &ca_);
  TlsEcho early(std::move(options));
  expect(HttpClient(client()).get(early.url()), Code::unreachable, "is not valid yet");

  options = echo();
  options.certificate = server("DNS:localhost", 3600, "clientAuth");
  TlsEcho misused(std::move(options));
  expect(HttpClient(client()).get(misused.url()), Code::unreachable, "was not made for a server");
}

TEST_F(Fetch, MutualTls) {
  TlsEcho echo_server(mutual());
  EXPECT_EQ(HttpClient(client_with(till(ca_))).get(echo_server.url()).value().status, 200);
  expect(HttpClient(client()).get(echo_server.url()), Code::unreachable, "demands a client certificate");
  expect(HttpClient(client_with(till(rogue_))).get(echo_server.url()), Code::unreachable,
         "refused the client certificate " + folder_.path("till.crt") +
             ": the server's authority did not sign it");
  expect(HttpClient(client_with(till(ca_, -60))).get(echo_server.url()), Code::unreachable,
         "it has expired; ask for a new one");
  expect(HttpClient(client_with(till(ca_, 3600, "serverAuth"))).get(echo_server.url()), Code::unreachable,
         "it was made for another purpose");
}

TEST_F(Fetch, TimeOuts) {
  TlsEcho::Options options = echo();
  options.answer = [](const SeenRequest&) { return std::nullopt; };
  TlsEcho silent(std::move(options));
  HttpClient http(client());
  http.set_timeout_ms(2000);  // within which a busy machine makes a handshake
  const auto start = std::chrono::steady_clock::now();
  expect(http.get(silent.url()), Code::timed_out, "no answer from " + silent.url() + " within 2 s");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));

  // Connected, but the other side never says hello: the server cannot have acted.
  TlsEcho plain({false, "", {}, "", [](const SeenRequest&) { return std::nullopt; }});
  Options quick = client();
  quick.connect_timeout_ms = 300;
  expect(HttpClient(quick).get("https://localhost:" + std::to_string(plain.port())), Code::unreachable,
         "within 0.3 s");
}

TEST_F(Fetch, BrokenOffAfterSending) {
  TlsEcho::Options options = echo();
  options.answer = [](const SeenRequest& seen) -> std::optional<std::string> {
    if (seen.head.starts_with("GET /half")) return "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf";
    return "";
  };
  TlsEcho echo_server(std::move(options));
  expect(HttpClient(client()).get(echo_server.url() + "/none"), Code::timed_out, "broke off");
  HttpClient http(client());
  http.set_timeout_ms(2000);
  expect(http.get(echo_server.url() + "/half"), Code::timed_out, "no answer");
}

// libcurl sends again by itself when a kept connection breaks; the first request may have been acted on all the same.
TEST_F(Fetch, BrokenOffOnAKeptConnectionThenNobody) {
  auto options = echo();
  std::unique_ptr<TlsEcho> server;
  int seen = 0;
  options.answer = [&](const SeenRequest&) -> std::optional<std::string> {
    return ++seen == 1 ? http_answer(200, "") : "";  // the second request is read, then the connection closed
  };
  server = std::make_unique<TlsEcho>(std::move(options));
  HttpClient http(client());
  ASSERT_TRUE(http.post(server->url() + "/", "text/plain", "first").has_value());
  const auto second = http.post(server->url() + "/", "text/plain", "second");
  ASSERT_FALSE(second.has_value());
  EXPECT_GE(seen, 2);
  EXPECT_EQ(second.error().code, Code::timed_out) << second.error().detail;

  // The listener goes away while a kept connection stays: what leaves on it is lost, and the next try finds nobody.
  for (const int sends : {0, 1}) {
    const Failure failure{CURLE_COULDNT_CONNECT, "", 0, sends, false};
    const auto error = explain(failure, *parse_target("https://localhost:1/"), client());
    EXPECT_EQ(error.code, sends == 0 ? Code::unreachable : Code::timed_out);
  }
}

TEST_F(Fetch, AStaleConnectionIsReplaced) {
  auto first = std::make_unique<TlsEcho>(echo());
  TlsEcho::Options options = echo();
  int answers = 0;
  options.answer = [&answers](const SeenRequest&) -> std::optional<std::string> {
    return ++answers == 2 ? "" : http_answer(200, std::to_string(answers));
  };
  TlsEcho echo_server(std::move(options));
  HttpClient http(client());
  EXPECT_EQ(http.post(echo_server.url(), "text/plain", "x").value().body, "1");
  EXPECT_EQ(http.post(echo_server.url(), "text/plain", "x").value().body, "3");
  EXPECT_EQ(echo_server.connections(), 2);
}

TEST_F(Fetch, TooLarge) {
  TlsEcho::Options options = echo();
  options.answer = [](const SeenRequest& seen) -> std::optional<std::string> {
    if (seen.head.starts_with("GET /unannounced"))
      return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(5000, 'x');
    if (seen.head.starts_with("GET /head")) {
      std::string many;
      for (int i = 0; i < 3000; ++i) many += "X-Filler: 0123456789012345678901234567890123456789\r\n";
      return http_answer(200, "", many);
    }
    return http_answer(200, std::string(seen.head.starts_with("GET /fits") ? 1000 : 1001, 'x'));
  };
  TlsEcho echo_server(std::move(options));
  Options small = client();
  small.body_bytes_max = 1000;
  EXPECT_EQ(HttpClient(small).get(echo_server.url() + "/fits").value().body.size(), 1000U);
  for (const char* path : {"/over", "/unannounced", "/head"})
    expect(HttpClient(small).get(echo_server.url() + path), Code::too_large, "longer than 1000 bytes");
}

TEST_F(Fetch, PlainOnlyOnThisMachine) {
  TlsEcho plain({false, "HTTP/1.1 400 Bad Request\r\n\r\n", {}, "", [](const SeenRequest&) {
                   return http_answer(200, "plain");
                 }});
  EXPECT_EQ(HttpClient(client()).get(plain.url("127.0.0.1")).value().body, "plain");
  EXPECT_EQ(HttpClient(client()).get(plain.url()).value().body, "plain");
  expect(HttpClient(client()).get("http://points.example/"), Code::bad_config,
         "only https:// leaves this machine");
  expect(HttpClient(client()).get("http://127.0.0.1.example/"), Code::bad_config, "only https://");
  expect(HttpClient(client()).get("https://localhost:" + std::to_string(plain.port())), Code::unreachable,
         "does not speak TLS");
}

TEST_F(Fetch, BadAddresses) {
  HttpClient http(client());
  expect(http.get("file:///etc/passwd"), Code::bad_config, "begins with https://");
  expect(http.get("ftp://localhost/"), Code::bad_config, "begins with https://");
  expect(http.get("https://anna:secret@localhost/"), Code::bad_config, "no place in an address");
  for (const char* bad :
       {"", "localhost", "https://", "https://a b/", "https://localhost:99999/", "/v1/town"})
    EXPECT_EQ(http.get(bad).error().code, Code::bad_config) << bad;
}

TEST_F(Fetch, BadFilesAndTokens) {
  TlsEcho echo_server(mutual());
  Options options = client_with(till(ca_));
  options.ca_file = folder_.path("none.crt");
  expect(HttpClient(options).get(echo_server.url()), Code::bad_config, "none.crt: No such file");
  options.ca_file = folder_.write("empty.crt", "nothing here\n");
  expect(HttpClient(options).get(echo_server.url()), Code::bad_config,
         "empty.crt holds no certificates in PEM");

  options = client_with(till(ca_));
  folder_.write("till.key", folder_.read("till.key"), 0644);
  expect(HttpClient(options).get(echo_server.url()), Code::bad_config,
         "chmod 600 " + folder_.path("till.key"));
  options = client_with(till(ca_));
  folder_.write("till.key", till(ca_).key_pem);
  expect(HttpClient(options).get(echo_server.url()), Code::bad_config, "cannot be used");
  options.key_file.clear();
  expect(HttpClient(options).get(echo_server.url()), Code::bad_config, "one of them is missing");

  HttpClient http(client());
  http.set_bearer_token("a\r\nX-Admin: 1");
  expect(http.get(echo_server.url()), Code::bad_config, "line break");
}

}  // namespace
}  // namespace dfb::fetch
