// The writer's everyday promises: order, batches, first answers, time, queues.
#include "ledger/writer/writer.h"

#include <gtest/gtest.h>

#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/writer/faulty_store.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::Hold;
using test::kTownStartUs;
using test::RunningTown;

class WriterTest : public testing::Test {
 protected:
  // SQLite, since holding the writer needs programme work; one programme table for steps.
  void SetUp() override {
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
  }
  static Code code_of(const Result<Answer>& answer) { return answer ? Code::internal : answer.error().code; }
  // The receipt of an answer, verified against its own head.
  void expect_receipt(const Answer& answer) {
    ASSERT_TRUE(answer.head);
    const auto view = store.snapshot();
    auto receipt = store::LogReader(*view, *answer.head).receipt(answer.seq);
    ASSERT_TRUE(receipt) << to_string(receipt.error());
    const auto log = log::parse_vkey(town.town.log_vkey).value();
    EXPECT_TRUE(log::verify_entry(*receipt, log, answer.entry));
  }

  test::TempFolder folder;
  test::FaultyStore store{
      store::open_sqlite(folder.path("ledger.db"), {"CREATE TABLE note (seq INTEGER)"}).value()};
  RunningTown town{store};
};

TEST_F(WriterTest, AnswersWithTheEntryAndItsProof) {
  const auto line = town.town.award(town.town.resident, 40);
  const auto answer = town.run(line);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_FALSE(answer->known);
  EXPECT_FALSE(answer->refused);
  EXPECT_EQ(answer->time_us, kTownStartUs);
  EXPECT_EQ(answer->seq, answer->head->checkpoint.size - 1);
  const auto entry = log::parse_entry_text(answer->entry).value();
  EXPECT_EQ(entry.payload, line.payload);
  EXPECT_EQ(entry.seq, answer->seq);
  EXPECT_EQ(store.snapshot()->entries(answer->seq, 1).at(0), answer->entry);
  EXPECT_EQ(town.balance(town.town.resident.account), 40);
  expect_receipt(*answer);
}

TEST_F(WriterTest, ABatchKeepsTheOrderAndCommitsOnce) {
  Hold hold(*town.writer);
  std::vector<std::future<Result<Answer>>> answers;
  for (int i = 0; i < 50; ++i) answers.push_back(town.submit(town.town.mint(i + 1)));
  const int commits = store.commits;
  const auto first = town.writer->head()->checkpoint.size;
  hold.release();
  for (int i = 0; i < 50; ++i) {
    auto answer = answers[static_cast<std::size_t>(i)].get();
    ASSERT_TRUE(answer) << to_string(answer.error());
    EXPECT_EQ(answer->seq, first + i);
    EXPECT_EQ(answer->head->checkpoint.size, first + 50);
  }
  EXPECT_EQ(store.commits, commits + 2);  // the held work's, and one for all
}

TEST_F(WriterTest, BatchMaxSplitsTheInbox) {
  town.writer->stop();
  town.limits.batch_max = 20;
  ASSERT_TRUE(town.start());
  Hold hold(*town.writer);
  std::vector<std::future<Result<Answer>>> answers;
  for (int i = 0; i < 50; ++i) answers.push_back(town.submit(town.town.mint(1)));
  const int commits = store.commits;
  hold.release();
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(store.commits, commits + 4);
}

TEST_F(WriterTest, TheSameCommandGetsItsFirstAnswer) {
  const auto line = town.town.award(town.town.resident, 40);
  const auto first = town.run(line);
  town.clock.advance(kDayUs);  // long past `not_after`
  const auto again = town.run(line);
  ASSERT_TRUE(first && again);
  EXPECT_TRUE(again->known);
  EXPECT_EQ(again->entry, first->entry);
  EXPECT_EQ(again->seq, first->seq);
  EXPECT_EQ(again->time_us, first->time_us);
  EXPECT_EQ(town.balance(town.town.resident.account), 40);
  expect_receipt(*again);
}

TEST_F(WriterTest, ARetryInTheSameBatchIsKnown) {
  const auto line = town.town.award(town.town.resident, 40);
  Hold hold(*town.writer);
  auto first = town.submit(line), again = town.submit(line);
  hold.release();
  const auto one = first.get(), two = again.get();
  ASSERT_TRUE(one && two);
  EXPECT_FALSE(one->known);
  EXPECT_TRUE(two->known);
  EXPECT_EQ(two->entry, one->entry);
  expect_receipt(*two);
}

TEST_F(WriterTest, ARefusalThatBurnsIsAnEntryAndStaysTheAnswer) {
  const auto line = town.town.redeem(town.town.resident, 30);
  const auto first = town.run(line);
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(first->refused, Code::insufficient_points);
  ASSERT_TRUE(town.run(town.town.award(town.town.resident, 100)));
  const auto again = town.run(line);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->known);
  EXPECT_EQ(again->refused, Code::insufficient_points);
  EXPECT_EQ(again->entry, first->entry);
  EXPECT_EQ(town.balance(town.town.resident.account), 100);
}

TEST_F(WriterTest, ARefusalWithoutAnEntryLeavesNothing) {
  const auto before = town.writer->head();
  const int commits = store.commits;
  auto line = town.town.award(town.town.resident, 40);
  town.clock.advance(kHourUs);
  EXPECT_EQ(code_of(town.run(line)), Code::too_late);
  EXPECT_EQ(town.writer->head()->note, before->note);
  EXPECT_EQ(store.commits, commits);
}

TEST_F(WriterTest, StatementsListWhatTouchesAnAccount) {
  ASSERT_TRUE(town.run(town.town.award(town.town.resident, 100)));
  const auto sale = town.town.redeem(town.town.resident, 30);
  const auto sold = town.run(sale);
  ASSERT_TRUE(sold && !sold->refused);
  const auto cancelled = town.run(town.town.cancel(sale.id));
  ASSERT_TRUE(cancelled) << to_string(cancelled.error());
  for (const auto& account : {town.town.resident.account, town.town.shop.account}) {
    const auto numbers = store.snapshot()->entries_of(account, 1 << 30, 2);
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{cancelled->seq, sold->seq}));
  }
}

TEST_F(WriterTest, AGenesisOfAnotherLogIsRefused) {
  auto other = store::open_memory();
  RunningTown stranger(*other);
  ASSERT_TRUE(stranger.start());
  test::Town wrong(test::kTownOrigin, test::kTownLogVkey);
  EXPECT_EQ(code_of(stranger.run(wrong.founding().front())), Code::malformed);
  EXPECT_EQ(stranger.writer->head()->checkpoint.size, 0);
}

TEST_F(WriterTest, AnEntryThatFitsNoLeafIsRefusedBeforeItIsWritten) {
  auto& people = town.town;
  auto policy = people.policy;
  policy.version = 2;
  auto line_of = [&] {
    return people.sign(book::PublishPolicy{policy},
                       {&people.admin_a.key, &people.admin_b.key, &people.officer.key, &people.resident.key,
                        &people.sibling.key, &people.newcomer.key, &people.shop.key, &people.other_shop.key});
  };
  auto rule = policy.rules.front();
  for (int i = 0; line_of().payload.size() < 64'700; ++i) {
    rule.id = "rule-" + std::to_string(i);
    policy.rules.push_back(rule);
  }
  const auto before = town.writer->head()->checkpoint.size;
  EXPECT_EQ(code_of(town.run(line_of())), Code::entry_too_large);
  EXPECT_EQ(town.writer->head()->checkpoint.size, before);
  EXPECT_FALSE(store.snapshot()->get<book::PolicyRow>({2}));
}

TEST_F(WriterTest, ASmallStepBackOfTheClockDoesNotShow) {
  ASSERT_TRUE(town.run(town.town.mint(1)));
  town.clock.advance(-10 * kMinuteUs);
  const auto answer = town.run(town.town.mint(1));
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->time_us, kTownStartUs);
}

TEST_F(WriterTest, AClockFarBehindRefusesAllButFirstAnswers) {
  const auto line = town.town.mint(1);
  const auto first = town.run(line);
  town.clock.advance(-16 * kMinuteUs);
  EXPECT_EQ(code_of(town.run(town.town.mint(1))), Code::clock_behind);
  EXPECT_EQ(code_of(town.run(town.town.redeem(town.town.resident, 30))), Code::clock_behind);
  const auto again = town.run(line);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->entry, first->entry);
  const auto size = town.writer->head()->checkpoint.size;
  EXPECT_EQ(size, first->seq + 1);
  town.clock.set(kTownStartUs);
  EXPECT_TRUE(town.run(town.town.mint(1)));
}

TEST_F(WriterTest, AFullInboxIsBusy) {
  town.writer->stop();
  town.limits.inbox_max = 3;
  ASSERT_TRUE(town.start());
  Hold hold(*town.writer);
  std::vector<std::future<Result<Answer>>> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(town.submit(town.town.mint(1)));
  const auto late = town.town.mint(1);
  EXPECT_EQ(code_of(town.submit(late).get()), Code::busy);
  for (int i = 0; i < 3; ++i) town.writer->submit([](sql::Connection&) { return ok(); }, [](Result<void>) {});
  std::optional<Error> work_error;
  town.writer->submit([](sql::Connection&) { return ok(); },
                      [&](Result<void> done) { work_error = done.error(); });
  EXPECT_EQ(work_error.value().code, Code::busy);
  hold.release();
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_FALSE(town.run(late)->known);  // busy had done nothing
}

TEST_F(WriterTest, StopFinishesWhatWaitsAndTakesNothingNew) {
  Hold hold(*town.writer);
  std::vector<std::future<Result<Answer>>> answers;
  for (int i = 0; i < 30; ++i) answers.push_back(town.submit(town.town.mint(1)));
  auto stopped = std::async(std::launch::async, [&] { town.writer->stop(); });
  hold.release();
  stopped.get();
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(code_of(town.submit(town.town.mint(1)).get()), Code::shutting_down);
  EXPECT_EQ(code_of(town.run(town.town.mint(1))), Code::shutting_down);
  town.writer->stop();
}

// Each answer submits the next command, so that the inbox is never empty.
TEST_F(WriterTest, ProgrammeWorkIsServedUnderConstantLoad) {
  constexpr int kRounds = 100;
  const auto line = town.town.mint(1);
  std::atomic<int> rounds{0}, rounds_when_served{-1};
  std::promise<void> finished;
  std::function<void(Result<Answer>)> next = [&](Result<Answer>) {
    if (++rounds == kRounds) return finished.set_value();
    town.writer->submit(town.check(line), {}, next);
  };
  Hold hold(*town.writer);
  town.writer->submit(town.check(line), {}, next);
  town.writer->submit([](sql::Connection&) { return ok(); },
                      [&](Result<void>) { rounds_when_served = rounds.load(); });
  hold.release();
  finished.get_future().wait();
  EXPECT_GE(rounds_when_served, 1);
  EXPECT_LT(rounds_when_served, 20);
}

TEST_F(WriterTest, WaitingOnTheWritersOwnThreadIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        town.writer->submit(
            [&](sql::Connection&) { return town.writer->run([](sql::Connection&) { return ok(); }); },
            [](Result<void>) {});
        town.writer->stop();
      },
      "on_writer_thread");
}

TEST_F(WriterTest, ReadOnlyTakesNothingAndStillShowsItsHead) {
  const auto before = town.writer->head()->note;
  town.writer->stop();
  town.limits.read_only = true;
  ASSERT_TRUE(town.start());
  EXPECT_EQ(code_of(town.run(town.town.mint(1))), Code::read_only);
  EXPECT_EQ(code_of(town.submit(town.town.mint(1)).get()), Code::read_only);
  bool ran = false;
  const auto work = town.writer->run([&](sql::Connection&) { return ran = true, ok(); });
  ASSERT_FALSE(work);
  EXPECT_EQ(work.error().code, Code::read_only);
  EXPECT_FALSE(ran);
  EXPECT_EQ(town.writer->head()->note, before);
  EXPECT_EQ(store.snapshot()->checkpoint(), before);
}

}  // namespace
}  // namespace dfb
