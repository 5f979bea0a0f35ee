// The journal: its bytes, torn and broken ones, a disk that fills up at any byte, and a process killed at any
// record.
#include "terminal/till/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "tests/support/stride.h"
#include "tests/support/temp_folder.h"

namespace dfb::terminal {
namespace {

using testing::HasSubstr;

constexpr TimeUs kAt = 1'795'484'400'000'000;

class JournalTest : public testing::Test {
 protected:
  Result<Journal> open() {
    records.clear();
    return Journal::open(path(), [this](const Record& record) {
      records.push_back(record);
      return ok();
    });
  }
  std::string path() const { return folder.path("journal"); }
  // Three records and the file's bytes.
  std::string three() {
    Journal journal = open().value();
    journal.append(kAt, What::open, R"({"a":"b c"})").value();
    journal.append(kAt + 1, What::seen, R"({"size":1})").value();
    journal.append(kAt + 2, What::sale, R"({"id":"x"})").value();
    return folder.read("journal");
  }
  dfb::test::TempFolder folder;
  std::vector<Record> records;
};

TEST_F(JournalTest, TheBytesAreAsDocumented) {
  const std::string bytes = three();
  const std::string first = "0 1795484400000000 open {\"a\":\"b c\"} ";
  const std::string hash = base64url_encode(sha256(first).view()).substr(0, 22);
  const std::string second = "1 1795484400000001 seen {\"size\":1} ";
  const std::string hash2 = base64url_encode(sha256(hash + second).view()).substr(0, 22);
  EXPECT_EQ(bytes.substr(0, first.size() + second.size() + 46), first + hash + "\n" + second + hash2 + "\n");
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_TRUE(open());
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0], (Record{0, kAt, What::open, R"({"a":"b c"})"}));
}

TEST_F(JournalTest, TwoProgramsAreKeptApart) {
  const auto first = open();
  EXPECT_EQ(open().error().code, Code::busy);
}

TEST_F(JournalTest, ATornLastLineIsCutAtEveryByte) {
  const std::string bytes = three();
  const std::size_t second_end = bytes.find('\n', bytes.find('\n') + 1) + 1;
  for (std::size_t size = second_end; size < bytes.size(); ++size) {
    folder.write("journal", bytes.substr(0, size));
    {
      auto journal = open();
      ASSERT_TRUE(journal) << size;
      EXPECT_EQ(journal->cut_torn_line(), size != second_end);
      EXPECT_EQ(records.size(), 2U);
      journal->append(kAt + 2, What::sale, R"({"id":"x"})").value();
    }
    EXPECT_EQ(folder.read("journal"), bytes);
  }
}

TEST_F(JournalTest, ALastLineOfZeroBytesIsTornToo) {
  const std::string bytes = three();
  const std::size_t second_end = bytes.find('\n', bytes.find('\n') + 1) + 1;
  folder.write("journal", bytes.substr(0, second_end) + std::string(20, '\0') + "\n");
  auto journal = open();
  ASSERT_TRUE(journal);
  EXPECT_TRUE(journal->cut_torn_line());
  EXPECT_EQ(records.size(), 2U);
}

TEST_F(JournalTest, AnyOtherChangedByteStopsWithItsLine) {
  const std::string bytes = three();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = changed[i] == '\n' ? ' ' : static_cast<char>(changed[i] ^ 1);
    folder.write("journal", changed);
    if (i + 1 == bytes.size()) continue;  // without the last line feed it is a torn line
    const auto journal = open();
    ASSERT_FALSE(journal) << i;
    EXPECT_EQ(journal.error().code, Code::corrupt);
    EXPECT_THAT(journal.error().detail, HasSubstr("enrol this terminal anew"));
    // Two lines that were joined are found at the first of them.
    const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(i), '\n');
    EXPECT_THAT(journal.error().detail, HasSubstr("line " + std::to_string(line) + ":")) << i;
  }
}

TEST_F(JournalTest, LinesThatWereTakenAwayDoubledOrMixedStopIt) {
  const std::string bytes = three();
  const std::size_t one = bytes.find('\n') + 1, two = bytes.find('\n', one) + 1;
  const std::string a = bytes.substr(0, one), b = bytes.substr(one, two - one), c = bytes.substr(two);
  for (const std::string& changed :
       {b + c, a + c, a + b + b + c, a + c + b, a + b + c + a, std::string("\n"), a + "\n"}) {
    folder.write("journal", changed);
    EXPECT_EQ(open().error().code, Code::corrupt);
  }
}

TEST_F(JournalTest, AVisitorsRefusalNamesTheLine) {
  three();
  const auto journal = Journal::open(path(), [](const Record& record) {
    return record.n == 1 ? Result<void>(fail(Code::malformed, "no sense")) : ok();
  });
  EXPECT_EQ(journal.error().code, Code::corrupt);
  EXPECT_THAT(journal.error().detail, HasSubstr("line 2: no sense"));
}

TEST_F(JournalTest, AFolderThatIsNotThere) {
  EXPECT_EQ(Journal::open("/nonexistent/journal", [](const Record&) { return ok(); }).error().code,
            Code::io_error);
}

// A child appends under a file size limit, so that the kernel itself fails the write at that byte.
TEST_F(JournalTest, ADiskThatFillsUpAtAnyByteLosesNothing) {
  const std::string bytes = three();
  const std::size_t one = bytes.find('\n') + 1;
  for (std::size_t limit_bytes = 0; limit_bytes <= bytes.size(); limit_bytes += dfb::test::kStride) {
    ::unlink(path().c_str());
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const struct rlimit limit { limit_bytes, limit_bytes };
      ::setrlimit(RLIMIT_FSIZE, &limit);
      Journal journal = open().value();
      int written = 0;
      for (const auto& [what, text] :
           {std::pair{What::open, R"({"a":"b c"})"}, std::pair{What::seen, R"({"size":1})"},
            std::pair{What::sale, R"({"id":"x"})"}}) {
        if (!journal.append(kAt + written, what, text)) break;
        ++written;
      }
      // After a failure the journal takes nothing more, even if there is room again.
      if (written < 3 && journal.append(kAt, What::seen, "{}")) ::_exit(99);
      ::_exit(written);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    const int acknowledged = WEXITSTATUS(status);
    auto journal = open();
    ASSERT_TRUE(journal) << limit_bytes << ": " << to_string(journal.error());
    EXPECT_EQ(static_cast<int>(records.size()), acknowledged) << limit_bytes;
    EXPECT_EQ(acknowledged, limit_bytes < one ? 0 : limit_bytes == bytes.size() ? 3 : acknowledged);
    journal->append(kAt, What::seen, "{}").value();
  }
}

TEST_F(JournalTest, AProcessKilledAfterAnyRecordHasThemAll) {
  for (int kill_after = 0; kill_after <= 5; ++kill_after) {
    ::unlink(path().c_str());
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Journal journal = open().value();
      for (int i = 0;; ++i) {
        if (i == kill_after) ::kill(::getpid(), SIGKILL);
        journal.append(kAt + i, i == 0 ? What::open : What::seen, "{}").value();
      }
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_TRUE(open()) << "the lock died with its holder";
    EXPECT_EQ(static_cast<int>(records.size()), kill_after);
  }
}

// Records that were written together span pages, and a power cut may keep the later page alone.
TEST_F(JournalTest, AHoleInWhatWasWrittenTogetherTakesThatAlone) {
  std::size_t before = 0;
  const auto write_batch = [&] {
    ::unlink(path().c_str());
    Journal journal = open().value();
    journal.append(kAt, What::open, R"({"a":"b c"})").value();
    before = folder.read("journal").size();
    const std::string text = R"({"text":")" + std::string(100, 'x') + R"("})";
    journal.append(kAt + 1, std::vector<Journal::ToAppend>(60, {What::seen, text})).value();
    return folder.read("journal");
  };
  const std::string whole = write_batch();
  ASSERT_GT(whole.size(), 2 * 4096U);
  for (const std::size_t end : {std::size_t{4096}, std::size_t{8192}, whole.size() - 1, whole.size()})
    for (const std::size_t begin : {before, std::size_t{4096}}) {
      if (begin >= end) continue;
      std::string holed = whole;
      std::fill(holed.begin() + static_cast<std::ptrdiff_t>(begin), holed.begin() + static_cast<std::ptrdiff_t>(end), '\0');
      for (const std::size_t size : {holed.size(), holed.size() - 7}) {
        folder.write("journal", holed.substr(0, size));
        auto journal = open();
        ASSERT_TRUE(journal) << begin << " to " << end << ": " << to_string(journal.error());
        EXPECT_TRUE(journal->cut_torn_line());
        EXPECT_LE(folder.read("journal").size(), begin);
        EXPECT_GE(folder.read("journal").size(), before) << "what had been acted upon stands";
        journal->append(kAt + 2, What::seen, "{}").value();
      }
    }
  // A hole before what was written later is no torn end.
  write_batch();
  {
    Journal journal = open().value();
    journal.append(kAt + 2, What::seen, "{}").value();
  }
  std::string changed = folder.read("journal");
  std::fill(changed.begin() + static_cast<std::ptrdiff_t>(before), changed.begin() + 4096, '\0');
  folder.write("journal", changed);
  EXPECT_EQ(open().error().code, Code::corrupt);
}

}  // namespace
}  // namespace dfb::terminal
