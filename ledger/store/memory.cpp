// The memory engine: committed data that snapshots share, and a transaction's changes laid over it until
// commit.
#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/book/memory_rows.h"
#include "ledger/store/store.h"

namespace dfb::store {
namespace {

// All that a store holds, or (as a transaction's changes) what is to be added to it.
struct Data {
  book::MemoryRows rows;
  std::vector<std::string> texts;
  std::vector<Hash> leaves;
  std::map<book::AccountId, std::vector<std::int64_t>> touched;
  std::map<std::pair<int, std::int64_t>, std::string> tiles;
  std::string checkpoint;
  std::map<std::int64_t, std::string> log_keys;

  void add(const Data& changes) {
    book::for_each_row_type([&]<class Row>() {
      for (const auto& [key, row] : changes.rows.all<Row>()) rows.put(row);
    });
    texts.insert(texts.end(), changes.texts.begin(), changes.texts.end());
    leaves.insert(leaves.end(), changes.leaves.begin(), changes.leaves.end());
    for (const auto& [account, numbers] : changes.touched) {
      auto& all = touched[account];
      all.insert(all.end(), numbers.begin(), numbers.end());
    }
    for (const auto& [place, bytes] : changes.tiles) tiles[place] = bytes;
    if (!changes.checkpoint.empty()) checkpoint = changes.checkpoint;
    for (const auto& [seq, note] : changes.log_keys) log_keys[seq] = note;
  }
};

// Newer data lies over older; a snapshot's upper half is empty.
template <class Base>
class MemoryReads : public Base {
 public:
  explicit MemoryReads(std::shared_ptr<const Data> below) : below_(std::move(below)) {}

  std::int64_t size() const override { return std::ssize(below_->texts) + std::ssize(above_.texts); }
  std::vector<std::string> entries(std::int64_t first, std::int64_t count) const override {
    return cut(below_->texts, above_.texts, first, count);
  }
  std::vector<Hash> leaves(std::int64_t first, std::int64_t count) const override {
    return cut(below_->leaves, above_.leaves, first, count);
  }
  std::optional<std::string> tile(int level, std::int64_t index) const override {
    for (const Data* data : {&above_, &std::as_const(*below_)})
      if (auto it = data->tiles.find({level, index}); it != data->tiles.end()) return it->second;
    return std::nullopt;
  }
  std::string checkpoint() const override {
    return above_.checkpoint.empty() ? below_->checkpoint : above_.checkpoint;
  }
  std::vector<LogKeyNote> log_key_changes() const override {
    auto all = below_->log_keys;
    for (const auto& [seq, note] : above_.log_keys) all[seq] = note;
    std::vector<LogKeyNote> out;
    for (const auto& [seq, note] : all) out.push_back({seq, note});
    return out;
  }
  std::vector<std::int64_t> entries_of(book::AccountId account, std::int64_t before,
                                       std::int64_t limit) const override {
    std::vector<std::int64_t> numbers;
    for (const Data* data : {&above_, &std::as_const(*below_)}) {
      auto it = data->touched.find(account);
      if (it == data->touched.end()) continue;
      for (auto number = it->second.rbegin(); number != it->second.rend(); ++number)
        if (*number < before && std::ssize(numbers) < limit) numbers.push_back(*number);
    }
    return numbers;
  }
  sql::Connection& sql() const override { throw sql::Error("the memory store has no programme tables"); }

#define DFB_READ(Row)                                                       \
  std::optional<book::Row> read(const book::Row::Key& key) const override { \
    auto row = above_.rows.get<book::Row>(key);                             \
    return row ? std::move(row) : below_->rows.get<book::Row>(key);         \
  }
  DFB_BOOK_ROWS(DFB_READ)
#undef DFB_READ

 protected:
  template <class T>
  static std::vector<T> cut(const std::vector<T>& below, const std::vector<T>& above, std::int64_t first,
                            std::int64_t count) {
    const std::int64_t end = std::ssize(below) + std::ssize(above);
    std::vector<T> out;
    for (auto i = std::max<std::int64_t>(first, 0); i < end && std::ssize(out) < count; ++i)
      out.push_back(i < std::ssize(below) ? below[static_cast<std::size_t>(i)]
                                          : above[static_cast<std::size_t>(i - std::ssize(below))]);
    return out;
  }

  std::shared_ptr<const Data> below_;
  Data above_;
};

class MemoryStore;

class MemoryView final : public MemoryReads<View> {
 public:
  MemoryView(MemoryStore& store, std::shared_ptr<const Data> data)
      : MemoryReads(std::move(data)), store_(store) {}
  ~MemoryView() override;

 private:
  MemoryStore& store_;
};

class MemoryTransaction final : public MemoryReads<Transaction> {
 public:
  MemoryTransaction(MemoryStore& store, std::unique_lock<std::mutex> turn, std::shared_ptr<const Data> data)
      : MemoryReads(std::move(data)), store_(store), turn_(std::move(turn)) {}
  ~MemoryTransaction() override;

  void append(std::int64_t seq, std::string_view text, const Hash& leaf,
              const std::vector<book::AccountId>& touched) override {
    DFB_CHECK(seq == size());
    above_.texts.emplace_back(text);
    above_.leaves.push_back(leaf);
    for (const auto& account : touched) above_.touched[account].push_back(seq);
  }

  void put_tile(const log::FullTile& tile) override { above_.tiles[{tile.level, tile.index}] = tile.bytes; }
  void put_checkpoint(std::string_view note) override { above_.checkpoint = note; }
  void put_log_key_change(const LogKeyNote& change) override { above_.log_keys[change.seq] = change.note; }

  void begin_savepoint() override {
    DFB_CHECK(!saved_);
    saved_ = above_;
  }
  void keep_savepoint() override {
    DFB_CHECK(saved_);
    saved_.reset();
  }
  void undo_savepoint() override {
    DFB_CHECK(saved_);
    above_ = *std::exchange(saved_, std::nullopt);
  }
  void commit() override;

#define DFB_PUT(Row) \
  void put(const book::Row& row) override { above_.rows.put(row); }
  DFB_BOOK_ROWS(DFB_PUT)
#undef DFB_PUT

 private:
  MemoryStore& store_;
  std::unique_lock<std::mutex> turn_;
  std::optional<Data> saved_;
};

class MemoryStore final : public Store {
 public:
  std::unique_ptr<Transaction> begin() override {
    std::unique_lock turn(writing_mutex_);
    return std::make_unique<MemoryTransaction>(*this, std::move(turn), committed());
  }
  std::unique_ptr<View> snapshot() override { return std::make_unique<MemoryView>(*this, committed()); }

  // Readers hand their share back under the mutex, so that a sole owner may change the data in place.
  void release(std::shared_ptr<const Data>& data) {
    const std::lock_guard guard(mutex_);
    data.reset();
  }
  void commit(std::shared_ptr<const Data>& below, const Data& changes) {
    const std::lock_guard guard(mutex_);
    below.reset();
    if (data_.use_count() > 1) data_ = std::make_shared<Data>(*data_);
    data_->add(changes);
    below = data_;
  }

 private:
  std::shared_ptr<const Data> committed() {
    const std::lock_guard guard(mutex_);
    return data_;
  }

  std::mutex writing_mutex_;
  std::mutex mutex_;
  std::shared_ptr<Data> data_ = std::make_shared<Data>();
};

MemoryView::~MemoryView() { store_.release(below_); }
MemoryTransaction::~MemoryTransaction() { store_.release(below_); }

void MemoryTransaction::commit() {
  DFB_CHECK(!saved_);
  store_.commit(below_, above_);
  above_ = Data();
}

}  // namespace

std::unique_ptr<Store> open_memory() { return std::make_unique<MemoryStore>(); }

}  // namespace dfb::store
