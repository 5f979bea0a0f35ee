// The log's key changes under a running writer: which lines its checkpoints bear, and what it does without a
// key.
#include "ledger/writer/log_keys.h"

#include <gtest/gtest.h>

#include "ledger/log/checkpoint.h"
#include "ledger/writer/rebuild.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::RunningTown;

class LogKeys : public testing::Test {
 protected:
  void SetUp() override {
    town.next_log_key = next;
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
  }
  test::SignedLine change(const PrivateKey& to, TimeUs last_us) {
    return town.town.sign(book::NextLogKey{test::vkey_of(to), last_us},
                          {&town.town.roots[0], &town.town.roots[1]});
  }
  void rotate() {
    until_us = town.town.now_us + kDayUs;
    const auto answer = town.run(change(next, until_us));
    ASSERT_TRUE(answer) << to_string(answer.error());
    changed_at = answer->seq;
    EXPECT_EQ(answer->head->checkpoint.size, changed_at + 1);
  }
  void set_time(TimeUs us) {
    town.clock.set(us);
    town.town.now_us = us;
  }
  void mint() { ASSERT_TRUE(town.run(town.town.mint(1))); }
  // The vkeys whose lines the newest checkpoint bears, in the note's order; each of them holds.
  std::vector<std::string> signers() {
    const auto note = log::parse_note(town.writer->head()->note).value();
    std::vector<std::string> out;
    for (const auto& line : note.signatures)
      for (const PrivateKey* key : {&town.log_key, &next}) {
        const auto vkey = log::parse_vkey(test::vkey_of(*key)).value();
        if (vkey.key_id == line.key_id && log::open_checkpoint(note, vkey)) out.push_back(format_vkey(vkey));
      }
    EXPECT_EQ(out.size(), note.signatures.size());
    return out;
  }
  Error refused_start() {
    town.writer->stop();
    const auto started = town.start();
    EXPECT_FALSE(started);
    return started ? Error{} : started.error();
  }

  std::unique_ptr<store::Store> store = store::open_memory();
  RunningTown town{*store};
  const PrivateKey next = PrivateKey::generate(Algorithm::ed25519);
  const std::string old_vkey = test::vkey_of(town.log_key), next_vkey = test::vkey_of(next);
  TimeUs until_us = 0;
  std::int64_t changed_at = 0;
};

using Vkeys = std::vector<std::string>;

TEST_F(LogKeys, TheVeryNextCheckpointBearsBothLinesAndAfterUntilOne) {
  EXPECT_EQ(signers(), Vkeys{old_vkey}) << "a key that no entry names signs nothing";
  rotate();
  EXPECT_EQ(signers(), (Vkeys{old_vkey, next_vkey}));
  set_time(until_us - 1);
  mint();
  EXPECT_EQ(signers(), (Vkeys{old_vkey, next_vkey}));
  set_time(until_us);
  EXPECT_EQ(signers(), (Vkeys{old_vkey, next_vkey})) << "until something happens the last one stands";
  mint();
  EXPECT_EQ(signers(), Vkeys{next_vkey});
}

TEST_F(LogKeys, EveryStageOfAChangeStartsAgain) {
  rotate();
  const auto before = town.writer->head()->note;
  town.writer->stop();
  ASSERT_TRUE(town.start());
  EXPECT_EQ(town.writer->head()->note, before);
  set_time(until_us);
  town.writer->stop();
  town.former_key_gone = true;  // its last checkpoint still bears both lines
  ASSERT_TRUE(town.start());
  mint();
  EXPECT_EQ(signers(), Vkeys{next_vkey});
  town.writer->stop();
  ASSERT_TRUE(town.start());
}

TEST_F(LogKeys, WithoutAKeyInForceItDoesNotStart) {
  rotate();
  town.former_key_gone = true;
  Error why = refused_start();
  EXPECT_EQ(why.code, Code::bad_config);
  EXPECT_NE(why.detail.find(old_vkey), std::string::npos) << why.detail;
  town.former_key_gone = false;
  town.next_log_key.reset();
  why = refused_start();
  EXPECT_EQ(why.code, Code::bad_config);
  EXPECT_NE(why.detail.find(next_vkey), std::string::npos) << why.detail;
  set_time(until_us);
  EXPECT_EQ(refused_start().code, Code::bad_config) << "the next key is in force for good";
}

TEST_F(LogKeys, AKeyThatIsNotHereIsNotEntered) {
  const PrivateKey elsewhere = PrivateKey::generate(Algorithm::ed25519);
  const auto before = town.writer->head()->note;
  const auto line = change(elsewhere, town.town.now_us + kDayUs);
  const auto answer = town.run(line);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unknown_key);
  EXPECT_NE(answer.error().detail.find(test::vkey_of(elsewhere)), std::string::npos);
  EXPECT_NE(answer.error().detail.find("log-key"), std::string::npos);
  EXPECT_EQ(town.writer->head()->note, before);
  mint();
  EXPECT_EQ(signers(), Vkeys{old_vkey}) << "the refusal left nothing behind";
  town.writer->stop();
  town.next_log_key = elsewhere;
  ASSERT_TRUE(town.start());
  EXPECT_TRUE(town.run(line)) << "the same bytes, once the key is there";
}

TEST_F(LogKeys, AClockThatIsSetBackDoesNotMakeAFormerKeySignAgain) {
  rotate();
  town.writer->stop();
  set_time(until_us);
  town.former_key_gone = true;
  ASSERT_TRUE(town.start());
  set_time(until_us - kMinuteUs);  // before any entry says that it is later
  const auto answer = town.run(town.town.mint(1));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unknown_key);
  set_time(until_us);
  mint();
}

TEST_F(LogKeys, AnAnswerIsGivenAgainAfterItsKeyIsGone) {
  rotate();
  set_time(until_us);
  const auto line = change(town.log_key, until_us + kDayUs);
  ASSERT_TRUE(town.run(line)) << "back to the first key";
  set_time(until_us + 2 * kDayUs);
  mint();
  EXPECT_EQ(signers(), Vkeys{old_vkey});
  town.writer->stop();
  town.next_log_key.reset();
  ASSERT_TRUE(town.start());
  const auto again = town.run(line);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->known);
}

TEST_F(LogKeys, EachChangeIsProvenUnderTheKeyBeforeIt) {
  rotate();
  set_time(until_us);
  for (int i = 0; i < 300; ++i) mint();
  const auto view = store->snapshot();
  const auto changes = log_key_changes(*view, *town.writer->head()).value();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].vkey, next_vkey);
  EXPECT_EQ(changes[0].until_us, until_us);
  for (const std::string& vkey : {old_vkey, next_vkey}) {
    const auto entry = log::verify_entry(changes[0].receipt, log::parse_vkey(vkey).value(), changes[0].entry);
    ASSERT_TRUE(entry) << to_string(entry.error());
    EXPECT_EQ(entry->seq, changed_at);
  }
  const auto ever = log_keys_ever(*view).value();
  ASSERT_EQ(ever.size(), 2U);
  EXPECT_EQ(format_vkey(ever[0]), old_vkey);
  EXPECT_EQ(format_vkey(ever[1]), next_vkey);
  const auto now = log_keys_in_force(*view).value();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(format_vkey(now[0]), next_vkey);
}

TEST_F(LogKeys, ARebuildKeepsTheProofs) {
  rotate();
  set_time(until_us);
  mint();
  town.writer->stop();
  const auto made = store::open_memory();
  ASSERT_TRUE(rebuild(*store, *made));
  EXPECT_EQ(made->snapshot()->log_key_changes(), store->snapshot()->log_key_changes());
  EXPECT_EQ(made->snapshot()->log_key_changes().size(), 1U);
}

}  // namespace
}  // namespace dfb
