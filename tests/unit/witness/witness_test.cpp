// All that a witness answers, over the golden tree.
#include "api/witness/witness.h"

#include <gmock/gmock.h>

#include <thread>

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/cosignature.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/witness/golden_log.h"

namespace dfb::witness {
namespace {

using namespace test;
using testing::HasSubstr;

constexpr TimeUs kNowUs = 1'780'000'000 * kSecondUs;

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() {
    found_state(folder.path("state"), golden_vkey("witness_vkey")).value();
    start();
  }
  Witness::Options options() const {
    return {kWitness, golden_key("witness_key_seed"), {golden_vkey("vkey")}, folder.path("state")};
  }
  void start() {
    witness.reset();
    witness = Witness::open(options(), clock).value();
  }
  http::Response add(const std::string& body) { return witness->add_checkpoint(body); }
  std::string record() const { return "state/" + hex_encode(sha256(kLog).view()) + ".checkpoint"; }
  void expect_cosigned(const http::Response& answer, std::int64_t size) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto lines = log::parse_note_signatures(answer.body).value();
    ASSERT_EQ(lines.size(), 1U);
    const std::string text = log::format_checkpoint({kLog, size, golden_root(size)});
    EXPECT_EQ(log::verify_cosignature(text, lines.front(), golden_vkey("witness_vkey")).value(),
              clock.now_us() / kSecondUs);
  }

  dfb::test::TempFolder folder;
  ManualClock clock{kNowUs};
  std::unique_ptr<Witness> witness;
};

TEST_F(WitnessTest, GoldenCheckpointsGetTheGoldenLines) {
  std::int64_t old_size = 0;
  for (const auto& item : golden().at("signed").as_array()) {
    const auto size = item.at("size").to_number<std::int64_t>();
    clock.set(item.at("cosignature_time").to_number<std::int64_t>() * kSecondUs);
    const auto answer =
        add(format_submission(old_size, path(old_size, size), text_of(item.at("checkpoint"))));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, text_of(item.at("cosignature_line")));
    old_size = size;
  }
  EXPECT_EQ(old_size, 70000);
}

TEST_F(WitnessTest, EveryGoldenProofIsTakenAndNoneWithOneHashChanged) {
  int seen = 0;
  for (const auto& item : golden().at("consistency").as_array()) {
    const auto old_size = item.at("old_size").to_number<std::int64_t>();
    const auto new_size = item.at("new_size").to_number<std::int64_t>();
    if (seen++ % 7 != 0) continue;  // each asks for a witness of its own
    std::filesystem::remove(folder.path(record()));
    start();
    expect_cosigned(add(submission(0, old_size)), old_size);
    auto hashes = hashes_of(item.at("path"));
    if (!hashes.empty()) {
      auto wrong = hashes;
      wrong[static_cast<std::size_t>(seen) % wrong.size()].bytes[5] ^= 1;
      EXPECT_EQ(add(format_submission(old_size, wrong, signed_note(new_size))).status, 422);
      wrong = hashes;
      wrong.pop_back();
      EXPECT_EQ(add(format_submission(old_size, wrong, signed_note(new_size))).status, 422);
    }
    auto longer = hashes;
    longer.push_back({});
    EXPECT_EQ(add(format_submission(old_size, longer, signed_note(new_size))).status, 422);
    expect_cosigned(add(format_submission(old_size, hashes, signed_note(new_size))), new_size);
  }
  EXPECT_GT(seen, 100);
}

// The statuses in the order of their precedence: each body has all the later faults as well.
TEST_F(WitnessTest, TheFirstFaultIsTheAnswer) {
  expect_cosigned(add(submission(0, 64)), 64);
  const PrivateKey stranger = PrivateKey::generate(Algorithm::ed25519);
  const Hash other_root = golden_root(7);
  const std::string forged = log::sign_checkpoint({kLog, 63, other_root}, stranger);
  const std::string forked = signed_note(65, other_root);
  const std::string unknown = log::sign_checkpoint({"other.example/log", 63, other_root}, stranger);
  const std::vector<Hash> junk(3);
  const struct {
    const char* what;
    int status;
    std::string body;
  } table[] = {
      {"a line too short", 400, "old 70\n" + format_submission(70, junk, unknown)},
      {"a log that nobody named", 404, format_submission(70, junk, unknown)},
      {"another key by the log's name", 403, format_submission(70, junk, forged)},
      {"old above new", 400, format_submission(70, junk, signed_note(63, other_root))},
      {"old is smaller than cosigned", 409, format_submission(63, junk, forked)},
      {"old is larger than cosigned", 409, format_submission(65, junk, forked)},
      {"new is smaller than cosigned", 409, format_submission(33, path(33, 63), signed_note(63))},
      {"a proof of something else", 422, format_submission(64, path(63, 65), signed_note(65))},
      {"a fork", 422, format_submission(64, path(64, 65), forked)},
      {"equal sizes, other roots", 422, format_submission(64, {}, signed_note(64, other_root))},
      {"equal sizes and a proof", 422, format_submission(64, junk, signed_note(64))},
      {"no fault", 200, submission(64, 65)},
      {"the same again from the size before", 409, submission(64, 65)},
      {"the same again", 200, submission(65, 65)},
  };
  for (const auto& row : table) EXPECT_EQ(add(row.body).status, row.status) << row.what;
  expect_cosigned(add(submission(65, 70000)), 70000);
}

TEST_F(WitnessTest, AProofFromNothingIsEmpty) {
  EXPECT_EQ(add(format_submission(0, {Hash{}}, signed_note(5))).status, 422);
  EXPECT_EQ(add(format_submission(0, {Hash{}}, signed_note(0))).status, 422);
  EXPECT_EQ(add(format_submission(0, {}, signed_note(0, golden_root(1)))).status, 422);
  expect_cosigned(add(submission(0, 0)), 0);
  expect_cosigned(add(submission(0, 5)), 5);
}

TEST_F(WitnessTest, AConflictNamesTheSize) {
  EXPECT_EQ(add(submission(4, 5)).body, "0\n");
  expect_cosigned(add(submission(0, 1000)), 1000);
  const auto answer = add(submission(5, 4096));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "1000\n");
  EXPECT_EQ(answer.content_type, "text/x.tlog.size");
}

TEST_F(WitnessTest, OtherSignaturesInTheNoteAreIgnoredAndABadOneOfTheLogIsNot) {
  log::Note note = log::parse_note(signed_note(5)).value();
  const log::NoteSignature logs_own = note.signatures.front();
  note.signatures.insert(note.signatures.begin(), {"somebody.example", 7, "bytes"});
  expect_cosigned(add(format_submission(0, {}, log::format_note(note))), 5);
  note.signatures.push_back(logs_own);
  note.signatures.back().bytes[3] ^= 1;
  EXPECT_EQ(add(format_submission(5, {}, log::format_note(note))).status, 403);
  note.signatures = {{"somebody.example", 7, "bytes"}};
  EXPECT_EQ(add(format_submission(5, {}, log::format_note(note))).status, 403);
}

TEST_F(WitnessTest, ALogThatChangesItsKeyIsFollowed) {
  const PrivateKey next = PrivateKey::generate(Algorithm::ed25519);
  Witness::Options both = options();
  both.logs.push_back(log::make_vkey(kLog, log::NoteKeyType::ed25519, next.public_key()));
  witness.reset();
  witness = Witness::open(both, clock).value();
  expect_cosigned(add(submission(0, 5)), 5);
  const std::string by_next = log::sign_checkpoint({kLog, 9, golden_root(9)}, next);
  expect_cosigned(add(format_submission(5, path(5, 9), by_next)), 9);
  EXPECT_EQ(witness->sizes(), (std::vector<std::pair<std::string, std::int64_t>>{{kLog, 9}}));
}

TEST_F(WitnessTest, ARestartForgetsNothing) {
  expect_cosigned(add(submission(0, 513)), 513);
  start();
  EXPECT_EQ(add(submission(0, 513)).status, 409);
  EXPECT_EQ(add(format_submission(513, {}, signed_note(513, golden_root(7)))).status, 422);
  EXPECT_EQ(add(submission(512, 1000)).status, 409);
  expect_cosigned(add(submission(513, 1000)), 1000);
}

TEST_F(WitnessTest, LogsDoNotMix) {
  const PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  Witness::Options two = options();
  two.logs.push_back(log::make_vkey("other.example/log", log::NoteKeyType::ed25519, key.public_key()));
  witness.reset();
  witness = Witness::open(two, clock).value();
  expect_cosigned(add(submission(0, 1000)), 1000);
  const std::string other = log::sign_checkpoint({"other.example/log", 5, golden_root(5)}, key);
  EXPECT_EQ(add(format_submission(1000, {}, other)).status, 400);
  EXPECT_EQ(add(format_submission(0, {}, other)).status, 200);
  const std::string by_wrong_key = log::sign_checkpoint({kLog, 1000, golden_root(1000)}, key);
  EXPECT_EQ(add(format_submission(1000, {}, by_wrong_key)).status, 403);
}

// Many at once from one size: whoever comes first is cosigned, all others are told its size.
TEST_F(WitnessTest, OneLogsRequestsAreTakenOneAfterTheOther) {
  const std::vector<std::int64_t> sizes = {5, 7, 8, 9, 15, 16, 17, 31};
  std::vector<std::string> bodies;
  for (const auto size : sizes) bodies.push_back(submission(0, size));
  std::vector<http::Response> answers(sizes.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    threads.emplace_back([&, i] { answers[i] = add(bodies[i]); });
  for (auto& thread : threads) thread.join();
  const std::int64_t cosigned = witness->sizes().front().second;
  int taken = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (answers[i].status == 200) {
      EXPECT_EQ(sizes[i], cosigned);
      ++taken;
    } else {
      EXPECT_EQ(answers[i].status, 409);
      EXPECT_EQ(answers[i].body, std::to_string(cosigned) + "\n");
    }
  }
  EXPECT_EQ(taken, 1);
}

TEST_F(WitnessTest, WhatCannotBeKeptIsNotSigned) {
  expect_cosigned(add(submission(0, 5)), 5);
  std::filesystem::create_directory(folder.path(record() + ".new"));
  const auto answer = add(submission(5, 9));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, testing::Not(HasSubstr("\xe2\x80\x94")));
  std::filesystem::remove(folder.path(record() + ".new"));
  expect_cosigned(add(submission(5, 9)), 9);
}

TEST_F(WitnessTest, ADamagedRecordStopsTheStart) {
  expect_cosigned(add(submission(0, 257)), 257);
  witness.reset();
  const std::string whole = folder.read(record());
  ASSERT_THAT(whole, HasSubstr("\n257\n"));
  std::vector<std::string> damaged = {"", whole.substr(0, whole.size() / 2), whole + "x", "x" + whole};
  for (std::size_t i = 0; i < whole.size(); i += 3) {
    damaged.push_back(whole);
    damaged.back()[i] = static_cast<char>(damaged.back()[i] ^ 1);
  }
  for (const std::string& text : damaged) {
    folder.write(record(), text);
    EXPECT_TRUE(fails_with(Witness::open(options(), clock), Code::corrupt)) << text;
  }
  folder.write(record(), whole);
  start();
  expect_cosigned(add(submission(257, 511)), 511);
}

TEST_F(WitnessTest, AFolderIsOneWitnesssAlone) {
  EXPECT_TRUE(fails_with(Witness::open(options(), clock), Code::bad_config)) << "in use";
  witness.reset();
  Witness::Options other = options();
  other.key = PrivateKey::generate(Algorithm::ed25519);
  EXPECT_TRUE(fails_with(Witness::open(other, clock), Code::bad_config)) << "another key";
  other = options();
  other.name = "witness.example/other";
  EXPECT_TRUE(fails_with(Witness::open(other, clock), Code::bad_config)) << "another name";
  other = options();
  other.folder = folder.path("nowhere");
  EXPECT_TRUE(fails_with(Witness::open(other, clock), Code::io_error)) << "never made";
  EXPECT_TRUE(fails_with(found_state(folder.path("state"), golden_vkey("witness_vkey")), Code::io_error));
}

TEST_F(WitnessTest, WrongKeysAndNamesStopTheStart) {
  witness.reset();
  Witness::Options wrong = options();
  wrong.logs.clear();
  EXPECT_TRUE(fails_with(Witness::open(wrong, clock), Code::bad_config));
  wrong.logs = {golden_vkey("witness_vkey")};
  EXPECT_TRUE(fails_with(Witness::open(wrong, clock), Code::bad_config));
  wrong = options();
  wrong.key = PrivateKey::generate(Algorithm::p256);
  EXPECT_TRUE(fails_with(Witness::open(wrong, clock), Code::bad_config));
  wrong = options();
  wrong.name = "two words";
  EXPECT_TRUE(fails_with(Witness::open(wrong, clock), Code::bad_config));
}

}  // namespace
}  // namespace dfb::witness
