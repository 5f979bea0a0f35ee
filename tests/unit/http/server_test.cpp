#include "api/http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "api/http/problem.h"
#include "tests/unit/http/tls_peer.h"

namespace dfb::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::Answer;
using test::Authority;
using test::Client;
using test::Folder;

// One TLS port whose handler echoes, and knows a few paths.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : authority_(folder_, "town"), identity_(authority_.issue("server")) {
    hooks_.log = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_ += line + "\n";
    };
    hooks_.answered = [this](const Request&, int status, std::int64_t) {
      const std::lock_guard lock(mutex_);
      statuses_.push_back(status);
    };
  }
  ~ServerTest() override { release(); }

  Response handle(const Request& request) {
    if (request.path == "/throw") throw std::runtime_error("a secret");
    if (request.path == "/split") return {200, "text/plain", "", {{"X", "a\r\nY: b"}}};
    if (request.path == "/wait") {
      ++waiting_;
      released_.wait();
    }
    return {200, "text/plain", request.method + " " + request.path + " " + request.body, {}};
  }
  void start(Limits limits = {}, std::size_t ports = 1, std::size_t favoured = 9) {
    Port port;
    port.cert_file = identity_.cert_file;
    port.key_file = identity_.key_file;
    port.handler = [this](const Request& request) { return handle(request); };
    std::vector<Port> all(ports, port);
    if (favoured < ports) all[favoured].favoured = true;
    auto server = Server::start(std::move(all), limits, hooks_);
    ASSERT_TRUE(server) << to_string(server.error());
    server_ = std::move(*server);
  }
  Client client(int timeout_s = 10, std::size_t port = 0) {
    Client::Options options;
    options.ca_file = authority_.ca_file();
    options.timeout_s = timeout_s;
    return Client(server_->port(port), options);
  }
  void await_waiting(int count) {
    for (int i = 0; i < 500 && waiting_ < count; ++i) std::this_thread::sleep_for(milliseconds(10));
    ASSERT_EQ(waiting_, count);
  }
  void release() {
    if (!is_released_.exchange(true)) release_.set_value();
  }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  Folder folder_;
  Authority authority_;
  Authority::Issued identity_;
  std::mutex mutex_;
  std::string log_;
  std::vector<int> statuses_;
  std::atomic<int> waiting_{0};
  std::atomic<bool> is_released_{false};
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  Hooks hooks_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersOverTls12And13) {
  start();
  for (const bool tls12 : {false, true}) {
    Client::Options options;
    options.ca_file = authority_.ca_file();
    options.tls12 = tls12;
    Client client(server_->port(0), options);
    ASSERT_TRUE(client.connected());
    const Answer answer = client.ask("POST", "/a%20b?x=1", "body");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /a b body");
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "");
    EXPECT_EQ(answer.header("Connection"), "keep-alive");
    EXPECT_NE(answer.header("Date").find("GMT"), std::string::npos);
  }
}

TEST_F(ServerTest, ThousandRequestsOnOneConnection) {
  start();
  Client one = client();
  for (int i = 0; i < 1000; ++i) {
    const std::string path = "/" + std::to_string(i);
    const Answer answer = one.ask("GET", path);
    ASSERT_EQ(answer.body, "GET " + path + " ");
  }
  std::string pipelined;
  for (int i = 0; i < 100; ++i) {
    pipelined += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nxy";
  }
  ASSERT_TRUE(one.send(pipelined));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(one.read_answer().body, "POST /" + std::to_string(i) + " xy");
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  Client one = client();
  const Answer head = one.ask("HEAD", "/x");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "8");
  EXPECT_EQ(one.ask("GET", "/next").body, "GET /next ");
}

TEST_F(ServerTest, ExpectContinueIsAnsweredBeforeTheBody) {
  start();
  Client one = client();
  ASSERT_TRUE(one.send("POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
  EXPECT_EQ(one.read_answer(true).status, 100);
  ASSERT_TRUE(one.send("body"));
  EXPECT_EQ(one.read_answer().body, "POST /x body");
  ASSERT_TRUE(
      one.send("POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"));
  EXPECT_EQ(one.read_answer().status, 413);
}

TEST_F(ServerTest, ConnectionCloseIsHonoured) {
  start();
  Client one = client();
  const Answer answer = one.ask("GET", "/x", "", "Connection: close\r\n");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(one.at_end());
  Client old = client();
  ASSERT_TRUE(old.send("GET /old HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(old.read_answer().body, "GET /old ");
  EXPECT_TRUE(old.at_end());
}

TEST_F(ServerTest, BadRequestsAreProblemsAndEndTheConnection) {
  Limits limits;
  limits.header_bytes_max = 2000;
  limits.body_bytes_max = 1000;
  start(limits);
  const std::pair<std::string, int> rows[] = {
      {"NONSENSE\r\n\r\n", 400},
      {"GET /%2e%2e%2fetc HTTP/1.1\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nX: " + std::string(3000, 'a') + "\r\n\r\n", 431},
      {"GET /" + std::string(3000, 'a') + " HTTP/1.1\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'a'), 413},
      {"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n" + std::string(500'000, 'a'), 413},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 411},
      {"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
  };
  for (const auto& [text, status] : rows) {
    Client one = client();
    ASSERT_TRUE(one.send(text)) << text.substr(0, 60);
    const Answer answer = one.read_answer();
    EXPECT_EQ(answer.status, status) << text.substr(0, 60);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_NE(answer.body.find("\"status\":" + std::to_string(status)), std::string::npos) << answer.body;
  }
  Client one = client();
  EXPECT_EQ(one.ask("POST", "/x", std::string(1000, 'a')).status, 200);
}

TEST_F(ServerTest, ExceptionIs500AndStaysInside) {
  start();
  Client one = client();
  for (const char* path : {"/throw", "/split"}) {
    const Answer answer = one.ask("GET", path);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    EXPECT_NE(answer.body.find("\"code\":\"internal\""), std::string::npos);
  }
  EXPECT_NE(log().find("GET /throw failed: a secret"), std::string::npos) << log();
  EXPECT_EQ(one.ask("GET", "/x").status, 200);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(statuses_, (std::vector<int>{500, 500, 200}));
}

TEST_F(ServerTest, SlowClientsAreGivenUp) {
  Limits limits;
  limits.header_timeout_s = 1;
  limits.request_timeout_s = 1;
  limits.idle_timeout_s = 1;
  start(limits);
  const auto begin = steady_clock::now();
  Client idle = client(), drip = client(), half = client();
  ASSERT_TRUE(half.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nab"));
  std::thread dripping([&drip] {
    for (const char c : std::string("GET / HTTP/1.1\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")) {
      if (!drip.send(std::string(1, c))) return;
      std::this_thread::sleep_for(milliseconds(40));
    }
  });
  EXPECT_EQ(half.read_answer().status, 408);
  EXPECT_TRUE(idle.at_end());
  dripping.join();
  EXPECT_EQ(drip.read_answer().status, 408);
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(8));
}

TEST_F(ServerTest, FullPoolIs503AtOnce) {
  Limits limits;
  limits.worker_threads = 2;
  limits.queued_max = 1;
  start(limits);
  std::vector<std::unique_ptr<Client>> waiting;
  Client::Options options;
  options.ca_file = authority_.ca_file();
  for (int i = 0; i < 3; ++i) {
    waiting.push_back(std::make_unique<Client>(server_->port(0), options));
    ASSERT_TRUE(waiting.back()->send("GET /wait HTTP/1.1\r\n\r\n"));
    if (i == 1) await_waiting(2);
  }
  std::this_thread::sleep_for(milliseconds(100));  // the third is queued
  Client one = client();
  const Answer full = one.ask("GET", "/x");
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.header("Retry-After"), "1");
  EXPECT_EQ(full.header("Connection"), "keep-alive");
  release();
  for (const auto& each : waiting) EXPECT_EQ(each->read_answer().status, 200);
  EXPECT_EQ(one.ask("GET", "/x").status, 200);
}

TEST_F(ServerTest, TooManyConnectionsAre503) {
  Limits limits;
  limits.connections_max = 2;
  start(limits);
  Client first = client(), second = client();
  EXPECT_EQ(first.ask("GET", "/x").status, 200);
  EXPECT_EQ(second.ask("GET", "/x").status, 200);
  {
    Client third = client();
    const Answer answer = third.ask("GET", "/x");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_TRUE(third.at_end());
  }
  EXPECT_EQ(first.ask("GET", "/x", "", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(first.at_end());
  int status = 0;
  for (int i = 0; i < 200 && status != 200; ++i) {
    std::this_thread::sleep_for(milliseconds(20));
    status = client().ask("GET", "/x").status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(ServerTest, AFullPortLeavesTheOtherOpen) {
  Limits limits;
  limits.connections_max = 1;
  start(limits, 2);
  Client first = client();
  EXPECT_EQ(first.ask("GET", "/x").status, 200);
  EXPECT_EQ(client().ask("GET", "/x").status, 503);
  EXPECT_EQ(client(10, 1).ask("GET", "/x").status, 200);
}

// However many wait at the common port, a favoured one is answered.
TEST_F(ServerTest, AFullPoolLeavesTheFavouredPortItsThreads) {
  Limits limits;
  limits.worker_threads = 3;
  limits.favoured_threads = 1;
  limits.queued_max = 1;
  start(limits, 2, 1);
  std::vector<std::unique_ptr<Client>> waiting;
  Client::Options options;
  options.ca_file = authority_.ca_file();
  for (int i = 0; i < 3; ++i) {
    waiting.push_back(std::make_unique<Client>(server_->port(0), options));
    ASSERT_TRUE(waiting.back()->send("GET /wait HTTP/1.1\r\n\r\n"));
    if (i == 1) await_waiting(2);
  }
  std::this_thread::sleep_for(milliseconds(100));  // the third is queued, though a thread is free
  EXPECT_EQ(client().ask("GET", "/x").status, 503);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client(10, 1).ask("GET", "/x").status, 200);
  EXPECT_EQ(waiting_, 2);
  release();
  for (const auto& each : waiting) EXPECT_EQ(each->read_answer().status, 200);
  EXPECT_EQ(client().ask("GET", "/x").status, 200);
}

TEST_F(ServerTest, OneAddressHasItsShareOfAPort) {
  Limits limits;
  limits.connections_of_one_max = 2;
  start(limits, 2);
  Client first = client(), second = client();
  EXPECT_EQ(first.ask("GET", "/x").status, 200);
  EXPECT_EQ(second.ask("GET", "/x").status, 200);
  EXPECT_FALSE(client().connected());
  EXPECT_EQ(client(10, 1).ask("GET", "/x").status, 200);
}

TEST_F(ServerTest, DrainFinishesWhatRunsAndClosesTheRest) {
  start();
  Client idle = client(), running = client();
  EXPECT_EQ(idle.ask("GET", "/x").status, 200);
  ASSERT_TRUE(running.send("GET /wait HTTP/1.1\r\n\r\n"));
  await_waiting(1);
  const std::uint16_t port = server_->port(0);
  auto stopped = std::async(std::launch::async, [this] { server_->stop(10); });
  EXPECT_TRUE(idle.at_end());
  Client::Options options;
  options.ca_file = authority_.ca_file();
  EXPECT_FALSE(Client(port, options).connected());
  EXPECT_EQ(stopped.wait_for(milliseconds(300)), std::future_status::timeout);
  release();
  const Answer answer = running.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(running.at_end());
  const auto begin = steady_clock::now();
  stopped.get();
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(4));
  server_->stop();
}

TEST_F(ServerTest, GraceEnds) {
  start();
  Client running = client();
  ASSERT_TRUE(running.send("GET /wait HTTP/1.1\r\n\r\n"));
  await_waiting(1);
  auto stopped = std::async(std::launch::async, [this] { server_->stop(0); });
  EXPECT_EQ(running.read_answer().status, 0);
  EXPECT_EQ(stopped.wait_for(milliseconds(100)), std::future_status::timeout);  // the handler still runs
  release();
  stopped.get();
}

TEST_F(ServerTest, ClientsThatLeaveDoNoHarm) {
  start();
  for (int i = 0; i < 20; ++i) {
    Client one = client();
    ASSERT_TRUE(one.send(i % 2 ? "GET /x HTTP/1.1\r\n\r\nGET /y HT"
                               : "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n"));
  }
  EXPECT_EQ(client().ask("GET", "/x").status, 200);
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  start();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      Client one = client();
      for (int i = 0; i < 50; ++i) {
        const std::string body = std::to_string(t * 1000 + i);
        good += one.ask("POST", "/p", body).body == "POST /p " + body;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 400);
}

TEST_F(ServerTest, BusyPortSaysWhatToDo) {
  start();
  Port port;
  port.port = server_->port(0);
  port.cert_file = identity_.cert_file;
  port.key_file = identity_.key_file;
  const auto second = Server::start({port}, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::io_error);
  EXPECT_EQ(second.error().detail,
            "port " + std::to_string(port.port) +
                " is already in use; choose another with --port, or stop the program that "
                "holds it");
  port.address = "localhost";
  const auto named = Server::start({port}, {});
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, Code::bad_config);
}

}  // namespace
}  // namespace dfb::http
