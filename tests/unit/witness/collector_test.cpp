// The log's side: what is gathered from real witnesses behind real ports, published, kept and warned of.
#include "api/witness/collector.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "api/http/server.h"
#include "api/witness/witness.h"
#include "ledger/log/receipt.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/witness/golden_log.h"

namespace dfb::witness {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A witness with a plain port.
class Served {
 public:
  Served(std::string name, const std::string& folder, const Clock& clock) {
    Witness::Options options{
        std::move(name), PrivateKey::generate(Algorithm::ed25519), {golden_vkey("vkey")}, folder};
    found_state(folder, log::make_vkey(options.name, log::NoteKeyType::cosignature, options.key.public_key()))
        .value();
    witness = Witness::open(std::move(options), clock).value();
    answer = [this](const std::string& body) { return witness->add_checkpoint(body); };
    http::Port port;
    port.handler = [this](const http::Request& request) {
      ++requests;
      EXPECT_EQ(request.method + " " + request.path, "POST /town/add-checkpoint");
      return answer(request.body);
    };
    http::Limits limits;
    limits.io_threads = 1, limits.worker_threads = 1;
    server = http::Server::start({port}, limits).value();
    url_ = "http://127.0.0.1:" + std::to_string(server->port(0)) + "/town";
  }
  Address address() const { return {url_, witness->vkey()}; }

  std::unique_ptr<Witness> witness;
  std::function<http::Response(const std::string&)> answer;  // set between ticks
  std::atomic<int> requests = 0;
  std::unique_ptr<http::Server> server;

 private:
  std::string url_;
};

http::Response broken(const std::string&) { return {503, "text/plain", "not now\n", {}}; }

class CollectorTest : public testing::Test {
 protected:
  CollectorTest() { add(2); }
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string n = std::to_string(witnesses.size() + 1);
      witnesses.push_back(
          std::make_unique<Served>("witness.example/w" + n, folder.path("state-" + n), clock));
    }
  }
  void open() {
    collector.reset();
    Collector::Options options;
    for (const auto& one : witnesses) options.witnesses.push_back(one->address());
    options.file = file();
    options.log_keys = {golden_vkey("vkey")};
    options.log = [this](const std::string& line) { lines.push_back(line); };
    collector = Collector::open(
                    std::move(options), [this] { return offer(); },
                    [this](std::int64_t n) -> Result<Hash> {
                      if (n > size) return fail(Code::not_found, "beyond the log");
                      return golden_root(n);
                    },
                    clock, random)
                    .value();
  }
  std::optional<Offer> offer() {
    if (size < 0) return std::nullopt;
    return Offer{{kLog, size, root()}, signed_note(size, root()), [n = size](std::int64_t old) {
                   return log::consistency_path(old, n, golden_tree());
                 }};
  }
  Hash root() const { return forked ? golden_root(3) : golden_root(size); }
  std::string file() const { return folder.path("ledger.db.cosigned"); }
  std::vector<log::Vkey> vkeys() const {
    std::vector<log::Vkey> out;
    for (const auto& one : witnesses) out.push_back(one->witness->vkey());
    return out;
  }
  // Who signed what is published, by their place among the witnesses; and that the note is sound.
  std::vector<std::size_t> signers() {
    const auto cosigned = collector->published();
    if (!cosigned) return {};
    const log::Note note = log::parse_note(cosigned->note).value();
    EXPECT_EQ(log::open_checkpoint(note, golden_vkey("vkey")).value(), cosigned->checkpoint);
    EXPECT_EQ(note.signatures.front().name, kLog) << "the log's own line comes first";
    std::vector<std::size_t> out;
    for (const auto& one : log::verify_note(note, vkeys()).value()) out.push_back(one.known);
    EXPECT_EQ(out.size(), cosigned->count);
    EXPECT_EQ(note.signatures.size(), cosigned->count + 1);
    return out;
  }
  std::int64_t published_size() { return collector->published()->checkpoint.size; }

  dfb::test::TempFolder folder;
  ManualClock clock{1'780'000'000 * kSecondUs};
  SeededRandom random{5};
  std::int64_t size = 5;
  bool forked = false;
  std::vector<std::string> lines;
  std::vector<std::unique_ptr<Served>> witnesses;
  std::unique_ptr<Collector> collector;
};

TEST_F(CollectorTest, AllWitnessesCosignTheNewestCheckpoint) {
  open();
  EXPECT_EQ(collector->published(), nullptr);
  collector->tick();
  EXPECT_THAT(signers(), ElementsAre(0, 1));
  EXPECT_EQ(published_size(), 5);
  size = 257;
  collector->tick();
  EXPECT_THAT(signers(), ElementsAre(0, 1));
  EXPECT_EQ(published_size(), 257);
  EXPECT_EQ(witnesses[0]->requests, 2) << "one question each, with the size that the witness has";
  collector->tick();
  EXPECT_EQ(witnesses[0]->requests, 2) << "nothing new, nothing asked";
  EXPECT_THAT(collector->warnings(), IsEmpty());
  EXPECT_EQ(collector->status()[1].size, 257);
  EXPECT_EQ(collector->status()[1].standing, Standing::cosigned);
  EXPECT_THAT(lines, ElementsAre(HasSubstr("w1 cosigned 5 entries"), HasSubstr("w2 cosigned 5 entries")));
}

TEST_F(CollectorTest, AnEmptyLogAsksNobody) {
  size = -1;
  open();
  collector->tick();
  EXPECT_EQ(witnesses[0]->requests, 0);
}

TEST_F(CollectorTest, AConflictIsRecomputedAtOnce) {
  EXPECT_EQ(witnesses[0]->witness->add_checkpoint(submission(0, 64)).status, 200);
  size = 1000;
  open();
  collector->tick();
  EXPECT_THAT(signers(), ElementsAre(0, 1));
  EXPECT_EQ(witnesses[0]->requests, 2);
  EXPECT_EQ(witnesses[1]->requests, 1);
}

TEST_F(CollectorTest, CosignaturesSurviveARestart) {
  open();
  collector->tick();
  const std::string before = collector->published()->note;
  EXPECT_EQ(folder.read("ledger.db.cosigned"), before);
  witnesses[0]->answer = witnesses[1]->answer = broken;
  size = 9;
  open();
  EXPECT_EQ(collector->published()->note, before);
  EXPECT_EQ(collector->published()->count, 2U);
  witnesses[0]->answer = [this](const std::string& body) {
    EXPECT_THAT(body, testing::StartsWith("old 5\n"));
    return witnesses[0]->witness->add_checkpoint(body);
  };
  collector->tick();
  EXPECT_EQ(collector->status()[0].size, 9);
}

TEST_F(CollectorTest, AWitnessThatIsNoLongerAskedIsDroppedFromWhatWasKept) {
  open();
  collector->tick();
  collector.reset();
  witnesses.pop_back();
  open();
  EXPECT_THAT(signers(), ElementsAre(0));
}

TEST_F(CollectorTest, ASilentWitnessIsAskedLessAndLess) {
  witnesses[1]->answer = broken;
  open();
  std::vector<int> at_s;
  for (int s = 0, seen = 0; s < 1200; ++s, clock.advance(kSecondUs)) {
    collector->tick();
    if (witnesses[1]->requests != seen) at_s.push_back(s);
    seen = witnesses[1]->requests;
  }
  ASSERT_GE(at_s.size(), 10U);
  EXPECT_LE(at_s.size(), 22U);
  for (std::size_t i = 1; i < at_s.size(); ++i) {
    const int most = std::min(300, 1 << (i - 1));
    EXPECT_GE(at_s[i] - at_s[i - 1], most / 2);
    EXPECT_LE(at_s[i] - at_s[i - 1], most + 1);
  }
  EXPECT_THAT(signers(), ElementsAre(0)) << "the other one is not held up";
  EXPECT_THAT(collector->warnings(), ElementsAre(HasSubstr("w2 has been silent for 20 minutes")));
  EXPECT_EQ(collector->status()[1].standing, Standing::failing);
  EXPECT_THAT(lines, testing::Contains(HasSubstr("status 503: not now")));
  witnesses[1]->answer = [this](const std::string& body) {
    return witnesses[1]->witness->add_checkpoint(body);
  };
  clock.advance(300 * kSecondUs);
  collector->tick();
  EXPECT_THAT(signers(), ElementsAre(0, 1));
  EXPECT_THAT(collector->warnings(), IsEmpty());
}

TEST_F(CollectorTest, AHiccupDoesNotTakeACosignatureAway) {
  open();
  collector->tick();
  witnesses[1]->answer = broken;
  size = 9;
  collector->tick();
  EXPECT_EQ(published_size(), 5) << "two cosignatures are worth more than one that is newer";
  EXPECT_THAT(signers(), ElementsAre(0, 1));
  EXPECT_EQ(collector->newest()->checkpoint.size, 9) << "the newest shows what it has";
  EXPECT_EQ(collector->newest()->count, 1U);
  clock.advance(kMinuteUs);
  collector->tick();
  EXPECT_EQ(published_size(), 9) << "but not for ever";
  EXPECT_THAT(signers(), ElementsAre(0));
}

TEST_F(CollectorTest, AnUnreachableWitnessIsSaid) {
  witnesses[1]->server.reset();
  open();
  collector->tick();
  EXPECT_THAT(signers(), ElementsAre(0));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("unreachable")));
  EXPECT_EQ(collector->status()[1].standing, Standing::failing);
}

TEST_F(CollectorTest, AnIdleLogIsCosignedAnewEveryFiveMinutes) {
  open();
  collector->tick();
  const std::string before = collector->published()->note;
  clock.advance(5 * kMinuteUs);
  collector->tick();
  EXPECT_EQ(witnesses[0]->requests, 2);
  EXPECT_NE(collector->published()->note, before);
  const auto note = log::parse_note(collector->published()->note).value();
  for (const auto& one : log::verify_note(note, vkeys()).value())
    EXPECT_EQ(one.time_s, clock.now_us() / kSecondUs);
}

TEST_F(CollectorTest, LinesOfUnknownKeysAreIgnored) {
  witnesses[0]->answer = [this](const std::string& body) {
    http::Response answer = witnesses[0]->witness->add_checkpoint(body);
    answer.body = log::format_note_signature({"somebody.example", 1, "bytes"}) + answer.body;
    return answer;
  };
  witnesses[1]->answer = [](const std::string& body) {
    const auto key = PrivateKey::generate(Algorithm::ed25519);
    const std::string text = parse_submission(body)->note.text;
    return http::Response{200, "text/plain", log::cosign(text, "witness.example/w2", key, 1), {}};
  };
  open();
  collector->tick();
  EXPECT_THAT(signers(), ElementsAre(0));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("no cosignature by the key")));
}

TEST_F(CollectorTest, AnswersThatAreNoneAreFailures) {
  std::string body;
  witnesses[1]->answer = [&body](const std::string&) { return http::Response{200, "text/plain", body, {}}; };
  open();
  const log::Vkey second = witnesses[1]->witness->vkey();
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("ok\n"), std::string(70'000, 'x'),
        log::format_note_signature({second.name, second.key_id, std::string(72, 'x')})}) {
    body = text;
    clock.advance(301 * kSecondUs);
    collector->tick();
    EXPECT_EQ(collector->status()[1].standing, Standing::failing);
    EXPECT_THAT(signers(), ElementsAre(0));
  }
}

TEST_F(CollectorTest, AForkIsRefusedAndSaid) {
  for (const auto& one : witnesses) one->witness->add_checkpoint(submission(0, 64));
  size = 65, forked = true;
  open();
  collector->tick();
  EXPECT_EQ(collector->published(), nullptr);
  EXPECT_THAT(collector->warnings(), ElementsAre(HasSubstr("w1 refuses"), HasSubstr("w2 refuses")));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("it refuses the proof, status 422")));
}

TEST_F(CollectorTest, ALogThatLostEntriesIsToldSo) {
  witnesses[0]->witness->add_checkpoint(submission(0, 64));
  size = 33;
  open();
  collector->tick();
  EXPECT_EQ(collector->status()[0].standing, Standing::refusing);
  EXPECT_EQ(collector->status()[0].claims, 64);
  EXPECT_THAT(lines, testing::Contains(HasSubstr("it has seen 64 entries, this log has 33")));
}

TEST_F(CollectorTest, WhatWasKeptOfAnotherHistoryIsEvidence) {
  open();
  collector->tick();
  const std::string note = collector->published()->note;
  log::Note other = log::parse_note(signed_note(5, golden_root(4))).value();
  const std::vector<std::string> misfits = {log::format_note(other), signed_note(1000),
                                            note.substr(0, note.size() - 3), "",
                                            std::string(note).replace(note.find("\n5\n"), 3, "\n6\n")};
  for (const std::string& misfit : misfits) {
    folder.write("ledger.db.cosigned", misfit);
    open();
    EXPECT_EQ(collector->published(), nullptr);
    ASSERT_EQ(collector->warnings().size(), 1U) << misfit;
    EXPECT_THAT(collector->warnings().front(), HasSubstr("not of this ledger"));
    collector->tick();
    EXPECT_THAT(signers(), ElementsAre(0, 1));
    EXPECT_EQ(folder.read("ledger.db.cosigned"), misfit) << "it is left as it is";
  }
}

TEST_F(CollectorTest, TwoWitnessesOfOneNameStopTheStart) {
  Collector::Options options;
  options.witnesses = {witnesses[0]->address(), witnesses[0]->address()};
  options.file = file();
  EXPECT_TRUE(fails_with(
      Collector::open(
          options, [this] { return offer(); }, [](std::int64_t n) { return golden_root(n); }, clock, random),
      Code::bad_config));
}

TEST_F(CollectorTest, ANoteWithManyCosignaturesIsReadEverywhere) {
  add(18);
  open();
  collector->tick();
  EXPECT_EQ(signers().size(), 20U);
  const log::Note note = log::parse_note(collector->published()->note).value();
  EXPECT_EQ(note.signatures.size(), 21U);
  const log::Receipt receipt{3, log::inclusion_path(3, 5, golden_tree()).value(), note, ""};
  const auto read = log::parse_receipt(log::format_receipt(receipt)).value();
  EXPECT_EQ(read, receipt);
  EXPECT_EQ(log::verify(read, golden_vkey("vkey"), log::test::golden_entry(3)).value().size, 5);
}

TEST_F(CollectorTest, RunsByItselfAndStopsWhenTold) {
  SystemClock real;
  Collector::Options options;
  options.witnesses = {witnesses[0]->address()};
  options.file = file();
  options.log_keys = {golden_vkey("vkey")};
  const auto running =
      Collector::open(
          options, [this] { return offer(); }, [](std::int64_t n) { return golden_root(n); }, real, random)
          .value();
  running->start(std::chrono::milliseconds(5));
  for (int i = 0; i < 2000 && !running->published(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  running->stop();
  ASSERT_NE(running->published(), nullptr);
  EXPECT_EQ(running->published()->count, 1U);
}

TEST(WitnessAddress, IsAUrlAndAVkey) {
  const std::string vkey = text_of(golden().at("witness_vkey"));
  EXPECT_EQ(parse_address("http://127.0.0.1:8446/bq/ " + vkey).value().url, "http://127.0.0.1:8446/bq");
  EXPECT_EQ(format_vkey(parse_address("https://w.example " + vkey).value().vkey), vkey);
  const std::vector<std::string> wrongs = {std::string(),
                                           vkey,
                                           "https://w.example",
                                           "https://w.example  " + vkey,
                                           "http://w.example " + vkey,
                                           "ftp://w.example " + vkey,
                                           "https://w.example " + vkey + " ",
                                           "https://w.example " + text_of(golden().at("vkey"))};
  for (const std::string& wrong : wrongs)
    EXPECT_TRUE(fails_with(parse_address(wrong), Code::bad_config)) << wrong;
}

}  // namespace
}  // namespace dfb::witness
