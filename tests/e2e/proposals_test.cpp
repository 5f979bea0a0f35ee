// What waits for a second person outlives a killed server, and comes back with a backup.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/base/encoding.h"
#include "ledger/log/checkpoint.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

class ProposingTown : public testing::Test {
 protected:
  Client first() { return town.signed_in(town.key("administrator-1")); }
  Client other() { return town.signed_in(town.key("administrator-2")); }
  // Of a fresh budget, so that nothing of the demo's changes.
  SignedLine proposal() {
    const PrivateKey a = town.key("administrator-1");
    const book::AccountId budget = town.entrant().new_account();
    must(first().post("/v1/commands", town.entrant().sign(book::Open{budget, book::AccountKind::budget, "/",
                                                                     "", book::Level::none, ""},
                                                          {&a})),
         "the budget");
    book::Transfer mint;
    mint.kind = book::TransferKind::mint, mint.from = book::kIssuance, mint.to = budget;
    mint.points = {500}, mint.memo = "2027";
    return town.entrant().sign(mint, {&a});
  }
  Result<Json> second(const SignedLine& line) {
    const PrivateKey b = town.key("administrator-2");
    const std::string bytes = sign(b, SignedKind::payload, town.facts().origin, line.payload);
    return other().post("/v1/proposals/" + to_string(line.id) + "/signatures",
                        Json{{"signature", base64url_encode(bytes)}});
  }
  std::size_t waiting() {
    return must(other().get("/v1/proposals"), "the list").at("proposals").as_array().size();
  }

  LiveTown town;
};

TEST_F(ProposingTown, NothingAcknowledgedIsLostByKills) {
  std::vector<SignedLine> lines;
  for (int i = 0; i < 5; ++i) {
    lines.push_back(proposal());
    must(first().post("/v1/proposals", lines.back()), "the proposal");
    town.kill();
    town.start();
    EXPECT_EQ(waiting(), lines.size());
  }
  for (const SignedLine& line : lines) {
    const auto entered = must(second(line), "the second signature");
    EXPECT_FALSE(entered.at("known").as_bool());
    town.kill();
    town.start();
    const auto again = must(second(line), "once more");
    EXPECT_TRUE(again.at("known").as_bool());
    EXPECT_EQ(again.at("seq").as_int64(), entered.at("seq").as_int64());
  }
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(town.audit().status, 0);
}

TEST_F(ProposingTown, ABackupHasWhatWaitedThen) {
  const auto run = [this](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--config", town.path("server.conf")});
    words.insert(words.begin(), program("server"));
    return demo::run(words);
  };
  const SignedLine line = proposal();
  must(first().post("/v1/proposals", line), "the proposal");
  const std::string note = must(town.client().get_text("/log/checkpoint"), "the checkpoint");
  std::ofstream(town.path("seen"), std::ios::binary) << note;
  const std::string size =
      std::to_string(log::parse_checkpoint(log::parse_note(note).value().text).value().size);
  ASSERT_EQ(run({"backup", "--to", town.path("backup.db")}).status, 0);
  town.stop();
  for (const char* part : {"ledger.db", "ledger.db-wal", "ledger.db-shm"})
    std::filesystem::remove(town.path(part));
  ASSERT_EQ(run({"restore", "--from", town.path("backup.db")}).status, 0);
  town.start();
  EXPECT_EQ(waiting(), 1U);
  EXPECT_EQ(second(line).error().code, Code::read_only) << "a restored ledger is read only at first";
  town.stop();
  {
    Process server = town.launch({}, {"--confirm-head", size, "--seen", town.path("seen")});
    ASSERT_TRUE(server.wait_for(" ready: ", seconds(60))) << server.err();
  }
  town.start();
  must(second(line), "the second signature");
  EXPECT_EQ(waiting(), 0U);
}

}  // namespace
}  // namespace dfb::e2e
