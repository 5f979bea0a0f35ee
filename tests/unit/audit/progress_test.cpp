// The progress bar: what it says of how far, how fast and how much longer, by a clock of the test's own.
#include "ledger/audit/progress.h"

#include <gmock/gmock.h>

#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class AuditProgress : public ::testing::Test {
 protected:
  ~AuditProgress() override {
    std::fclose(out_);
    std::free(text_);
  }
  Progress bar(bool shown = true, Lang lang = Lang::en) {
    return Progress(shown, lang, out_, [this] { return now_; });
  }
  // What was written since the last call.
  std::string taken() {
    std::fflush(out_);
    const std::string all(text_, size_);
    return all.substr(std::exchange(taken_, all.size()));
  }

  Progress::Time::time_point now_{seconds(1000)};

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0, taken_ = 0;
  std::FILE* out_ = ::open_memstream(&text_, &size_);
};

TEST_F(AuditProgress, SaysHowFarHowFastAndHowLongItTakes) {
  auto bar = this->bar();
  bar.show(0, 40'000);
  EXPECT_EQ(taken(), "\r[........................] 0 %  0 / 40,000  0 entries/s\x1b[K");
  now_ += seconds(2);
  bar.show(10'000, 40'000);
  EXPECT_EQ(taken(), "\r[######..................] 25 %  10,000 / 40,000  5,000 entries/s  left 0:06\x1b[K");
  now_ += seconds(2);
  bar.show(40'000, 40'000);
  EXPECT_EQ(taken(),
            "\r[########################] 100 %  40,000 / 40,000  10,000 entries/s  left 0:00\x1b[K");
}

TEST_F(AuditProgress, WhatAnEarlierRunDidCountsForNoRate) {
  auto bar = this->bar();
  now_ += seconds(30);  // an earlier run's state was read
  bar.show(900'000, 1'000'000);
  EXPECT_THAT(taken(), HasSubstr("90 %  900,000 / 1,000,000  0 entries/s\x1b"));
  now_ += seconds(10);
  bar.show(910'000, 1'000'000);
  EXPECT_THAT(taken(), HasSubstr("91 %  910,000 / 1,000,000  1,000 entries/s  left 1:30"));
}

TEST_F(AuditProgress, IsDrawnTenTimesASecondAndAtTheEnd) {
  auto bar = this->bar();
  bar.show(0, 100);
  taken();
  now_ += milliseconds(99);
  bar.show(10, 100);
  EXPECT_EQ(taken(), "");
  now_ += milliseconds(1);
  bar.show(10, 100);
  EXPECT_THAT(taken(), HasSubstr("10 / 100  100 entries/s"));
  bar.show(100, 100);
  EXPECT_THAT(taken(), HasSubstr("100 / 100"));
}

TEST_F(AuditProgress, SpeaksChinese) {
  auto bar = this->bar(true, Lang::zh);
  bar.show(0, 100);
  now_ += seconds(1);
  bar.show(50, 100);
  EXPECT_THAT(taken(), HasSubstr("50 / 100  50 条/秒  剩余 0:01"));
}

TEST_F(AuditProgress, IsWipedAndWritesNothingWhereItIsNotShown) {
  {
    auto bar = this->bar();
    bar.clear();
    EXPECT_EQ(taken(), "") << "nothing was drawn";
    bar.show(1, 2);
  }
  EXPECT_THAT(taken(), EndsWith("\r\x1b[K"));
  {
    auto hidden = this->bar(false);
    hidden.show(1, 2);
    auto empty = this->bar();
    empty.show(0, 0);
  }
  EXPECT_EQ(taken(), "");
}

// The size comes from a checkpoint that nobody has verified yet.
TEST_F(AuditProgress, TheLargestSizeThereIsRunsOverNowhere) {
  auto bar = this->bar();
  bar.show(INT64_MAX, INT64_MAX);
  EXPECT_THAT(taken(), HasSubstr("] 100 %"));
}

TEST_F(AuditProgress, AnAuditSaysFirstWhereItBegan) {
  TempFolder folder;
  Task task = plain_task();
  task.state_file = folder.path("state");
  AuditedTown town = busy();
  town.entries.resize(280);
  for (const std::int64_t begin : {0, 280}) {
    std::vector<std::pair<std::int64_t, std::int64_t>> calls;
    task.progress = [&](std::int64_t done, std::int64_t all) { calls.emplace_back(done, all); };
    const auto& log = begin == 0 ? town : busy();
    ASSERT_EQ(audit_town(log, task).verdict, Verdict::sound);
    ASSERT_GE(calls.size(), 2U);
    EXPECT_EQ(calls.front(), std::pair(begin, log.size()));
    EXPECT_EQ(calls.back(), std::pair(log.size(), log.size()));
  }
}

}  // namespace
}  // namespace dfb::audit
