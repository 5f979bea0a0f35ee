#include "api/http/message.h"

#include <gtest/gtest.h>

#include <set>

#include "api/http/problem.h"
#include "api/http/request_reader.h"
#include "api/http/response_text.h"
#include "api/http/target.h"

namespace dfb::http {
namespace {

TEST(Target, DecodesOnceAndStrictly) {
  const struct {
    const char *target, *path, *query;
  } good[] = {
      {"/", "/", ""},
      {"/a/b?x=1&y=%20", "/a/b", "x=1&y=%20"},
      {"/%E4%BD%99%E9%A2%9D", "/余额", ""},
      {"/a%2Eb", "/a.b", ""},
      {"/a%252Fb", "/a%2Fb", ""},
      {"/?", "/", ""},
      {"/a?b?c", "/a", "b?c"},
      {"https://localhost:8443/v1/town?x", "/v1/town", "x"},
      {"https://localhost", "/", ""},
  };
  for (const auto& row : good) {
    const auto target = parse_target(row.target);
    ASSERT_TRUE(target) << row.target;
    EXPECT_EQ(target->path, row.path);
    EXPECT_EQ(target->query, row.query);
  }
  const std::string bad[] = {"",        "*",      "a/b",           "/%",           "/%4",
                             "/%zz",    "/a%2Fb", "/a%2fb",        "/%00",         "/a%0A",
                             "/%7F",    "/a#b",   "/%C0%AF",       "/%ED%A0%80",   "/%FF",
                             "/%E4%BD", "/\x01",  "localhost:443", "/%F4%90%80%80"};
  for (const std::string& text : bad) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code, Code::malformed);
  }
}

TEST(Request, QueryValues) {
  Request request;
  request.query = "before=17&name=%E7%8E%8B+x&empty=&flag&bad=%4&before=18";
  EXPECT_EQ(request.query_value("before"), "17");
  EXPECT_EQ(request.query_value("name"), "王 x");
  EXPECT_EQ(request.query_value("empty"), "");
  EXPECT_EQ(request.query_value("flag"), "");
  EXPECT_EQ(request.query_value("bad"), "");
  EXPECT_EQ(request.query_value("limit"), "");
}

TEST(Problem, StatusOfEveryKind) {
  const std::pair<Code, int> rows[] = {{Code::malformed, 400},
                                       {Code::unauthenticated, 401},
                                       {Code::forbidden, 403},
                                       {Code::not_found, 404},
                                       {Code::method_not_allowed, 405},
                                       {Code::too_large, 413},
                                       {Code::rate_limited, 429},
                                       {Code::unsupported_media_type, 415},
                                       {Code::insufficient_points, 422},
                                       {Code::internal, 500},
                                       {Code::busy, 503},
                                       {Code::shutting_down, 503},
                                       {Code::read_only, 503},
                                       {Code::bad_signature, 422},
                                       {Code::exists_with_different_content, 422}};
  for (const auto& [code, status] : rows) EXPECT_EQ(status_of(code), status) << name(code);
  const Response busy = problem(fail(Code::busy, "full"));
  ASSERT_EQ(busy.headers.size(), 1u);
  EXPECT_EQ(busy.headers[0].first, "Retry-After");
  EXPECT_EQ(
      busy.body,
      R"({"type":"/refusals#busy","title":"busy","status":503,"detail":"full","code":"busy","number":7})");
  EXPECT_EQ(problem(fail(Code::io_error, "/srv/secret")).body.find("secret"), std::string::npos);
}

// Fed whole and byte by byte, the reader must say the same.
TEST(RequestReader, AnySplitGivesTheSameRequest) {
  const std::string text =
      "POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nX-Thing: Some Value\r\nContent-Length: 8\r\n\r\nabcdefghGET / "
      "HTTP/1.1\r\n";
  for (const std::size_t step : {text.size(), std::size_t{1}, std::size_t{7}}) {
    RequestReader reader(1000, 1000);
    std::string arrived;
    auto progress = RequestReader::Progress::more;
    std::size_t sent = 0;
    while (progress != RequestReader::Progress::done) {
      if (progress == RequestReader::Progress::more) {
        ASSERT_LT(sent, text.size());
        arrived += text.substr(sent, step);
        sent = std::min(text.size(), sent + step);
      }
      const auto result = reader.feed(arrived);
      ASSERT_TRUE(result) << to_string(result.error());
      progress = *result;
    }
    EXPECT_TRUE(reader.keep_alive());
    const Request request = reader.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/v1/x");
    EXPECT_EQ(request.header("x-thing"), "Some Value");
    EXPECT_EQ(request.body, "abcdefgh");
    EXPECT_EQ(arrived + text.substr(sent), "GET / HTTP/1.1\r\n");
  }
}

TEST(RequestReader, RefusesWhatCouldBeReadInTwoWays) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string bad[] = {
      "GARBAGE\r\n\r\n",
      "GET / HTTP/2.0\r\n\r\n",
      "GET  / HTTP/1.1\r\n\r\n",
      "GET /a b HTTP/1.1\r\n\r\n",
      "GET /%2f HTTP/1.1\r\n\r\n",
      start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
      start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
      start + "Content-Length: -1\r\n\r\n",
      start + "Content-Length: 1e3\r\n\r\n",
      start + "Name : x\r\n\r\n",
      start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      start + "Transfer-Encoding: identity\r\n\r\n",
      start + "Transfer-Encoding: \r\nContent-Length: 3\r\n\r\nabc",
      start + std::string("X: a\0b\r\n\r\n", 10),
  };
  for (const std::string& text : bad) {
    RequestReader reader(1000, 1000);
    std::string arrived = text;
    auto result = reader.feed(arrived);
    while (result && *result == RequestReader::Progress::header) result = reader.feed(arrived);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, Code::malformed) << text;
  }
}

TEST(Response, NoHeaderCanBreakTheLine) {
  EXPECT_TRUE(is_sendable({200, "text/plain", "x", {{"A", "b"}}}));
  EXPECT_FALSE(is_sendable({200, "text/plain", "x", {{"A", "b\r\nC: d"}}}));
  EXPECT_FALSE(is_sendable({200, "text/plain", "x", {{"A b", "c"}}}));
  EXPECT_FALSE(is_sendable({200, "text/plain\n", "x", {}}));
  EXPECT_FALSE(is_sendable({99, "text/plain", "x", {}}));
}

TEST(Response, HandlersMayGiveTheirOwnPolicies) {
  const std::string text = response_text(
      {200, "text/html", "x", {{"cache-control", "no-cache"}, {"Content-Security-Policy", "p"}}}, {});
  EXPECT_EQ(text.find("no-store"), std::string::npos);
  EXPECT_EQ(text.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(text.find("Strict-Transport"), std::string::npos);
  EXPECT_NE(response_text({}, {true, false, true}).find("Strict-Transport-Security: max-age="),
            std::string::npos);
}

}  // namespace
}  // namespace dfb::http
