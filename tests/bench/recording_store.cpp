#include "tests/bench/recording_store.h"

#include "ledger/store/schema.h"

namespace dfb::bench {
namespace {

using sql::Bytes;

std::int64_t bytes_of(const sql::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return std::ssize(*text);
  if (const auto* bytes = std::get_if<Bytes>(&value)) return std::ssize(bytes->data);
  return 8;
}

class RecordingTransaction final : public store::Transaction {
 public:
  RecordingTransaction(std::unique_ptr<store::Transaction> inner, Recorded& into)
      : inner_(std::move(inner)), into_(into) {}

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
    static const std::string entry = "INSERT INTO entry (seq, text, leaf) VALUES (?1, ?2, ?3)";
    static const std::string account = "INSERT INTO entry_account (account, seq) VALUES (?1, ?2)";
    writes_.push_back({&entry, {seq, Bytes{std::string(text)}, Bytes{std::string(leaf.view())}}});
    for (const auto& id : touched) writes_.push_back({&account, {to_string(id), seq}});
    inner_->append(seq, text, leaf, touched);
  }
  void put_tile(const log::FullTile& tile) override {
    static const std::string statement = "INSERT INTO tile (level, idx, bytes) VALUES (?1, ?2, ?3)";
    writes_.push_back({&statement, {std::int64_t{tile.level}, tile.index, Bytes{tile.bytes}}});
    inner_->put_tile(tile);
  }
  void put_checkpoint(std::string_view note) override {
    static const std::string statement = "REPLACE INTO checkpoint (one, note) VALUES (1, ?1)";
    writes_.push_back({&statement, {std::string(note)}});
    inner_->put_checkpoint(note);
  }
  void put_log_key_change(const store::LogKeyNote& change) override { inner_->put_log_key_change(change); }
  void begin_savepoint() override { inner_->begin_savepoint(); }
  void keep_savepoint() override { inner_->keep_savepoint(); }
  void undo_savepoint() override { inner_->undo_savepoint(); }
  void commit() override {
    inner_->commit();
    into_.batches.push_back(std::move(writes_));
  }

#define DFB_FORWARD(Row)                                                    \
  std::optional<book::Row> read(const book::Row::Key& key) const override { \
    return inner_->get<book::Row>(key);                                     \
  }                                                                         \
  void put(const book::Row& row) override { put_row(row); }
  DFB_BOOK_ROWS(DFB_FORWARD)
#undef DFB_FORWARD

 private:
  template <class Row>
  void put_row(const Row& row) {
    static const std::string statement = store::replace_statement<Row>();
    writes_.push_back({&statement, store::values_of(row)});
    inner_->put(row);
  }

  std::unique_ptr<store::Transaction> inner_;
  Recorded& into_;
  std::vector<Write> writes_;
};

class RecordingStore final : public store::Store {
 public:
  RecordingStore(store::Store& inner, Recorded& into) : inner_(inner), into_(into) {}
  std::unique_ptr<store::Transaction> begin() override {
    return std::make_unique<RecordingTransaction>(inner_.begin(), into_);
  }
  std::unique_ptr<store::View> snapshot() override { return inner_.snapshot(); }

 private:
  store::Store& inner_;
  Recorded& into_;
};

}  // namespace

std::int64_t Recorded::rows() const {
  std::int64_t count = 0;
  for (const auto& batch : batches) count += std::ssize(batch);
  return count;
}

std::int64_t Recorded::bytes() const {
  std::int64_t count = 0;
  for (const auto& batch : batches)
    for (const auto& write : batch)
      for (const auto& value : write.values) count += bytes_of(value);
  return count;
}

std::unique_ptr<store::Store> record(store::Store& inner, Recorded& into) {
  return std::make_unique<RecordingStore>(inner, into);
}

}  // namespace dfb::bench
