// What our own code writes is read by verify.go, a program of the Go project's log code that knows nothing of
// ours; and what was tampered with is refused by it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>

#include "ledger/base/encoding.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"
#include "tests/stranger/log_folder.h"
#include "tests/support/temp_folder.h"

namespace dfb::log {
namespace {

using test::LogFolder;
using test::read_file;
using test::write_file;

struct Ran {
  int status = -1;
  std::string output;
};

Ran run(const std::string& arguments) {
  Ran ran;
  FILE* const pipe = ::popen((DFB_VERIFIER " " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    ran.output.append(buffer, got);
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

// A log of 700 entries with checkpoints at several sizes, written once for each test.
class Stranger : public ::testing::Test {
 protected:
  Stranger() {
    write_file(file("vkey"), log_.vkey() + "\n");
    for (const std::int64_t size : {1, 255, 256, 300, 512, 700}) {
      log_.append(size - log_.size());
      const std::string checkpoint = log_.publish();
      write_file(file("checkpoint." + std::to_string(size)), checkpoint);
      write_file(file("receipt." + std::to_string(size)), log_.receipt(size / 2));
      write_file(file("entry." + std::to_string(size)), log_.entry(size / 2));
    }
  }

  std::string file(const std::string& name) const { return temp_.path(name); }
  Ran verify(const std::string& more = "") const {
    return run("-log " + file("log") + " -key " + file("vkey") + " " + more);
  }
  std::string receipt_flags(const std::string& receipt, const std::string& entry) const {
    return "-receipt " + file(receipt) + " -entry " + file(entry);
  }
  static void flip(const std::string& path, std::size_t at, int bit = 1) {
    std::string bytes = read_file(path);
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ bit);
    write_file(path, bytes);
  }
  void expect_refused(const Ran& ran, const std::string& why) const {
    EXPECT_EQ(ran.status, 1) << ran.output;
    EXPECT_NE(ran.output.find("verify: refused: "), std::string::npos) << ran.output;
    EXPECT_NE(ran.output.find(why), std::string::npos) << ran.output;
  }

  dfb::test::TempFolder temp_;
  const PrivateKey key_ = PrivateKey::generate(Algorithm::ed25519);
  LogFolder log_{temp_.path("log"), "bq.example/points", key_};
};

TEST_F(Stranger, AcceptsTheLogItsHistoryAndItsReceipts) {
  const Ran plain = verify();
  EXPECT_EQ(plain.status, 0) << plain.output;
  EXPECT_NE(plain.output.find("all 700 hash to their leaves"), std::string::npos) << plain.output;
  for (const std::string size : {"1", "255", "256", "300", "512", "700"}) {
    const Ran ran = verify("-old " + file("checkpoint." + size) + " " +
                           receipt_flags("receipt." + size, "entry." + size));
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_NE(ran.output.find("consistency: the " + size + " entries"), std::string::npos) << ran.output;
    EXPECT_NE(ran.output.find("in the tree of " + size), std::string::npos) << ran.output;
  }
}

TEST_F(Stranger, AcceptsSmallAndEvenLogs) {
  for (const std::int64_t size : {0, 1, 2, 255, 256, 257, 512}) {
    LogFolder small(file("small"), "bq.example/points", key_);
    small.append(size);
    small.publish();
    const Ran ran = run("-log " + file("small") + " -key " + small.vkey());
    EXPECT_EQ(ran.status, 0) << size << ": " << ran.output;
    std::filesystem::remove_all(file("small"));
  }
}

TEST_F(Stranger, AcceptsATreeOfThreeLevels) {
  LogFolder large(file("large"), "bq.example/points", key_);
  large.append(66000);
  large.publish();
  write_file(file("large.receipt"), large.receipt(65999));
  write_file(file("large.entry"), large.entry(65999));
  const Ran ran = run("-log " + file("large") + " -key " + large.vkey() + " " +
                      receipt_flags("large.receipt", "large.entry"));
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST_F(Stranger, RefusesAChangedByteInAnyTile) {
  for (const char* tile : {"tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"})
    for (const std::size_t at : {0U, 33U}) {
      flip(log_.file(tile), at);
      expect_refused(verify(), "");
      flip(log_.file(tile), at);
    }
  EXPECT_EQ(verify().status, 0);
}

TEST_F(Stranger, RefusesAChangedMissingOrSurplusEntry) {
  for (const char* name : {"tile/entries/000", "tile/entries/001", "tile/entries/002.p/188"}) {
    const std::string path = log_.file(name);
    const std::string good = read_file(path);
    flip(path, good.size() / 2);
    expect_refused(verify(), "");
    write_file(path, good.substr(0, good.size() - 1));
    expect_refused(verify(), "ends inside entry");
    write_file(path, good + std::string("\0\0", 2));
    expect_refused(verify(), "entries, not");
    std::filesystem::remove(path);
    expect_refused(verify(), "no such file");
    write_file(path, good);
  }
  flip(log_.file("tile/entries/001"), 2 + 20);
  expect_refused(verify(), "entry 256 does not hash to its leaf");
}

TEST_F(Stranger, RefusesAChangedCheckpoint) {
  const std::string path = log_.file("checkpoint");
  const std::string good = read_file(path);
  // Not the lowest bit: the last character of a signature's base64 has two that mean nothing.
  constexpr int kBit = 0x10;
  for (std::size_t at = 0; at < good.size(); at += 5) {
    flip(path, at, kBit);
    expect_refused(verify(), "checkpoint: ");
    flip(path, at, kBit);
  }
  // Signed by somebody else under the same name, and by the right key for another tree.
  const Checkpoint checkpoint = parse_checkpoint(parse_note(good).value().text).value();
  write_file(path, sign_checkpoint(checkpoint, PrivateKey::generate(Algorithm::ed25519)));
  expect_refused(verify(), "checkpoint: ");
  Checkpoint other = checkpoint;
  other.root.bytes[0] ^= 1;
  write_file(path, sign_checkpoint(other, key_));
  expect_refused(verify(), "inconsistent tile");
  other = checkpoint;
  other.size -= 1;
  write_file(path, sign_checkpoint(other, key_));
  expect_refused(verify(), "");
}

TEST_F(Stranger, RefusesAnotherHistory) {
  LogFolder fork(file("fork"), "bq.example/points", key_);
  fork.append(200);
  fork.append(100, "b");
  write_file(file("forked"), fork.publish());
  expect_refused(verify("-old " + file("forked")), "consistency: ");
  fork.append(500, "b");
  write_file(file("longer"), fork.publish());
  expect_refused(verify("-old " + file("longer")), "once had 800");
  // A receipt that is right in itself, from the town's second book.
  write_file(file("fork.receipt"), fork.receipt(250));
  write_file(file("fork.entry"), fork.entry(250));
  expect_refused(verify(receipt_flags("fork.receipt", "fork.entry")), "receipt: ");
}

TEST_F(Stranger, RefusesAReceiptOfSomethingElse) {
  expect_refused(verify(receipt_flags("receipt.700", "entry.512")), "receipt: ");
  const std::string good = read_file(file("receipt.700"));
  const auto refuse = [&](const std::string& from, const std::string& to) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    write_file(file("bad"), bad);
    expect_refused(verify(receipt_flags("bad", "entry.700")), "receipt: ");
  };
  refuse("index 350", "index 351");
  refuse("index 350", "index 700");
  refuse("index 350", "index 0350");
  refuse("@v1", "@v2");
  refuse("\nindex 350\n", "\n");
  const std::size_t path = good.find("\n", good.find("index")) + 1;
  refuse(good.substr(path, 45), "");
  refuse(good.substr(path, 1), good[path] == 'A' ? "B" : "A");
}

TEST_F(Stranger, SaysHowItIsCalled) {
  EXPECT_EQ(run("").status, 2);
  EXPECT_EQ(run("-log " + file("log") + " -key nonsense").status, 2);
  EXPECT_EQ(verify("-receipt " + file("receipt.1")).status, 2);
  EXPECT_EQ(verify("surplus").status, 2);
}

}  // namespace
}  // namespace dfb::log
