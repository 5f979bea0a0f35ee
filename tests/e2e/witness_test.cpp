// The town and its witnesses as real processes: cosignatures arrive, survive, and never cover a second
// history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/base/encoding.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"
#include "ledger/log/receipt.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class WitnessProcess {
 public:
  WitnessProcess(std::string folder, const std::string& name, const std::string& log)
      : folder_(std::move(folder)), port_(demo::free_port()) {
    const Finished made = demo::run({program("witness"), "init", "--dir", folder_, "--name", name, "--log",
                                     log, "--port", std::to_string(port_)});
    if (made.status != 0) throw std::runtime_error("the witness's folder: " + made.err);
    vkey_text_ = made.out.substr(0, made.out.size() - 1);
    start();
  }
  void start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{program("witness"), "--config", folder_ + "/witness.conf"});
    if (!process_->wait_for(" ready: ")) throw std::runtime_error("the witness: " + process_->err());
  }
  void kill() { process_->kill(); }
  // Its log has a line of that answer, behind what the last such call found.
  bool answers(int status) { return process_->wait_for("/add-checkpoint " + std::to_string(status) + " "); }
  std::string config() const {
    return "\"http://127.0.0.1:" + std::to_string(port_) + " " + vkey_text_ + "\"";
  }
  log::Vkey vkey() const { return log::parse_vkey(vkey_text_).value(); }
  const std::string& vkey_text() const { return vkey_text_; }

 private:
  std::string folder_;
  std::uint16_t port_;
  std::string vkey_text_;
  std::unique_ptr<Process> process_;
};

class WitnessedTown : public testing::Test {
 protected:
  WitnessedTown() {
    for (const char* name : {"station.example/w1", "school.example/w2"})
      witnesses.push_back(std::make_unique<WitnessProcess>(folder.path(std::to_string(witnesses.size())),
                                                           name, town.log_vkey_file()));
    std::ofstream(town.path("server.conf"), std::ios::app)
        << "witness = [" << witnesses[0]->config() << ", " << witnesses[1]->config() << "]\n";
    town.start();
  }
  std::string get(const std::string& path) { return must(town.client().get_text(path), path); }
  log::Checkpoint checkpoint(const std::string& note) {
    return log::open_checkpoint(note, log::parse_vkey(town.facts().log_vkey).value()).value();
  }
  // Which of the witnesses have signed it; bad signatures fail the test.
  std::size_t cosigned_by(const std::string& text) {
    std::vector<log::Vkey> vkeys;
    for (const auto& witness : witnesses) vkeys.push_back(witness->vkey());
    const auto verified = log::verify_note(log::parse_note(text).value(), vkeys);
    if (!verified && verified.error().code != Code::unknown_key) ADD_FAILURE() << verified.error().detail;
    return verified ? verified->size() : 0;
  }
  // The newest checkpoint, once `count` witnesses have signed it.
  std::string await_cosigned(std::size_t count) {
    std::string note;
    for (int i = 0; i < 300; ++i) {
      note = get("/log/checkpoint");
      if (cosigned_by(note) == count) return note;
      std::this_thread::sleep_for(milliseconds(100));
    }
    ADD_FAILURE() << "not cosigned in 30 s:\n" << note << town.server().err();
    return note;
  }

  test::TempFolder folder;
  LiveTown town{LiveTown::Options{.started = false, .open_entries = true, .more_config = ""}};
  std::vector<std::unique_ptr<WitnessProcess>> witnesses;
};

TEST_F(WitnessedTown, EveryNewCheckpointGetsAllCosignatures) {
  const std::string first = await_cosigned(2);
  const Phone phone = town.enrol();
  town.verify(phone);
  Client client = town.signed_in(phone.key);
  const auto answer =
      must(client.post("/v1/check-ins", town.check_in(phone, "patrol-evening", "patrol")), "the check-in");
  const std::string newest = await_cosigned(2);
  EXPECT_GE(checkpoint(newest).size, answer.at("seq").as_int64() + 1);
  EXPECT_GT(checkpoint(newest).size, checkpoint(first).size);
  EXPECT_EQ(get("/log/cosigned"), newest);

  const auto proof =
      must(client.get("/v1/me/entries/" + std::to_string(answer.at("seq").as_int64())), "proof");
  const std::string receipt_text(proof.at("receipt").as_string());
  const auto receipt = log::parse_receipt(receipt_text).value();
  EXPECT_EQ(cosigned_by(log::format_note(receipt.checkpoint)), 2U) << "a receipt fetched later has witnesses";
  EXPECT_TRUE(log::verify_entry(receipt, log::parse_vkey(town.facts().log_vkey).value(),
                                std::string(proof.at("entry").as_string())));

  const auto named = must(client.get("/v1/witnesses"), "the witnesses").at("witnesses").as_array();
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].at("vkey").as_string(), witnesses[0]->vkey_text());
  EXPECT_EQ(named[1].at("standing").as_string(), "cosigned");
  EXPECT_EQ(named[1].at("size").as_int64(), checkpoint(newest).size);
  std::ofstream(town.path("policy")) << "witness station " << witnesses[0]->vkey_text() << "\nwitness school "
                                     << witnesses[1]->vkey_text()
                                     << "\ngroup both all station school\nquorum both\n";
  const Finished by_policy = town.audit({"--policy", town.path("policy")});
  EXPECT_EQ(by_policy.status, 0) << by_policy.out << by_policy.err;
  EXPECT_THAT(by_policy.out, HasSubstr("both: 2 of (station, school): reached"));
  EXPECT_EQ(town.audit().status, 0) << "an auditor reads a note with more lines than the log's";
}

TEST_F(WitnessedTown, AWitnessThatWasKilledGoesOn) {
  await_cosigned(2);
  witnesses[1]->kill();
  town.enrol();
  await_cosigned(1);
  const auto warnings = must(town.client().get("/readyz"), "readyz").at("warnings").as_array();
  EXPECT_TRUE(warnings.empty()) << "a short silence is nobody's business";
  witnesses[1]->start();
  town.enrol();
  await_cosigned(2);
}

TEST_F(WitnessedTown, CosignaturesSurviveARestartOfTheTown) {
  const std::string note = await_cosigned(2);
  for (const auto& witness : witnesses) witness->kill();
  EXPECT_EQ(town.stop().status, 0);
  town.start();
  EXPECT_EQ(get("/log/checkpoint"), note) << "kept beside the ledger, without a witness in reach";
}

TEST_F(WitnessedTown, ASecondHistoryIsRefused) {
  await_cosigned(2);
  EXPECT_EQ(town.stop().status, 0);
  const auto copy_to = [this](const std::string& from, const std::string& to) {
    for (const char* name : {"ledger.db", "ledger.db-wal"}) {
      std::filesystem::remove(town.path(to + name));
      if (std::filesystem::exists(town.path(from + name)))
        std::filesystem::copy_file(town.path(from + name), town.path(to + name));
    }
  };
  std::filesystem::create_directory(town.path("old"));
  copy_to("", "old/");
  town.start();
  town.enrol();
  town.enrol();
  const std::string witnessed = await_cosigned(2);
  EXPECT_EQ(town.stop().status, 0);
  // The same key goes on from the older copy, with other entries: first fewer, then as many, then more.
  copy_to("old/", "");
  town.start();
  for (int i = 0; i < 3; ++i) {
    town.enrol("别人");
    std::this_thread::sleep_for(milliseconds(1500));
    EXPECT_EQ(cosigned_by(get("/log/checkpoint")), 0U);
  }
  for (const auto& witness : witnesses) {
    EXPECT_TRUE(witness->answers(409)) << "the log has fewer entries than were cosigned";
    EXPECT_TRUE(witness->answers(422)) << "it has more, which do not extend them";
  }
  EXPECT_EQ(cosigned_by(get("/log/checkpoint")), 0U);
  EXPECT_GT(checkpoint(get("/log/checkpoint")).size, checkpoint(witnessed).size);
  const auto ready = must(town.client().get("/readyz"), "readyz");
  EXPECT_EQ(ready.at("status").as_string(), "degraded");
  const std::string warnings = boost::json::serialize(ready.at("warnings"));
  EXPECT_THAT(warnings, HasSubstr("refuses to cosign"));
  EXPECT_THAT(warnings, HasSubstr("not of this ledger"));
  std::ifstream kept(town.path("ledger.db.cosigned"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), witnessed) << "the evidence stays";
}

// Lost are the entries that a witness has seen and the backup lacks, whatever anybody else shows.
TEST_F(WitnessedTown, ARestoreAsksEveryWitness) {
  const auto run = [this](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--config", town.path("server.conf")});
    words.insert(words.begin(), program("server"));
    const Finished finished = demo::run(words);
    EXPECT_EQ(finished.status, 0) << finished.err;
  };
  const auto restore = [&](const std::string& name) {
    for (const char* part : {"ledger.db", "ledger.db-wal", "ledger.db-shm"})
      std::filesystem::remove(town.path(part));
    run({"restore", "--from", town.path(name)});
  };
  // What the server says before it is ready, confirming a head of that many entries.
  const auto confirm = [&](std::int64_t size, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--confirm-head", std::to_string(size)});
    Process server = town.launch({}, more);
    EXPECT_TRUE(server.wait_for(" ready: ", seconds(60))) << server.err();
    return server.err();
  };
  const std::string early = await_cosigned(2);
  run({"backup", "--to", town.path("early.db")});
  town.enrol();
  const std::string late = await_cosigned(2);
  std::ofstream(town.path("late"), std::ios::binary) << late;
  std::ofstream(town.path("early"), std::ios::binary) << early;
  run({"backup", "--to", town.path("late.db")});
  town.stop();
  const std::int64_t more = checkpoint(late).size, fewer = checkpoint(early).size;
  ASSERT_GT(more, fewer);

  restore("early.db");
  std::string said = confirm(fewer, {"--seen", town.path("early")});
  EXPECT_THAT(said, HasSubstr("reads only"));
  for (const auto& witness : witnesses)
    EXPECT_THAT(said, HasSubstr("the witness " + witness->vkey().name + " has cosigned " +
                                std::to_string(more) + " entries, the backup has " + std::to_string(fewer)));
  EXPECT_THAT(said, HasSubstr("must never be continued"));

  restore("late.db");
  witnesses[1]->kill();
  for (const std::vector<std::string>& evidence :
       std::vector<std::vector<std::string>>{{}, {"--seen", town.path("before-witnesses")}}) {
    std::ofstream(town.path("before-witnesses"), std::ios::binary)
        << late.substr(0, late.find("\n\u2014 station.example/w1") + 1);
    said = confirm(more, evidence);
    EXPECT_THAT(said, HasSubstr("the witness school.example/w2 does not say how far it has come"));
    EXPECT_THAT(said, Not(HasSubstr("station.example/w1 does not")));
    EXPECT_THAT(said, HasSubstr("reads only"));
  }
  said = confirm(more, {"--seen", town.path("late")});
  EXPECT_THAT(said, Not(HasSubstr("reads only"))) << "its cosignature speaks for it";

  restore("late.db");
  witnesses[1]->start();
  said = confirm(more);
  EXPECT_THAT(said, Not(HasSubstr("reads only"))) << "two witnesses are evidence enough";
  EXPECT_THAT(said, HasSubstr("confirmed"));
}

TEST_F(WitnessedTown, TillsCosignWhatTheySaw) {
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  ASSERT_EQ(town.terminal(till, {"sale", "--code", town.pay_code(phone), "--points", "5", "--yes"}).status,
            0);
  const auto all = must(town.client().get("/v1/log/cosignatures"), "the tills' cosignatures");
  const auto& one = all.at("cosignatures").as_array().at(0);
  const auto vkey = log::parse_vkey(std::string(one.at("vkey").as_string())).value();
  EXPECT_EQ(vkey.name, town.facts().origin + "/till/" + hash_text(till.key.public_key().id()));
  const auto line =
      log::parse_note_signatures(std::string(one.at("cosignature").as_string())).value().front();
  EXPECT_TRUE(log::verify_cosignature(std::string(one.at("checkpoint").as_string()), line, vkey));
  EXPECT_TRUE(verify(till.key.public_key(), SignedKind::witness, town.facts().origin, format_vkey(vkey),
                     base64url_decode(std::string(one.at("signature").as_string())).value()));
  EXPECT_EQ(one.at("size").as_int64(), checkpoint(get("/log/checkpoint")).size) << "the sale was the newest";
}

TEST_F(WitnessedTown, AStrangersClientOpensTheCosignedNote) {
  await_cosigned(2);
  town.enrol();
  await_cosigned(2);
  const Finished sound = demo::run(
      {DFB_STRANGER, "-log", town.url() + "/log", "-key", town.log_vkey_file(), "-ca", town.path("ca.crt")});
  EXPECT_EQ(sound.status, 0) << sound.out << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("the log is sound"));
}

}  // namespace
}  // namespace dfb::e2e
