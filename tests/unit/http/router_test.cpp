#include "api/http/router.h"

#include <gtest/gtest.h>

#include "api/http/problem.h"

namespace dfb::http {
namespace {

Router make() {
  Router router;
  const auto say = [&router](const char* method, const char* pattern) {
    router.add({method, pattern, [pattern](const Request&, const PathValues& values) {
                  std::string text = pattern;
                  for (const auto& [name, value] : values) text += " " + name + "=" + value;
                  return Response{200, "text/plain", text, {}};
                }});
  };
  say("GET", "/{rest...}");
  say("GET", "/v1/residents/{account}");
  say("GET", "/v1/residents/levels");
  say("POST", "/v1/residents/levels");
  say("POST", "/v1/cancels");
  say("DELETE", "/v1/{kind}/{id}");
  say("GET", "/log/tile/{rest...}");
  say("GET", "/log/tile/entries/{rest...}");
  return router;
}

TEST(Router, TakesTheMostLiteralPattern) {
  const struct {
    const char *method, *path, *answer;
  } rows[] = {
      {"GET", "/", "/{rest...} rest="},
      {"GET", "/a/b", "/{rest...} rest=a/b"},
      {"GET", "/v1/residents/7ZK", "/v1/residents/{account} account=7ZK"},
      {"HEAD", "/v1/residents/7ZK", "/v1/residents/{account} account=7ZK"},
      {"GET", "/v1/residents/levels", "/v1/residents/levels"},
      {"POST", "/v1/residents/levels", "/v1/residents/levels"},
      {"DELETE", "/v1/residents/levels", "/v1/{kind}/{id} id=levels kind=residents"},
      {"GET", "/v1/residents/", "/{rest...} rest=v1/residents/"},
      {"GET", "/v1/residents/a/b", "/{rest...} rest=v1/residents/a/b"},
      {"GET", "/log/tile/0/x001/067.p/3", "/log/tile/{rest...} rest=0/x001/067.p/3"},
      {"GET", "/log/tile/entries/000", "/log/tile/entries/{rest...} rest=000"},
      {"GET", "/log/tile/", "/log/tile/{rest...} rest="},
  };
  const Router router = make();
  for (const auto& row : rows) {
    Request request;
    request.method = row.method;
    request.path = row.path;
    EXPECT_EQ(router.handle(request).body, row.answer) << row.method << " " << row.path;
  }
}

TEST(Router, UnknownMethodIs405WithAllow) {
  Request request;
  request.method = "PATCH";
  request.path = "/v1/residents/levels";
  const Response response = make().handle(request);
  EXPECT_EQ(response.status, 405);
  ASSERT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.headers[0],
            std::make_pair(std::string("Allow"), std::string("DELETE, GET, HEAD, POST")));
  EXPECT_NE(response.body.find("\"code\":\"method_not_allowed\",\"number\":13"), std::string::npos)
      << response.body;
}

TEST(Router, ARestIsNoAnswerWhereThePathTakesOtherMethods) {
  const struct {
    const char *method, *path, *allow;
  } rows[] = {{"GET", "/v1/cancels", "POST"}, {"HEAD", "/v1/a/b", "DELETE"}, {"POST", "/v1/residents/7ZK", "DELETE, GET, HEAD"}};
  for (const auto& row : rows) {
    Request request;
    request.method = row.method;
    request.path = row.path;
    const Response response = make().handle(request);
    EXPECT_EQ(response.status, 405) << row.path;
    ASSERT_EQ(response.headers.size(), 1u);
    EXPECT_EQ(response.headers[0], std::make_pair(std::string("Allow"), std::string(row.allow)));
    EXPECT_EQ(response.content_type, "application/problem+json");
  }
}

TEST(Router, UnknownPathIs404) {
  Router router;
  router.add({"POST", "/v1/cancels", [](const Request&, const PathValues&) { return Response{}; }});
  for (const char* path : {"/", "/v1", "/v1/cancels/", "/v1/cancels/x", "/V1/cancels", "//v1/cancels"}) {
    Request request;
    request.method = "POST";
    request.path = path;
    const Response response = router.handle(request);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.content_type, "application/problem+json");
  }
}

TEST(RouterDeathTest, RefusesPatternsThatCannotBeMeant) {
  const auto handler = [](const Request&, const PathValues&) { return Response{}; };
  for (const char* pattern : {"v1", "", "/{rest...}/x", "/a{b}", "/{}"}) {
    EXPECT_DEATH(Router().add({"GET", pattern, handler}), "") << pattern;
  }
  Router router;
  router.add({"GET", "/a/{x}", handler});
  EXPECT_DEATH(router.add({"GET", "/a/{y}", handler}), "");
}

}  // namespace
}  // namespace dfb::http
