// A store that fails where a test says so, and counts its commits.
#pragma once
#include <atomic>

#include "ledger/store/store.h"

namespace dfb::test {

class FaultyStore final : public store::Store {
 public:
  enum class Fail : int { nowhere, begin, append, put_checkpoint, undo, commit_not_done, commit_done };
  explicit FaultyStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  std::unique_ptr<store::Transaction> begin() override;
  std::unique_ptr<store::View> snapshot() override { return inner_->snapshot(); }

  // The next such call throws sql::Error, once.
  void fail_next(Fail where) { next_ = where; }
  void maybe_fail(Fail here) {
    if (next_ != here) return;
    next_ = Fail::nowhere;
    throw sql::Error("database or disk is full (SQLITE_FULL)");
  }
  std::atomic<int> commits{0};

 private:
  std::unique_ptr<store::Store> inner_;
  std::atomic<Fail> next_{Fail::nowhere};
};

class FaultyTransaction final : public store::Transaction {
 public:
  FaultyTransaction(FaultyStore& store, std::unique_ptr<store::Transaction> inner)
      : store_(store), inner_(std::move(inner)) {}

  std::int64_t size() const override { return inner_->size(); }
  std::vector<std::string> entries(std::int64_t first, std::int64_t count) const override {
    return inner_->entries(first, count);
  }
  std::vector<Hash> leaves(std::int64_t first, std::int64_t count) const override {
    return inner_->leaves(first, count);
  }
  std::optional<std::string> tile(int level, std::int64_t index) const override {
    return inner_->tile(level, index);
  }
  std::string checkpoint() const override { return inner_->checkpoint(); }
  std::vector<store::LogKeyNote> log_key_changes() const override { return inner_->log_key_changes(); }
  std::vector<std::int64_t> entries_of(book::AccountId account, std::int64_t before,
                                       std::int64_t limit) const override {
    return inner_->entries_of(account, before, limit);
  }
  sql::Connection& sql() const override { return inner_->sql(); }

  void append(std::int64_t seq, std::string_view text, const Hash& leaf,
              const std::vector<book::AccountId>& touched) override {
    store_.maybe_fail(FaultyStore::Fail::append);
    inner_->append(seq, text, leaf, touched);
  }
  void put_tile(const log::FullTile& tile) override { inner_->put_tile(tile); }
  void put_checkpoint(std::string_view note) override {
    store_.maybe_fail(FaultyStore::Fail::put_checkpoint);
    inner_->put_checkpoint(note);
  }
  void put_log_key_change(const store::LogKeyNote& change) override { inner_->put_log_key_change(change); }
  void begin_savepoint() override { inner_->begin_savepoint(); }
  void keep_savepoint() override { inner_->keep_savepoint(); }
  void undo_savepoint() override {
    store_.maybe_fail(FaultyStore::Fail::undo);
    inner_->undo_savepoint();
  }
  void commit() override {
    store_.maybe_fail(FaultyStore::Fail::commit_not_done);
    inner_->commit();
    ++store_.commits;
    store_.maybe_fail(FaultyStore::Fail::commit_done);
  }

#define DFB_FORWARD(Row)                                                    \
  std::optional<book::Row> read(const book::Row::Key& key) const override { \
    return inner_->get<book::Row>(key);                                     \
  }                                                                         \
  void put(const book::Row& row) override { inner_->put(row); }
  DFB_BOOK_ROWS(DFB_FORWARD)
#undef DFB_FORWARD

 private:
  FaultyStore& store_;
  std::unique_ptr<store::Transaction> inner_;
};

inline std::unique_ptr<store::Transaction> FaultyStore::begin() {
  maybe_fail(Fail::begin);
  return std::make_unique<FaultyTransaction>(*this, inner_->begin());
}

}  // namespace dfb::test
