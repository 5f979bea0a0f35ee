// What start() reads back, and what it refuses to continue.
#include <gtest/gtest.h>

#include "ledger/log/merkle.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::RunningTown;

class Restart : public testing::Test {
 protected:
  void SetUp() override {
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
  }
  void grow(std::int64_t size) {
    std::vector<std::future<Result<Answer>>> answers;
    for (auto n = town.writer->head()->checkpoint.size; n < size; ++n)
      answers.push_back(town.submit(town.town.mint(1)));
    for (auto& answer : answers) ASSERT_TRUE(answer.get());
  }
  Error refused() {
    auto started = town.start();
    EXPECT_FALSE(started);
    return started ? Error{} : started.error();
  }
  void change(const std::function<void(store::Transaction&)>& what) {
    auto transaction = store->begin();
    what(*transaction);
    transaction->commit();
  }

  std::unique_ptr<store::Store> store = store::open_memory();
  RunningTown town{*store};
};

TEST_F(Restart, ReadsTheHeadBackAndGoesOn) {
  for (std::int64_t size : {40, 255, 256, 257, 600}) {
    grow(size);
    const auto before = town.writer->head();
    town.writer->stop();
    ASSERT_TRUE(town.start());
    const auto after = town.writer->head();
    EXPECT_EQ(after->note, before->note);
    EXPECT_EQ(after->checkpoint, before->checkpoint);
    EXPECT_EQ(after->edge.root(), before->edge.root());
    EXPECT_EQ(after->edge.size(), size);
  }
  const auto old = town.writer->head()->checkpoint;
  grow(700);
  const auto head = town.writer->head();
  const auto view = store->snapshot();
  const auto path = store::LogReader(*view, *head).consistency(old.size).value();
  EXPECT_TRUE(
      log::verify_consistency(old.size, old.root, head->checkpoint.size, head->checkpoint.root, path));
}

TEST_F(Restart, AnEmptyStoreHasAnEmptyHead) {
  auto empty = store::open_memory();
  RunningTown other(*empty);
  ASSERT_TRUE(other.start());
  EXPECT_EQ(other.writer->head()->note, "");
  EXPECT_EQ(other.writer->head()->checkpoint.root, log::empty_root());
  EXPECT_EQ(other.writer->head()->checkpoint.origin, test::kTownOrigin);
}

TEST_F(Restart, RefusesAnotherLogKey) {
  town.writer->stop();
  RunningTown other(*store);
  const auto started = other.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::bad_signature);
}

TEST_F(Restart, RefusesAChangedCheckpoint) {
  town.writer->stop();
  auto note = store->snapshot()->checkpoint();
  note[note.find('\n') + 1] ^= 1;  // the size's first digit
  change([&](auto& transaction) { transaction.put_checkpoint(note); });
  EXPECT_EQ(refused().code, Code::bad_signature);
  change([&](auto& transaction) { transaction.put_checkpoint("garbage"); });
  EXPECT_EQ(refused().code, Code::corrupt);
}

TEST_F(Restart, RefusesAnOlderCheckpoint) {
  const auto old = town.writer->head()->note;
  grow(30);
  town.writer->stop();
  change([&](auto& transaction) { transaction.put_checkpoint(old); });
  EXPECT_EQ(refused().code, Code::corrupt);
}

TEST_F(Restart, RefusesAChangedTile) {
  grow(300);
  town.writer->stop();
  auto bytes = store->snapshot()->tile(0, 0).value();
  bytes[4000] ^= 1;
  change([&](auto& transaction) { transaction.put_tile({0, 0, bytes}); });
  EXPECT_EQ(refused().code, Code::corrupt);
  change([&](auto& transaction) { transaction.put_tile({0, 0, bytes.substr(1)}); });
  EXPECT_EQ(refused().code, Code::corrupt);
}

TEST_F(Restart, RefusesAnEntryThatNoCheckpointCovers) {
  town.writer->stop();
  change([](auto& transaction) {
    const std::string text = "slipped in";
    transaction.append(transaction.size(), text, log::leaf_hash(text), {});
  });
  EXPECT_EQ(refused().code, Code::corrupt);
}

TEST_F(Restart, RefusesRowsOfAnotherSize) {
  town.writer->stop();
  change([](auto& transaction) {
    auto row = transaction.template get<book::LedgerRow>({1}).value();
    --row.size;
    transaction.put(row);
  });
  EXPECT_EQ(refused().code, Code::corrupt);
}

// Behind the back of the triggers, as a person with a database tool might.
TEST(RestartSqlite, RefusesAChangedEntry) {
  test::TempFolder folder;
  auto store = store::open_sqlite(folder.path("ledger.db"), {}).value();
  RunningTown town(*store);
  town.start_and_found();
  town.writer->stop();
  {
    auto transaction = store->begin();
    transaction->sql().run("DROP TRIGGER entry_no_update");
    transaction->sql().run(
        "UPDATE entry SET text = CAST(replace(CAST(text AS TEXT), '100000', '900000') AS BLOB)");
    transaction->commit();
  }
  const auto started = town.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::corrupt);
}

TEST(RestartSqlite, KeepsTheHeadOnDisk) {
  test::TempFolder folder;
  const auto log_key = PrivateKey::generate(Algorithm::ed25519);
  std::string note;
  {
    auto store = store::open_sqlite(folder.path("ledger.db"), {}).value();
    RunningTown town(*store, log_key);
    town.start_and_found();
    note = town.writer->head()->note;
  }
  auto store = store::open_sqlite(folder.path("ledger.db"), {}).value();
  RunningTown town(*store, log_key);
  ASSERT_TRUE(town.start());
  EXPECT_EQ(town.writer->head()->note, note);
}

}  // namespace
}  // namespace dfb
