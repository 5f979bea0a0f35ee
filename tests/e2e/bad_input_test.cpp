// What a program is started with and cannot use: one clear line that says what to do, the right exit status,
// and nothing lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/e2e/ledger_after.h"

namespace dfb::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kCannot = 2;

void expect_one_line(const Finished& finished, const std::string& who, const std::string& why) {
  EXPECT_EQ(finished.status, kCannot) << finished.out << finished.err;
  EXPECT_THAT(finished.err, testing::StartsWith("defenbao-" + who + ": "));
  EXPECT_THAT(finished.err, HasSubstr(why));
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
}

TEST(BadInput, UnknownFlagsAreNamed) {
  for (const char* who : {"server", "terminal", "audit", "certs", "demo"}) {
    expect_one_line(demo::run({program(who), "--frobnicate"}), who, "frobnicate");
    EXPECT_EQ(demo::run({program(who)}).status, kCannot) << who;
    const Finished help = demo::run({program(who), "--help"});
    EXPECT_EQ(help.status, 0) << who;
    EXPECT_EQ(help.err, "") << who;
    EXPECT_THAT(help.out, HasSubstr("--help")) << who;
  }
}

TEST(BadInput, AWalkthroughTakesNoTownToServe) {
  const std::vector<std::vector<std::string>> more = {
      {"--lan"}, {"--fresh"}, {"--port", "9000"}, {"--dir", "x"}};
  for (auto words : more) {
    const std::string flag = words.front();
    words.insert(words.begin(), {DFB_SOURCE_DIR "/run.sh", "--walkthrough"});
    const Finished finished = demo::run(words);
    EXPECT_EQ(finished.status, kCannot) << flag << finished.out;
    EXPECT_THAT(finished.err, HasSubstr("takes no " + flag));
  }
}

// A founded town that is not served; each test spoils one thing.
class BadStart : public testing::Test {
 protected:
  void SetUp() override { was_ = read_ledger(town_).entries; }
  // The program ends by itself, with its line; put right, the town is as it was.
  void expect_refused(const std::string& why, const std::vector<std::string>& more = {}) {
    Process server = town_.launch({}, more);
    const auto finished = server.wait(seconds(60));
    ASSERT_TRUE(finished) << "it runs: " << server.err();
    expect_one_line(*finished, "server", why);
  }
  void TearDown() override {
    town_.start();
    EXPECT_EQ(town_.stop().status, 0);
    EXPECT_EQ(read_ledger(town_).entries, was_);
  }
  void put(const std::string& name, const std::string& content, unsigned mode = 0600) {
    std::ofstream(town_.path(name), std::ios::binary | std::ios::trunc) << content;
    ASSERT_EQ(::chmod(town_.path(name).c_str(), mode), 0);
  }
  void sql(const std::string& statement) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(town_.path("ledger.db").c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  LiveTown town_{{.started = false, .open_entries = true, .more_config = ""}};
  std::vector<std::string> was_;
};

TEST_F(BadStart, Keys) {
  const std::string log = town_.path("keys/log.pem"), own = town_.path("other.pem");
  ASSERT_EQ(::chmod(log.c_str(), 0644), 0);
  expect_refused("chmod 600 " + log);
  ASSERT_EQ(::chmod(log.c_str(), 0600), 0);
  put("other.pem", "");
  expect_refused("other.pem", {"--log-key", own});
  put("other.pem", "-----BEGIN PRIVATE KEY-----\nrubbish\n-----END PRIVATE KEY-----\n");
  expect_refused("other.pem", {"--log-key", own});
  expect_refused("not an Ed25519 key", {"--log-key", town_.path("keys/server.pem")});
  expect_refused("not a P-256 key", {"--server-key", log});
  put("other.pem", PrivateKey::generate(Algorithm::ed25519).to_pem());
  expect_refused("log key", {"--log-key", own});
  expect_refused("none.pem", {"--log-key", town_.path("none.pem")});
  put("other.pem", PrivateKey::generate(Algorithm::p256).to_pem());
  expect_refused("server key", {"--server-key", own});
  expect_refused("other.pem", {"--cert-key", own});
}

TEST_F(BadStart, OtherFiles) {
  expect_refused("none.crt", {"--cert", town_.path("none.crt")});
  expect_refused("none.crl", {"--crl", town_.path("none.crl")});
  expect_refused("none", {"--ca-dir", town_.path("none")});
  expect_refused("none", {"--pages", town_.path("none")});
  expect_refused("none.token", {"--auditor-token", town_.path("none.token")});
  put("short.token", "abc\n");
  expect_refused("16 characters", {"--auditor-token", town_.path("short.token")});
  expect_refused("the origin", {"--origin", "another.example/points"});
  expect_one_line(demo::run({program("server"), "--config", town_.path("none.conf")}), "server", "none.conf");
  std::ifstream config(town_.path("server.conf"));
  put("odd.conf", std::string(std::istreambuf_iterator<char>(config), {}) + "colour = green\n");
  expect_one_line(demo::run({program("server"), "--config", town_.path("odd.conf")}), "server", "colour");
}

TEST_F(BadStart, Databases) {
  put("garbage.db", std::string(8192, 'x'));
  expect_refused("not a database", {"--database", town_.path("garbage.db")});
  EXPECT_EQ(fs::file_size(town_.path("garbage.db")), 8192U) << "it is not ours to change";
  for (const char* part : {"ledger", "programme"}) {
    const std::string where = std::string(" WHERE part = '") + part + "'";
    sql("UPDATE schema_version SET version = version + 98" + where);
    expect_refused("newer version");
    sql("UPDATE schema_version SET version = version - 98" + where);
  }
  expect_refused("no/such", {"--database", town_.path("no/such/ledger.db")});
}

TEST_F(BadStart, APortThatIsTaken) {
  LiveTown neighbour;
  const std::string port = std::to_string(neighbour.port());
  expect_refused(port, {"--port", port});
  EXPECT_EQ(neighbour.stop().status, 0);
}

TEST_F(BadStart, ASecondServerOnOneDatabase) {
  town_.start();
  expect_refused("stop it first", {"--port", std::to_string(demo::free_port(2))});
  EXPECT_TRUE(town_.client().get("/healthz")) << "the first goes on";
  EXPECT_EQ(town_.stop().status, 0);
}

TEST(BadInput, AnEmptyLedgerIsNoTown) {
  // A new database beside an old town's keys is legal: a ledger begins with its genesis. What must not happen
  // is that the server takes part of the old town for its own.
  LiveTown town({.started = false, .open_entries = true, .more_config = ""});
  Process server = town.launch({}, {"--database", town.path("empty.db")});
  ASSERT_TRUE(server.wait_for(" ready: ")) << server.err();
  EXPECT_EQ(town.client().get_text("/log/checkpoint").error().code, Code::not_found);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().value().status, 0);
}

TEST(BadInput, ATerminalsJournal) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  ASSERT_EQ(town.terminal(till, {"sale", "--code", town.pay_code(phone), "--points", "5", "--yes"}).status,
            0);
  const std::string path = till.folder + "/journal";
  const auto read = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto write = [&](const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; };
  const std::string whole = read();
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;

  write(whole.substr(0, whole.size() - 3));
  const Finished torn = town.terminal(till, {"status"});
  EXPECT_NE(torn.status, kCannot) << torn.err;
  EXPECT_THAT(torn.out, HasSubstr("torn"));
  EXPECT_TRUE(read().starts_with(whole.substr(0, last)));
  EXPECT_EQ(town.terminal(till, {"settle"}).status, 0) << "what the torn line said is found out again";

  std::string changed = whole;
  const std::size_t second = whole.find('\n') + 1;
  changed[second + 4] = changed[second + 4] == '1' ? '2' : '1';
  write(changed);
  expect_one_line(town.terminal(till, {"status"}), "terminal", "line 2");
  EXPECT_EQ(read(), changed) << "it is evidence";
  write(whole.substr(second));
  expect_one_line(town.terminal(till, {"status"}), "terminal", "line 1");
  write(whole);
  EXPECT_EQ(town.terminal(till, {"status"}).status, 0);
}

TEST(BadInput, AFullDiskLosesNothingThatWasAcknowledged) {
  LiveTown town({.started = false, .open_entries = true, .more_config = ""});
  // No file may grow much beyond the database; blocks of 512 bytes.
  const auto blocks = fs::file_size(town.path("ledger.db")) / 512 + 100;
  Process server =
      town.launch({"sh", "-c", "trap '' XFSZ; ulimit -f " + std::to_string(blocks) + "; exec \"$@\"", "sh"});
  ASSERT_TRUE(server.wait_for(" ready: ")) << server.err();
  std::vector<SignedLine> acknowledged;
  const KeyId own = town.key("server").public_key().id();
  Client client = town.client();
  std::optional<Error> refused;
  for (int i = 0; i < 3000 && !refused; ++i) {
    const auto key = PrivateKey::generate(Algorithm::p256);
    const book::Open open{town.entrant().new_account(), book::AccountKind::resident, "/lijing/01", "",
                          book::Level::phone,           key.public_key().spki()};
    const SignedLine line = town.entrant().sign(own, open, {&key});
    const auto answer = client.post("/v1/enrolments", line, {{"name", "林小雨"}, {"phone", ""}});
    if (answer)
      acknowledged.push_back(line);
    else
      refused = answer.error();
  }
  ASSERT_TRUE(refused) << "the disk never was full";
  EXPECT_FALSE(acknowledged.empty());
  auto ended = server.wait(seconds(5));
  if (ended) {
    EXPECT_EQ(ended->status, 70) << ended->err;
    EXPECT_THAT(ended->err, HasSubstr("in doubt"));
  } else {
    EXPECT_EQ(refused->code, Code::io_error) << to_string(*refused);
    EXPECT_TRUE(client.get("/v1/town")) << "it can still be read";
    server.kill();
  }

  town.start();
  for (const auto& line : acknowledged) {
    const auto again = client.post("/v1/enrolments", line, {{"name", "林小雨"}, {"phone", ""}});
    ASSERT_TRUE(again) << to_string(again.error());
    ASSERT_TRUE(again->at("known").as_bool());
  }
  EXPECT_EQ(town.audit().status, 0);
  EXPECT_EQ(town.stop().status, 0);
  const LedgerAfter after = read_ledger(town);
  for (const auto& line : acknowledged) EXPECT_TRUE(after.has_once(line.id));
}

}  // namespace
}  // namespace dfb::e2e
