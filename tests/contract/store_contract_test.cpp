// What every engine promises (store.h), asked of each in turn.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "ledger/log/merkle.h"
#include "ledger/store/store.h"
#include "tests/support/sample_rows.h"
#include "tests/support/temp_folder.h"

namespace dfb::store {
namespace {

using test::expect_equal;
using test::sample_row;
using Accounts = std::vector<book::AccountId>;

constexpr book::AccountId kAnna{book::kFirstFreeAccount + 1}, kBerta{book::kFirstFreeAccount + 2};

class StoreContract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string_view(GetParam()) == "memory") {
      store_ = open_memory();
    } else {
      auto opened = open_sqlite(folder_.path("ledger.db"), {});
      ASSERT_TRUE(opened) << to_string(opened.error());
      store_ = *std::move(opened);
    }
  }
  static std::string text(std::int64_t seq) {
    return "entry " + std::to_string(seq) + std::string("\n\0\xff", 3);
  }
  static void append(Transaction& transaction, std::int64_t seq, const Accounts& touched = {}) {
    transaction.append(seq, text(seq), log::leaf_hash(text(seq)), touched);
  }
  void fill(std::int64_t count) {
    auto transaction = store_->begin();
    for (auto seq = transaction->size(); seq < count; ++seq) append(*transaction, seq);
    transaction->commit();
  }

  test::TempFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreContract, ANewStoreIsEmpty) {
  auto view = store_->snapshot();
  EXPECT_EQ(view->size(), 0);
  EXPECT_EQ(view->checkpoint(), "");
  EXPECT_TRUE(view->entries(0, 10).empty());
  EXPECT_TRUE(view->leaves(0, 10).empty());
  EXPECT_FALSE(view->tile(0, 0));
  EXPECT_TRUE(view->entries_of(kAnna, 100, 10).empty());
  book::for_each_row_type(
      [&]<class Row>() { EXPECT_FALSE(view->get<Row>(sample_row<Row>().key())) << Row::kTable; });
}

TEST_P(StoreContract, GivesBackEveryFieldOfEveryRow) {
  {
    auto transaction = store_->begin();
    book::for_each_row_type([&]<class Row>() {
      const auto row = sample_row<Row>();
      transaction->put(row);
      auto own = transaction->get<Row>(row.key());
      ASSERT_TRUE(own) << Row::kTable;
      expect_equal(*own, row);
    });
    transaction->commit();
  }
  auto view = store_->snapshot();
  book::for_each_row_type([&]<class Row>() {
    const auto row = sample_row<Row>();
    auto kept = view->get<Row>(row.key());
    ASSERT_TRUE(kept) << Row::kTable;
    expect_equal(*kept, row);
  });
}

TEST_P(StoreContract, APutReplacesTheRowOfItsKey) {
  auto row = sample_row<book::CounterRow>();
  for (std::int64_t value : {1, 2}) {
    auto transaction = store_->begin();
    row.value = value;
    transaction->put(row);
    row.value = value * 10;
    transaction->put(row);
    transaction->commit();
  }
  EXPECT_EQ(store_->snapshot()->get<book::CounterRow>(row.key())->value, 20);
}

TEST_P(StoreContract, ReadsEntriesAndLeavesByRange) {
  fill(5);
  auto transaction = store_->begin();
  append(*transaction, 5);
  EXPECT_EQ(transaction->size(), 6);
  EXPECT_EQ(transaction->entries(4, 9), (std::vector<std::string>{text(4), text(5)}));
  EXPECT_EQ(transaction->entries(1, 2), (std::vector<std::string>{text(1), text(2)}));
  EXPECT_EQ(transaction->leaves(5, 1), std::vector<Hash>{log::leaf_hash(text(5))});
  EXPECT_TRUE(transaction->entries(6, 1).empty());
  EXPECT_TRUE(transaction->entries(0, 0).empty());
}

TEST_P(StoreContract, ListsTheEntriesOfAnAccountNewestFirst) {
  {
    auto transaction = store_->begin();
    append(*transaction, 0, {kAnna});
    append(*transaction, 1, {kAnna, kBerta});
    transaction->commit();
  }
  auto transaction = store_->begin();
  append(*transaction, 2, {kBerta});
  append(*transaction, 3, {kAnna});
  EXPECT_EQ(transaction->entries_of(kAnna, 100, 10), (std::vector<std::int64_t>{3, 1, 0}));
  EXPECT_EQ(transaction->entries_of(kAnna, 3, 1), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(transaction->entries_of(kBerta, 100, 10), (std::vector<std::int64_t>{2, 1}));
}

TEST_P(StoreContract, KeepsTilesAndTheNewestCheckpoint) {
  for (std::string note : {"first\n\n— a b\n", "second\n"}) {
    auto transaction = store_->begin();
    transaction->put_checkpoint(note);
    transaction->put_tile({note == "second\n", 7, std::string(log::kFullTileBytes, note[0])});
    EXPECT_EQ(transaction->checkpoint(), note);
    transaction->commit();
  }
  auto view = store_->snapshot();
  EXPECT_EQ(view->checkpoint(), "second\n");
  EXPECT_EQ(view->tile(0, 7), std::string(log::kFullTileBytes, 'f'));
  EXPECT_EQ(view->tile(1, 7), std::string(log::kFullTileBytes, 's'));
  EXPECT_FALSE(view->tile(1, 8));
}

TEST_P(StoreContract, WithoutCommitNothingStays) {
  fill(1);
  {
    auto transaction = store_->begin();
    append(*transaction, 1, {kAnna});
    transaction->put(sample_row<book::Account>());
    transaction->put_tile({0, 0, std::string(log::kFullTileBytes, 'x')});
    transaction->put_checkpoint("never");
  }
  auto view = store_->snapshot();
  EXPECT_EQ(view->size(), 1);
  EXPECT_FALSE(view->get<book::Account>(sample_row<book::Account>().key()));
  EXPECT_FALSE(view->tile(0, 0));
  EXPECT_EQ(view->checkpoint(), "");
  EXPECT_TRUE(view->entries_of(kAnna, 100, 10).empty());
}

TEST_P(StoreContract, ASavepointUndoesItsPartAlone) {
  auto transaction = store_->begin();
  append(*transaction, 0);
  transaction->begin_savepoint();
  append(*transaction, 1, {kAnna});
  transaction->put(sample_row<book::FactRow>());
  transaction->undo_savepoint();
  transaction->begin_savepoint();
  transaction->put(sample_row<book::CounterRow>());
  transaction->keep_savepoint();
  append(*transaction, 1, {kBerta});
  transaction->commit();
  transaction.reset();
  auto view = store_->snapshot();
  EXPECT_EQ(view->size(), 2);
  EXPECT_FALSE(view->get<book::FactRow>(sample_row<book::FactRow>().key()));
  EXPECT_TRUE(view->get<book::CounterRow>(sample_row<book::CounterRow>().key()));
  EXPECT_TRUE(view->entries_of(kAnna, 100, 10).empty());
}

TEST_P(StoreContract, ASnapshotStandsStillWhileOthersCommit) {
  fill(2);
  auto before = store_->snapshot();
  auto transaction = store_->begin();
  append(*transaction, 2, {kAnna});
  transaction->put(sample_row<book::Account>());
  transaction->put_checkpoint("new");
  auto meanwhile = store_->snapshot();
  transaction->commit();
  transaction.reset();
  for (const auto* view : {before.get(), meanwhile.get()}) {
    EXPECT_EQ(view->size(), 2);
    EXPECT_EQ(view->entries(0, 9).size(), 2u);
    EXPECT_FALSE(view->get<book::Account>(sample_row<book::Account>().key()));
    EXPECT_EQ(view->checkpoint(), "");
    EXPECT_TRUE(view->entries_of(kAnna, 100, 10).empty());
  }
  EXPECT_EQ(store_->snapshot()->size(), 3);
}

TEST_P(StoreContract, TheSecondTransactionWaitsForTheFirst) {
  auto first = store_->begin();
  append(*first, 0);
  auto second = std::async(std::launch::async, [&] {
    auto transaction = store_->begin();
    append(*transaction, 1);
    transaction->commit();
  });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  first->commit();
  first.reset();
  second.get();
  EXPECT_EQ(store_->snapshot()->size(), 2);
}

TEST_P(StoreContract, ReadersAndTheWriterMeetWithoutHarm) {
  constexpr std::int64_t kEntries = 200;
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!done) {
        auto view = store_->snapshot();
        const auto size = view->size();
        auto counter = view->get<book::CounterRow>({"entries"});
        EXPECT_EQ(size, counter ? counter->value : 0);
        EXPECT_EQ(std::ssize(view->entries(0, kEntries)), size);
      }
    });
  for (std::int64_t seq = 0; seq < kEntries; ++seq) {
    auto transaction = store_->begin();
    append(*transaction, seq);
    transaction->put(book::CounterRow{"entries", seq + 1});
    transaction->commit();
  }
  done = true;
  for (auto& reader : readers) reader.join();
}

TEST_P(StoreContract, NumbersWithGapsAreABug) {
  auto transaction = store_->begin();
  EXPECT_DEATH(append(*transaction, 1), "seq == size");
}

std::string engine_name(const testing::TestParamInfo<const char*>& engine) { return engine.param; }

INSTANTIATE_TEST_SUITE_P(Engines, StoreContract, testing::Values("memory", "sqlite"), engine_name);

}  // namespace
}  // namespace dfb::store
