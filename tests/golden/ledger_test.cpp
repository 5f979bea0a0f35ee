// A signed ledger of version 1 that every later version must replay to the same balances and the same root.
#include <gtest/gtest.h>

#include <set>

#include "ledger/base/strict_json.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/edge.h"
#include "ledger/log/merkle.h"
#include "tests/golden/ledger_files.h"

namespace dfb::test {
namespace {

const std::string kFolder = std::string(DFB_GOLDEN_DIR) + "/ledger-v1";

class GoldenLedger : public testing::Test {
 protected:
  void SetUp() override {
    auto line = read_golden(kFolder, "log.vkey");
    ASSERT_TRUE(line.ends_with('\n'));
    line.pop_back();
    auto vkey = log::parse_vkey(line);
    ASSERT_TRUE(vkey) << to_string(vkey.error());
    auto opened = log::open_checkpoint(read_golden(kFolder, "checkpoint"), *vkey);
    ASSERT_TRUE(opened) << to_string(opened.error());
    checkpoint_ = *opened;
    bundle_ = read_golden(kFolder, "entries.bundle");
    auto entries = log::parse_bundle(bundle_, static_cast<int>(checkpoint_.size));
    ASSERT_TRUE(entries) << to_string(entries.error());
    entries_ = *entries;
  }
  // "transfer/mint", "authority/open", "cancel", and with the proof for redemptions.
  static std::string operation(std::string_view payload) {
    std::string out;
    const auto value = json::parse(payload).value();
    for (const auto& [name, field] : std::get<json::Object>(value.data)) {
      const auto* text = std::get_if<std::string>(&field.data);
      if (name == "op" && text) out = *text;
      if (text && (name == "act" || (name == "kind" && out != "authority" && out.find("/") == out.npos)))
        out += "/" + *text;
      if (name == "proof")
        for (const auto& [inner, kind] : std::get<json::Object>(field.data))
          if (inner == "kind") out += "/" + std::get<std::string>(kind.data);
    }
    return out;
  }

  log::Checkpoint checkpoint_;
  std::string bundle_;
  std::vector<std::string_view> entries_;
};

TEST_F(GoldenLedger, GivesTheSignedRoot) {
  log::Edge edge;
  for (auto entry : entries_) edge.append(log::leaf_hash(entry));
  EXPECT_EQ(edge.size(), checkpoint_.size);
  EXPECT_EQ(edge.root(), checkpoint_.root);
}

TEST_F(GoldenLedger, ReplaysToTheSameBalances) {
  MemoryLedger ledger;
  for (auto entry : entries_) {
    const auto done = replay(ledger, entry, checkpoint_.origin);
    ASSERT_TRUE(done) << to_string(done.error()) << "\n" << entry;
  }
  EXPECT_EQ(ledger.problem(), "");
  EXPECT_EQ(balances(ledger.rows()), read_golden(kFolder, "balances.txt"));
}

TEST_F(GoldenLedger, IsWrittenAgainByteForByte) {
  for (auto entry : entries_) {
    const auto parsed = log::parse_entry_text(entry).value();
    EXPECT_EQ(log::format_entry_text(parsed).value(), entry);
    EXPECT_EQ(book::format_payload(book::parse_payload(parsed.payload).value()), parsed.payload);
    EXPECT_EQ(book::format_outcome(book::parse_outcome(parsed.outcome).value()), parsed.outcome);
  }
}

// Outcomes of every shape, and every operation that version 1's first program took.
// All but an opening balance, which only an origin that continues another has.
TEST_F(GoldenLedger, TouchesEveryOperation) {
  std::set<std::string> operations;
  std::string outcomes;
  for (auto entry : entries_) {
    const auto parsed = log::parse_entry_text(entry).value();
    operations.insert(operation(parsed.payload));
    outcomes += parsed.outcome;
  }
  EXPECT_EQ(operations, (std::set<std::string>{"authority/card",
                                               "authority/clock",
                                               "authority/end",
                                               "authority/genesis",
                                               "authority/import",
                                               "authority/key",
                                               "authority/level",
                                               "authority/log_key",
                                               "authority/move",
                                               "authority/open",
                                               "authority/revoke",
                                               "authority/role",
                                               "authority/roots",
                                               "authority/roster",
                                               "authority/server_key",
                                               "authority/state",
                                               "authority/unrole",
                                               "authority/unwitness",
                                               "authority/witness",
                                               "cancel",
                                               "hold",
                                               "policy/publish",
                                               "policy/task",
                                               "record/checkin",
                                               "record/erasure",
                                               "record/report",
                                               "record/zreport",
                                               "resolve/capture",
                                               "resolve/release",
                                               "reverse",
                                               "transfer/award",
                                               "transfer/cover",
                                               "transfer/expire",
                                               "transfer/fund",
                                               "transfer/mint",
                                               "transfer/redeem/card",
                                               "transfer/redeem/code",
                                               "transfer/redeem/offline",
                                               "transfer/redeem/quote",
                                               "transfer/refund",
                                               "transfer/return",
                                               "transfer/settle"}));
  for (const char* field :
       {"\"refused\"", "\"policy\":1", "\"policy\":2", "\"points\"", "\"budget\"", "\"ate\"", "\"got\"",
        "\"lapsed\":4", "\"undone\"", "\"burnt\"", "\"held\"", ",1]]"})
    EXPECT_NE(outcomes.find(field), outcomes.npos) << field;
}

}  // namespace
}  // namespace dfb::test
