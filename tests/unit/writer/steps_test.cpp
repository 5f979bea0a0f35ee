// Programme steps and storage errors: what is undone, what stays, and when the writer gives up.
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"
#include "tests/unit/writer/faulty_store.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::FaultyStore;
using test::Hold;
using test::RunningTown;

class WriterSteps : public testing::Test {
 protected:
  void SetUp() override {
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
  }
  std::int64_t notes() { return store.snapshot()->sql().run("SELECT count(*) FROM note").at(0).integer(0); }
  static Step write_note(Result<void> then = ok()) {
    return [then](sql::Connection& sql, std::int64_t seq, TimeUs) {
      sql.run("INSERT INTO note VALUES (?1)", {seq});
      return then;
    };
  }
  // The ledger still takes commands, and what it has is what its checkpoint says.
  void expect_sound() {
    const auto answer = town.run(town.town.mint(1));
    ASSERT_TRUE(answer) << to_string(answer.error());
    town.writer->stop();
    const auto started = town.start();
    EXPECT_TRUE(started) << to_string(started.error());
  }

  test::TempFolder folder;
  FaultyStore store{
      store::open_sqlite(folder.path("ledger.db"), {"CREATE TABLE note (seq INTEGER)"}).value()};
  RunningTown town{store};
};

TEST_F(WriterSteps, AStepCommitsWithItsEntry) {
  const auto answer = town.run(town.town.award(town.town.resident, 10), write_note());
  ASSERT_TRUE(answer);
  EXPECT_EQ(store.snapshot()->sql().run("SELECT seq FROM note").at(0).integer(0), answer->seq);
}

TEST_F(WriterSteps, AStepThatRefusesUndoesBoth) {
  const auto line = town.town.award(town.town.resident, 10);
  const auto before = town.writer->head()->checkpoint.size;
  const auto refused = town.run(line, write_note(fail(Code::rate_limited, "out of stock")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), fail(Code::rate_limited, "out of stock"));
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(town.balance(town.town.resident.account), 0);
  EXPECT_EQ(town.writer->head()->checkpoint.size, before);
  const auto later = town.run(line, write_note());  // the id was not burnt
  ASSERT_TRUE(later) << to_string(later.error());
  EXPECT_FALSE(later->known);
  EXPECT_EQ(town.balance(town.town.resident.account), 10);
}

TEST_F(WriterSteps, AStepThatThrowsUndoesItsCommandAlone) {
  Hold hold(*town.writer);
  auto first = town.submit(town.town.award(town.town.resident, 10), write_note());
  auto storage = town.submit(town.town.award(town.town.resident, 20),
                             [](sql::Connection& sql, auto, auto) -> Result<void> {
                               sql.run("INSERT INTO note VALUES (1)");
                               sql.run("INSERT INTO no_such_table VALUES (1)");
                               return ok();
                             });
  auto bug =
      town.submit(town.town.award(town.town.resident, 30),
                  [](sql::Connection&, auto, auto) -> Result<void> { throw std::logic_error("a bug"); });
  auto last = town.submit(town.town.award(town.town.resident, 40), write_note());
  hold.release();
  const auto one = first.get(), four = last.get();
  ASSERT_TRUE(one && four);
  EXPECT_EQ(four->seq, one->seq + 1);
  EXPECT_EQ(storage.get().error().code, Code::io_error);
  EXPECT_EQ(bug.get().error().code, Code::internal);
  EXPECT_EQ(notes(), 2);
  EXPECT_EQ(town.balance(town.town.resident.account), 50);
  expect_sound();
}

TEST_F(WriterSteps, AStepRunsNeitherForRefusalsNorForKnownCommands) {
  int calls = 0;
  const Step count = [&](sql::Connection&, auto, auto) {
    ++calls;
    return ok();
  };
  const auto line = town.town.redeem(town.town.resident, 30);  // nothing to spend: burnt
  ASSERT_TRUE(town.run(line, count)->refused);
  ASSERT_TRUE(town.run(line, count)->known);
  EXPECT_EQ(calls, 0);
  ASSERT_TRUE(town.run(town.town.award(town.town.resident, 10), count));
  EXPECT_EQ(calls, 1);
}

TEST_F(WriterSteps, ProgrammeWorkCommitsOrVanishes) {
  const auto insert = [](sql::Connection& sql) -> Result<void> {
    sql.run("INSERT INTO note VALUES (7)");
    return ok();
  };
  EXPECT_TRUE(town.writer->run(insert));
  EXPECT_EQ(notes(), 1);
  const auto refused = town.writer->run([&](sql::Connection& sql) -> Result<void> {
    DFB_TRY_VOID(insert(sql));
    return fail(Code::forbidden);
  });
  EXPECT_EQ(refused.error().code, Code::forbidden);
  const auto broken = town.writer->run([&](sql::Connection& sql) -> Result<void> {
    DFB_TRY_VOID(insert(sql));
    sql.run("INSERT INTO no_such_table VALUES (1)");
    return ok();
  });
  EXPECT_EQ(broken.error().code, Code::io_error);
  EXPECT_EQ(notes(), 1);
}

TEST_F(WriterSteps, WorkBeforeTheFirstEntryCommitsWithoutACheckpoint) {
  test::TempFolder other_folder;
  auto empty =
      store::open_sqlite(other_folder.path("ledger.db"), {"CREATE TABLE note (seq INTEGER)"}).value();
  RunningTown early(*empty);
  ASSERT_TRUE(early.start());
  EXPECT_TRUE(early.writer->run([](sql::Connection& sql) -> Result<void> {
    sql.run("INSERT INTO note VALUES (7)");
    return ok();
  }));
  early.writer->stop();
  EXPECT_EQ(empty->snapshot()->checkpoint(), "");
  EXPECT_TRUE(early.start());
  early.found();
}

TEST_F(WriterSteps, AnErrorBeforeTheCommitUndoesTheBatch) {
  for (auto where :
       {FaultyStore::Fail::begin, FaultyStore::Fail::append, FaultyStore::Fail::put_checkpoint}) {
    const auto line = town.town.award(town.town.resident, 10);
    const auto before = town.writer->head()->note;
    const auto balance = town.balance(town.town.resident.account);
    store.fail_next(where);
    const auto lost = town.run(line, write_note());
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Code::io_error);
    EXPECT_NE(lost.error().detail.find("SQLITE_FULL"), std::string::npos) << lost.error().detail;
    EXPECT_EQ(town.writer->head()->note, before);
    EXPECT_EQ(town.balance(town.town.resident.account), balance);
    const auto again = town.run(line, write_note());
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_FALSE(again->known);
  }
  EXPECT_EQ(town.fatal_count, 0);
  EXPECT_EQ(notes(), 3);
  expect_sound();
}

TEST_F(WriterSteps, AnUndoThatFailsLosesTheBatch) {
  Hold hold(*town.writer);
  auto good = town.submit(town.town.award(town.town.resident, 10));
  auto bad = town.submit(town.town.award(town.town.resident, 20), write_note(fail(Code::rate_limited)));
  store.fail_next(FaultyStore::Fail::undo);
  hold.release();
  EXPECT_EQ(good.get().error().code, Code::io_error);
  EXPECT_EQ(bad.get().error().code, Code::io_error);
  EXPECT_EQ(town.balance(town.town.resident.account), 0);
  expect_sound();
}

class WriterFatal : public WriterSteps, public testing::WithParamInterface<FaultyStore::Fail> {};

TEST_P(WriterFatal, ACommitInDoubtEndsTheWriterUnanswered) {
  ASSERT_TRUE(town.run(town.town.award(town.town.resident, 10)));
  const auto before = town.writer->head();
  store.fail_next(GetParam());
  const auto doubtful = town.town.award(town.town.resident, 20);
  auto unanswered = town.submit(doubtful);
  EXPECT_THROW(unanswered.get(), std::future_error);
  town.writer->stop();
  EXPECT_EQ(town.fatal_count, 1);
  EXPECT_NE(town.fatal_why.find("SQLITE_FULL"), std::string::npos);
  EXPECT_EQ(town.writer->head()->checkpoint.size, before->checkpoint.size);
  EXPECT_THROW(town.submit(town.town.mint(1)).get(), std::future_error);
  EXPECT_EQ(town.run(town.town.mint(1)).error().code, Code::internal);
  EXPECT_EQ(town.fatal_count, 1);

  // The next start reads what is there; the client's retry has the command done exactly once.
  ASSERT_TRUE(town.start());
  const auto again = town.run(doubtful);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->known, GetParam() == FaultyStore::Fail::commit_done);
  EXPECT_EQ(town.balance(town.town.resident.account), 30);
}

std::string fault_name(const testing::TestParamInfo<FaultyStore::Fail>& fault) {
  return fault.param == FaultyStore::Fail::commit_done ? "done" : "not_done";
}
INSTANTIATE_TEST_SUITE_P(Commit, WriterFatal,
                         testing::Values(FaultyStore::Fail::commit_not_done, FaultyStore::Fail::commit_done),
                         fault_name);

}  // namespace
}  // namespace dfb
