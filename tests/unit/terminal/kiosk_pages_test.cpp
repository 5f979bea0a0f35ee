// Who may speak to the till's page server, and what it takes. Requests as the server hands them over; once
// over a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "ledger/base/encoding.h"
#include "terminal/kiosk/page_server.h"
#include "tests/support/temp_folder.h"

namespace dfb::terminal::kiosk {
namespace {

using testing::HasSubstr;

class PagesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder.write("index.html", "<!doctype html>");
    pages = Pages::open(folder.path(), random, board, inbox).value();
    pages->guard().set_port(8470);
    const std::string url = pages->guard().start_url();
    token = url.substr(url.find("#token=") + 7);
    board.hang(View{});
  }
  // As the page itself sends it.
  http::Request own(const std::string& method, const std::string& path, const std::string& body = "") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.headers = {{"host", "127.0.0.1:8470"}, {"x-defenbao-token", token}};
    if (method != "GET") {
      set(request, "origin", "http://127.0.0.1:8470");
      set(request, "content-type", "application/json");
    }
    return request;
  }
  static void set(http::Request& request, const std::string& name, const std::string& value) {
    std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
    request.headers.emplace_back(name, value);
  }
  static void drop(http::Request& request, const std::string& name) {
    std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
  }
  bool arrived() { return inbox.take(std::chrono::steady_clock::now()).has_value(); }

  dfb::test::TempFolder folder;
  SystemRandom random;
  Board board;
  Inbox inbox;
  std::unique_ptr<Pages> pages;
  std::string token;
  const std::string past = R"({"touch":"past"})";
};

TEST_F(PagesTest, ThePageItselfIsServed) {
  EXPECT_EQ(pages->handle(own("POST", "/touch", past)).status, 202);
  EXPECT_TRUE(arrived());
  const http::Response state = pages->handle(own("GET", "/state"));
  EXPECT_EQ(state.status, 200);
  EXPECT_THAT(state.body, HasSubstr(R"({"version":1,"screen":"scan",)"));
  http::Request file = own("GET", "/");
  drop(file, "x-defenbao-token");
  set(file, "sec-fetch-site", "none");
  EXPECT_EQ(pages->handle(file).status, 200);
  set(file, "host", "localhost:8470");
  EXPECT_EQ(pages->handle(file).status, 200);
}

TEST_F(PagesTest, NobodyElseMaySpeakToTheTill) {
  struct Case {
    std::string header, value;
    int status;
  };
  const Case cases[] = {
      {"host", "127.0.0.1", 403},
      {"host", "127.0.0.1:8471", 403},
      {"host", "evil.example:8470", 403},  // a name that was made to resolve to loopback
      {"host", "127.0.0.1:8470.evil.example", 403},
      {"host", "", 403},
      {"origin", "https://evil.example", 403},
      {"origin", "http://127.0.0.1:9000", 403},
      {"origin", "http://localhost:8470", 403},  // not the one that it was served from
      {"origin", "https://127.0.0.1:8470", 403},
      {"origin", "null", 403},
      {"origin", "", 403},
      {"sec-fetch-site", "cross-site", 403},
      {"sec-fetch-site", "same-site", 403},  // another port of this machine
      {"sec-fetch-site", "none", 403},
      {"x-defenbao-token", "", 401},
      {"x-defenbao-token", token.substr(1), 401},
      {"x-defenbao-token", token + "A", 401},
  };
  for (const Case& one : cases) {
    for (const std::string path : {"/touch", "/frame"}) {
      http::Request request = own("POST", path, past);
      set(request, one.header, one.value);
      const http::Response answer = pages->handle(request);
      EXPECT_EQ(answer.status, one.status) << path << " " << one.header << ": " << one.value;
      for (const auto& [name, value] : answer.headers) EXPECT_THAT(name, Not(HasSubstr("Access-Control")));
    }
    if (one.header == "origin" && one.value.empty()) continue;
    http::Request reads = own("GET", "/state");
    set(reads, one.header, one.value);
    EXPECT_EQ(pages->handle(reads).status, one.status) << "/state " << one.header << ": " << one.value;
  }
  for (const std::string name : {"host", "origin"}) {
    http::Request twice = own("POST", "/touch", past);
    twice.headers.emplace_back(name, name == "host" ? "evil.example:8470" : "https://evil.example");
    EXPECT_EQ(pages->handle(twice).status, 403) << name;
  }
  EXPECT_FALSE(arrived());
  http::Request preflight = own("OPTIONS", "/touch");
  set(preflight, "origin", "https://evil.example");
  EXPECT_EQ(pages->handle(preflight).status, 403);
  http::Request framed = own("GET", "/");
  set(framed, "sec-fetch-site", "cross-site");
  EXPECT_EQ(pages->handle(framed).status, 403);
}

TEST_F(PagesTest, BeforeThePortIsKnownNobodyIsHeard) {
  pages->guard().set_port(0);
  http::Request request = own("GET", "/state");
  EXPECT_EQ(pages->handle(request).status, 403);
  set(request, "host", "127.0.0.1:0");
  EXPECT_EQ(pages->handle(request).status, 403);
}

TEST_F(PagesTest, EachStartHasATokenOfItsOwn) {
  const auto other = Pages::open(folder.path(), random, board, inbox).value();
  other->guard().set_port(8470);
  EXPECT_NE(other->guard().start_url(), pages->guard().start_url());
  EXPECT_EQ(other->handle(own("GET", "/state")).status, 401);
  EXPECT_EQ(base64url_decode(token)->size(), 32U);
}

TEST_F(PagesTest, EveryAnswerForbidsFramesScriptsAndKeeping) {
  http::Request foreign = own("POST", "/touch", past);
  set(foreign, "origin", "https://evil.example");
  for (const http::Request& request : {own("GET", "/"), own("GET", "/state"), own("GET", "/none"), foreign}) {
    std::map<std::string, int> times;
    std::string policy;
    for (const auto& [name, value] : pages->handle(request).headers) {
      ++times[name];
      if (name == "Content-Security-Policy") policy = value;
      if (name == "Cache-Control") {
        EXPECT_EQ(value, "no-store");
      }
    }
    EXPECT_EQ(times["Content-Security-Policy"], 1);
    EXPECT_EQ(times["Cache-Control"], 1);
    EXPECT_THAT(policy, HasSubstr("default-src 'self'"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  }
}

TEST_F(PagesTest, MethodsTypesAndForms) {
  EXPECT_EQ(pages->handle(own("PUT", "/touch", past)).status, 405);
  EXPECT_EQ(pages->handle(own("GET", "/touch")).status, 405);
  EXPECT_EQ(pages->handle(own("POST", "/state")).status, 405);
  http::Request form = own("POST", "/touch", past);
  set(form, "content-type", "text/plain");  // what a form of another site could send without a preflight
  EXPECT_EQ(pages->handle(form).status, 415);
  const std::string id = "\"sale\":\"0192f0c1-2b3c-7def-8123-456789abcdef\"";
  for (const std::string& body :
       {std::string("{}"), std::string("[]"), std::string(R"({"touch":"dance"})"),
        std::string(R"({"touch":"pay"})"), std::string(R"({"touch":"past","more":1})"),
        R"({"touch":"pay",)" + id + R"(,"points":0})", R"({"touch":"pay",)" + id + R"(,"points":1000000001})",
        R"({"touch":"refund",)" + id + R"(,"points":-1})",
        R"({"touch":"refund",)" + id + R"(,"points":1,"cash_fen":-1})",
        R"({"touch":"pay",)" + id + R"(,"points":1,"cash_fen":-1})",
        R"({"touch":"pay",)" + id + R"(,"points":"1"})", R"({"touch":"pay",)" + id + R"(,"points":1.5})",
        std::string(R"({"touch":"drop","sale":"x"})"), std::string(R"({"touch":"scan"})"),
        R"({"touch":"scan","text":")" + std::string(513, 'A') + R"("})",
        R"({"touch":"find","text":")" + std::string(65, '1') + R"("})"})
    EXPECT_EQ(pages->handle(own("POST", "/touch", body)).status, 400) << body;
  EXPECT_FALSE(arrived());
  for (const std::string& body :
       {R"({"touch":"pay",)" + id + R"(,"points":1})", R"({"touch":"draft",)" + id + R"(,"points":0})",
        R"({"touch":"next",)" + id + "}", R"({"touch":"drop",)" + id + "}",
        std::string(R"({"touch":"back"})"), R"({"touch":"refund",)" + id + R"(,"points":5})",
        R"({"touch":"refund",)" + id + R"(,"points":5,"cash_fen":1250})",
        std::string(R"({"touch":"find","text":"12"})")}) {
    EXPECT_EQ(pages->handle(own("POST", "/touch", body)).status, 202) << body;
    EXPECT_TRUE(arrived());
  }
}

TEST_F(PagesTest, AFullInboxIsBusy) {
  for (std::size_t i = 0; i < Inbox::kTouchesMax; ++i)
    EXPECT_EQ(pages->handle(own("POST", "/touch", past)).status, 202);
  EXPECT_EQ(pages->handle(own("POST", "/touch", past)).status, 503);
  inbox.close();
  EXPECT_FALSE(inbox.push(Back{}));
}

TEST_F(PagesTest, FramesOfTheStatedSizeAlone) {
  const auto frame = [&](const std::string& query, std::size_t bytes) {
    http::Request request = own("POST", "/frame", std::string(bytes, '\x80'));
    request.query = query;
    set(request, "content-type", "application/octet-stream");
    return pages->handle(request);
  };
  const http::Response blank = frame("width=64&height=48", 64 * 48);
  EXPECT_EQ(blank.status, 200);
  EXPECT_EQ(blank.body, R"({"found":false})");
  EXPECT_EQ(frame("width=64&height=48", 64 * 48 - 1).status, 400);
  EXPECT_EQ(frame("width=64&height=48", 64 * 48 + 1).status, 400);
  EXPECT_EQ(frame("width=0&height=48", 0).status, 400);
  EXPECT_EQ(frame("width=-1&height=48", 48).status, 400);
  EXPECT_EQ(frame("width=64", 64).status, 400);
  EXPECT_EQ(frame("width=4097&height=1", 4097).status, 400);
  EXPECT_EQ(frame("width=641&height=480", 641 * 480).status, 413);
  EXPECT_EQ(frame("width=640&height=480", 640 * 480).status, 200);
  EXPECT_EQ(pages->handle(own("POST", "/frame", "x")).status, 415);
}

TEST_F(PagesTest, AReaderWaitsForTheNextState) {
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    View view;
    view.screen = Screen::working;
    board.hang(view);
    board.hang(view);  // says the same, and is no new version
  });
  http::Request request = own("GET", "/state");
  request.query = "after=1";
  EXPECT_THAT(pages->handle(request).body, HasSubstr(R"({"version":2,"screen":"working",)"));
  later.join();
  std::thread closer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    board.close();
  });
  const auto begin = std::chrono::steady_clock::now();
  request.query = "after=2";
  EXPECT_EQ(pages->handle(request).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  closer.join();
}

TEST_F(PagesTest, OverASocketItListensOnLoopbackAlone) {
  const auto server = serve(*pages, 0).value();
  EXPECT_THAT(pages->guard().start_url(),
              HasSubstr("http://127.0.0.1:" + std::to_string(server->port(0)) + "/#token="));
  const auto again = serve(*pages, server->port(0));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::io_error);
  EXPECT_THAT(again.error().detail, HasSubstr("choose another with --kiosk-port"));
  server->stop(1);
  EXPECT_EQ(Pages::open(folder.path("none"), random, board, inbox).error().code, Code::bad_config);
}

}  // namespace
}  // namespace dfb::terminal::kiosk
