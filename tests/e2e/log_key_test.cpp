// The log's key changes in a town at work: the real server, tills that were enrolled before, and auditors
// with either key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "ledger/log/checkpoint.h"
#include "ledger/log/receipt.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class LogKeyTown : public testing::Test {
 protected:
  void set_keys(const std::string& value) {
    std::ostringstream text;
    text << std::ifstream(town.path("server.conf")).rdbuf();
    std::string conf = text.str();
    const auto at = conf.find("log-key = ");
    conf.replace(at, conf.find('\n', at) - at, "log-key = " + value);
    std::ofstream(town.path("server.conf"), std::ios::trunc) << conf;
  }
  Finished make_key() {
    return demo::run({program("server"), "log-key", "--config", town.path("server.conf"), "--out",
                      town.path("keys/next.pem")});
  }
  Result<Json> enter(const std::string& vkey, TimeUs until_us) {
    const PrivateKey one = town.key("root-1"), two = town.key("root-2");
    Client admin = town.signed_in(town.key("administrator-1"));
    return admin.post("/v1/commands", town.entrant().sign(book::NextLogKey{vkey, until_us}, {&one, &two}));
  }
  std::string checkpoint() { return must(town.client().get_text("/log/checkpoint"), "the checkpoint"); }
  bool signed_by(const std::string& note, const std::string& vkey) {
    return log::open_checkpoint(note, log::parse_vkey(vkey).value()).has_value();
  }
  int sell(const Till& till) {
    const Finished sale =
        town.terminal(till, {"sale", "--code", town.pay_code(town.resident(1)), "--points", "2", "--yes"});
    EXPECT_EQ(sale.status, 0) << sale.out << sale.err;
    return sale.status;
  }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(town.path(name), std::ios::binary) << text;
    return town.path(name);
  }

  LiveTown town;
};

TEST_F(LogKeyTown, TillsAndAuditorsCrossAChange) {
  const Till busy = town.enrol_till(1), away = town.enrol_till(2);
  sell(busy), sell(away);
  const std::string old_vkey = town.facts().log_vkey;
  const Finished made = make_key();
  ASSERT_EQ(made.status, 0) << made.err;
  const std::string next_vkey = made.out.substr(0, made.out.size() - 1);
  EXPECT_THAT(next_vkey, HasSubstr(town.facts().origin + "+"));
  EXPECT_EQ(make_key().status, 2) << "a key file is never replaced";

  const auto too_early = enter(next_vkey, SystemClock().now_us() + kDayUs);
  ASSERT_FALSE(too_early) << "the server has not got the key";
  EXPECT_EQ(too_early.error().code, Code::unknown_key);
  EXPECT_THAT(too_early.error().detail, HasSubstr("log-key"));
  const std::string before = write("before", checkpoint());

  town.stop();
  set_keys("[\"" + town.path("keys/log.pem") + "\", \"" + town.path("keys/next.pem") + "\"]");
  town.start();
  EXPECT_FALSE(signed_by(checkpoint(), next_vkey));
  const TimeUs until_us = SystemClock().now_us() + 30 * kSecondUs;
  must(enter(next_vkey, until_us), "the change");
  EXPECT_TRUE(signed_by(checkpoint(), old_vkey) && signed_by(checkpoint(), next_vkey));
  sell(busy);
  EXPECT_EQ(town.audit().status, 0) << "with the old key, while both sign";
  Json facts = must(town.client().get("/v1/town"), "the town");
  EXPECT_EQ(facts.at("log_vkey").as_string(), next_vkey);
  EXPECT_EQ(facts.at("log_vkeys").as_array().size(), 2U);
  const std::string during = write("during", checkpoint());
  EXPECT_TRUE(signed_by(checkpoint(), old_vkey) && signed_by(checkpoint(), next_vkey));

  while (SystemClock().now_us() < until_us) std::this_thread::sleep_for(milliseconds(100));
  town.enrol();
  EXPECT_FALSE(signed_by(checkpoint(), old_vkey));
  EXPECT_TRUE(signed_by(checkpoint(), next_vkey));
  town.stop();
  set_keys("\"" + town.path("keys/next.pem") + "\"");
  town.start();
  sell(busy);
  sell(away);
  std::ifstream setup(away.folder + "/terminal.json");
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(setup), {}), HasSubstr(next_vkey));
  facts = must(town.client().get("/v1/town"), "the town");
  EXPECT_EQ(facts.at("log_vkeys").as_array().size(), 1U);

  EXPECT_EQ(town.audit({"--seen", before}).status, 0) << "the old key and a checkpoint of its time";
  EXPECT_EQ(town.audit({"--seen", during}).status, 0);
  write("log.vkey", next_vkey + "\n");
  const Finished sound = town.audit({"--seen", before, "--seen", during});
  EXPECT_EQ(sound.status, 0) << sound.out << sound.err;

  const Json changes = must(town.client().get("/v1/log/keys"), "the changes");
  const auto& change = changes.at("changes").as_array().at(0).as_object();
  EXPECT_EQ(change.at("vkey").as_string(), next_vkey);
  EXPECT_EQ(change.at("until_us").as_int64(), until_us);
  const auto receipt = log::parse_receipt(std::string(change.at("receipt").as_string())).value();
  for (const std::string& vkey : {old_vkey, next_vkey})
    EXPECT_TRUE(log::verify_entry(receipt, log::parse_vkey(vkey).value(),
                                  std::string(change.at("entry").as_string())));
}

TEST_F(LogKeyTown, WithoutAKeyInForceTheServerSaysWhichFileIsMissing) {
  const Finished made = make_key();
  const std::string next_vkey = made.out.substr(0, made.out.size() - 1);
  town.stop();
  set_keys("[\"" + town.path("keys/log.pem") + "\", \"" + town.path("keys/next.pem") + "\"]");
  town.start();
  must(enter(next_vkey, SystemClock().now_us() + kDayUs), "the change");
  town.stop();
  set_keys("\"" + town.path("keys/log.pem") + "\"");
  Process server = town.launch();
  const auto ended = server.wait(seconds(60));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 2);
  EXPECT_THAT(ended->err, HasSubstr(next_vkey));
  EXPECT_THAT(ended->err, HasSubstr("log-key"));
  set_keys("[\"" + town.path("keys/next.pem") + "\", \"" + town.path("keys/log.pem") + "\"]");
  town.start();
  town.enrol();
  EXPECT_EQ(town.audit().status, 0);
}

// A backup from before the change, with the keys of afterwards.
TEST_F(LogKeyTown, ARestoreTakesCheckpointsOfEitherKeyAsEvidence) {
  const auto run = [this](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--config", town.path("server.conf")});
    words.insert(words.begin(), program("server"));
    return demo::run(words);
  };
  const std::string before = write("before", checkpoint());
  const Finished made = make_key();
  town.stop();
  set_keys("[\"" + town.path("keys/log.pem") + "\", \"" + town.path("keys/next.pem") + "\"]");
  town.start();
  const TimeUs until_us = SystemClock().now_us() + 5 * kSecondUs;
  must(enter(made.out.substr(0, made.out.size() - 1), until_us), "the change");
  while (SystemClock().now_us() < until_us) std::this_thread::sleep_for(milliseconds(50));
  town.enrol();
  const std::string newest = checkpoint(), after = write("after", newest);
  const std::string size =
      std::to_string(log::parse_checkpoint(log::parse_note(newest).value().text).value().size);
  ASSERT_EQ(run({"backup", "--to", town.path("backup.db")}).status, 0);
  town.stop();
  set_keys("\"" + town.path("keys/next.pem") + "\"");
  for (const char* part : {"ledger.db", "ledger.db-wal", "ledger.db-shm"})
    std::filesystem::remove(town.path(part));
  const Finished restored = run({"restore", "--from", town.path("backup.db")});
  ASSERT_EQ(restored.status, 0) << restored.err;
  Process server = town.launch({}, {"--confirm-head", size, "--seen", before, "--seen", after});
  ASSERT_TRUE(server.wait_for(" ready: ", seconds(60))) << server.err();
  EXPECT_THAT(server.err(), Not(HasSubstr("reads only")));
  town.enrol();
}

}  // namespace
}  // namespace dfb::e2e
