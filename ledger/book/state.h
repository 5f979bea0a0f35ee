// The book's view of the ledger while a batch is applied: rows read through on demand, changes kept in
// memory.
//
// apply() is followed by accept() or drop(); what was accepted is drained by the writer into the store in the
// batch's transaction. One State may serve one batch after the other, as long as nothing else changes the
// rows: after each it is told whether they were written (keep) or not (forget), and where the next ones come
// from (read_from). Threads: one. The source must be there whenever find() is called.
#pragma once
#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_map>

#include "ledger/base/check.h"
#include "ledger/book/row_hash.h"
#include "ledger/book/rows.h"

namespace dfb::book {

class State {
 public:
  // How many rows of one type are kept from one batch to the next: a large town's accounts and keys, some 85 MB
  // of each. Beyond it the type's rows are let go of, and read again as they are asked for.
  static constexpr std::size_t kKeptRows = 150'000;

  explicit State(std::size_t kept_rows = kKeptRows) : kept_rows_(kept_rows) {}
  explicit State(const Rows& source) : State() { read_from(source); }
  void read_from(const Rows& source) { source_ = &source; }

  // Takes over a row of the source before anybody asks for it.
  // REQUIRES: nothing was found or put since keep() or forget().
  template <class Row>
  void know(Row row) {
    auto key = row.key();
    std::get<Table<Row>>(tables_).rows.try_emplace(std::move(key), Slot<Row>{std::move(row)});
  }
  std::size_t kept_rows() const { return kept_rows_; }

  // The row as the current command sees it, or nullptr. Valid until the next put() of the same type.
  template <class Row>
  const Row* find(const typename Row::Key& key) {
    auto& table = std::get<Table<Row>>(tables_);
    if (auto it = table.current.find(key); it != table.current.end()) return &it->second;
    auto it = table.rows.find(key);
    // Read first: a source that throws leaves no row behind.
    if (it == table.rows.end()) it = table.rows.emplace(key, Slot<Row>{source_->get<Row>(key)}).first;
    const auto& row = it->second.row;
    return row ? &*row : nullptr;
  }
  template <class Row>
  void put(Row row) {
    auto key = row.key();
    std::get<Table<Row>>(tables_).current.insert_or_assign(std::move(key), std::move(row));
  }

  // The policy in force at `now_us`: the newest version whose `from_us` is not after it; nullptr before the
  // first.
  const Policy* policy_at(TimeUs now_us);

  void accept();  // the current command's changes become part of the batch
  void drop();    // the current command's changes vanish
  void keep();    // the batch was committed: its changes are what the source has
  void forget();  // it was not: nothing read or accepted is left. Also right when in doubt

  // Calls f(row) for every row that the batch changed, those of one type in the order of their keys.
  template <class F>
  void for_each_change(F&& f) const {
    std::apply([&](const auto&... table) { (table.each(f), ...); }, tables_);
  }

 private:
  // Rows that an entry writes once and hardly anybody asks for again are not kept.
  template <class Row>
  static constexpr bool kIsKept = !(std::is_same_v<Row, CommandRow> || std::is_same_v<Row, SaleRow> ||
                                    std::is_same_v<Row, AwardRow> || std::is_same_v<Row, FactRow>);
  template <class Row>
  struct Slot {
    std::optional<Row> row;
    bool changed = false;
  };
  template <class Row>
  struct Table {
    static constexpr bool kIsKept = State::kIsKept<Row>;
    using Slots = std::unordered_map<typename Row::Key, Slot<Row>, RowHash>;
    Slots rows;  // as the batch has them, read or accepted
    std::vector<typename Slots::pointer> changed;
    std::map<typename Row::Key, Row> current;  // what the current command put
    template <class F>
    void each(F& f) const {
      auto sorted = changed;
      std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->first < b->first; });
      for (const auto* slot : sorted) f(*slot->second.row);
    }
  };
  const Rows* source_ = nullptr;
  std::size_t kept_rows_;
  PerRow<Table> tables_;
  std::map<std::int64_t, std::shared_ptr<const Policy>> parsed_;
};

}  // namespace dfb::book
