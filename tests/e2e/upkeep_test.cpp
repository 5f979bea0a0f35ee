// What an operator does with the ledger's file, with the real program: backup, restore, check, rebuild.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/e2e/ledger_after.h"
#include "tests/e2e/storm.h"

namespace dfb::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Upkeep : public testing::Test {
 protected:
  Finished run(std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--config", town_.path("server.conf")});
    words.insert(words.begin(), program("server"));
    return demo::run(words);
  }
  // The file's checkpoint, written where --seen can read it.
  std::string checkpoint(const std::string& name) {
    const auto note = must(fetch_checkpoint(), "the checkpoint");
    std::ofstream(town_.path(name), std::ios::binary) << note;
    return town_.path(name);
  }
  Result<std::string> fetch_checkpoint() { return town_.client().get_text("/log/checkpoint"); }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  void move_away() {
    for (const char* part : {"ledger.db", "ledger.db-wal", "ledger.db-shm"})
      if (fs::exists(town_.path(part))) fs::rename(town_.path(part), town_.path(std::string("old-") + part));
  }
  Code refusal(const Phone& who) {
    Client nobody = town_.client();
    const auto server = town_.key("server").public_key().id();
    const book::Open open{who.account, book::AccountKind::resident, "/lijing/01",
                          "",          book::Level::phone,          who.key.public_key().spki()};
    const auto answer = nobody.post("/v1/enrolments", town_.entrant().sign(server, open, {&who.key}),
                                    {{"name", "林小雨"}, {"phone", "13900001234"}});
    return answer ? Code::internal : answer.error().code;
  }
  void start_with(const std::vector<std::string>& more) {
    server_ = std::make_unique<Process>(town_.launch({}, more));
    ASSERT_TRUE(server_->wait_for(" ready: ", seconds(60))) << server_->err();
  }
  void stop_that() {
    server_->signal(SIGTERM);
    ASSERT_TRUE(server_->wait(seconds(60)));
  }

  LiveTown town_;
  std::unique_ptr<Process> server_;
};

TEST_F(Upkeep, ABackupUnderLoadHoldsAllThatWasAnsweredBefore) {
  Storm storm(town_, 3, {}, {});
  const auto until = std::chrono::steady_clock::now() + seconds(60);
  while (storm.count() < 20 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(milliseconds(5));
  const std::size_t answered = storm.count();
  const auto finished = run({"backup", "--to", town_.path("backup.db")});
  storm.finish();
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("backup of "));
  EXPECT_THAT(finished.err, HasSubstr("pages"));
  EXPECT_EQ(fs::status(town_.path("backup.db")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  const auto again = run({"backup", "--to", town_.path("backup.db")});
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  EXPECT_EQ(run({"backup", "--force", "--to", town_.path("backup.db")}).status, 0);
  EXPECT_EQ(run({"check"}).status, 0);
  EXPECT_EQ(run({"rebuild", "--to", town_.path("new.db")}).status, 2) << "the server is running";
  EXPECT_FALSE(fs::exists(town_.path("new.db")));
  EXPECT_EQ(town_.stop().status, 0);

  move_away();
  ASSERT_EQ(run({"restore", "--from", town_.path("backup.db")}).status, 0);
  const LedgerAfter after = read_ledger(town_);
  ASSERT_GE(storm.acknowledged().size(), answered);
  for (std::size_t i = 0; i < answered; ++i) EXPECT_TRUE(after.has_once(storm.acknowledged()[i].id));
}

TEST_F(Upkeep, ARestoredLedgerIsReadUntilTheOutsideHasBeenAsked) {
  const std::string before = checkpoint("before");
  const Phone known = town_.enrol();
  ASSERT_EQ(run({"backup", "--to", town_.path("backup.db")}).status, 0);
  const std::string same = checkpoint("same");
  const Phone lost = town_.enrol();
  const std::string later = checkpoint("later");
  EXPECT_EQ(run({"restore", "--from", town_.path("backup.db")}).status, 2) << "a ledger lies there";
  town_.stop();
  move_away();
  const auto restored = run({"restore", "--from", town_.path("backup.db")});
  ASSERT_EQ(restored.status, 0) << restored.err;
  EXPECT_THAT(restored.out, HasSubstr("--confirm-head"));
  const auto size = std::to_string(read_ledger(town_).entries.size());

  // Reads only, and still so after another start and a loss that is seen.
  for (const auto& evidence :
       std::vector<std::vector<std::string>>{{},
                                             {"--confirm-head", size},
                                             {"--confirm-head", "3", "--seen", same},
                                             {"--confirm-head", size, "--seen", same, "--seen", later},
                                             {"--confirm-head", size, "--seen", town_.path("server.conf")}}) {
    start_with(evidence);
    EXPECT_THAT(server_->err(), HasSubstr("reads only"));
    EXPECT_EQ(town_.signed_in(known.key).get("/v1/me")->at("available").as_int64(), 0);
    EXPECT_EQ(refusal(lost), Code::read_only);
    EXPECT_EQ(must(fetch_checkpoint(), "the checkpoint"), read(same));
    stop_that();
  }
  start_with({"--confirm-head", size, "--seen", before, "--seen", same});
  EXPECT_EQ(refusal(lost), Code::internal) << "that is, none";
  stop_that();
  start_with({});
  (void)town_.signed_in(lost.key);
  stop_that();
}

TEST_F(Upkeep, ARebuiltFileIsTheSameLedger) {
  const Phone phone = town_.enrol("钱小贝");
  town_.stop();
  const LedgerAfter before = read_ledger(town_);
  const auto finished = run({"rebuild", "--to", town_.path("new.db")});
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("entries/s"));
  move_away();
  fs::rename(town_.path("new.db"), town_.path("ledger.db"));
  EXPECT_EQ(read_ledger(town_).entries, before.entries);
  town_.start();
  EXPECT_EQ(town_.signed_in(phone.key).get("/v1/me")->at("name").as_string(), "钱小贝");
  EXPECT_EQ(town_.audit().status, 0);
}

TEST_F(Upkeep, NothingIsRestoredFromAnotherLog) {
  town_.stop();
  LiveTown other({.started = false, .open_entries = true, .more_config = ""});
  move_away();
  fs::copy_file(other.path("ledger.db"), town_.path("backup.db"));
  const std::string key = town_.path("keys/log.pem");
  // A file of this origin that somebody else's key has signed.
  std::ofstream(key) << PrivateKey::generate(Algorithm::ed25519).to_pem();
  const auto finished = run({"restore", "--from", town_.path("backup.db")});
  EXPECT_EQ(finished.status, 2);
  EXPECT_THAT(finished.err, HasSubstr("bad_signature"));
  EXPECT_FALSE(fs::exists(town_.path("ledger.db")));
}

}  // namespace
}  // namespace dfb::e2e
