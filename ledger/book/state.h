// The book's view of the ledger while a batch is applied: rows read through on demand, changes kept in
// memory.
//
// apply() works inside begin() … accept() or drop(); what was accepted is drained by the writer into the
// store in the batch's transaction, or thrown away with it. Threads: one. The source must outlive the State.
#pragma once
#include <map>
#include <memory>
#include <tuple>

#include "ledger/base/check.h"
#include "ledger/book/rows.h"

namespace dfb::book {

class State {
 public:
  explicit State(const Rows& source) : source_(source) {}

  // The row as the current command sees it, or nullptr. Valid until the next put() of the same type.
  template <class Row>
  const Row* find(const typename Row::Key& key) {
    auto& table = std::get<Table<Row>>(tables_);
    if (auto it = table.current.find(key); it != table.current.end()) return &it->second;
    if (auto it = table.accepted.find(key); it != table.accepted.end()) return &it->second;
    auto [it, fresh] = table.read.try_emplace(key);
    if (fresh) it->second = source_.get<Row>(key);
    return it->second ? &*it->second : nullptr;
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

  // Calls f(row) for every row that the batch changed.
  template <class F>
  void for_each_change(F&& f) const {
    std::apply([&](const auto&... table) { (table.each(f), ...); }, tables_);
  }

 private:
  template <class Row>
  struct Table {
    std::map<typename Row::Key, std::optional<Row>> read;  // as the source has it
    std::map<typename Row::Key, Row> accepted, current;
    template <class F>
    void each(F& f) const {
      for (const auto& [key, row] : accepted) f(row);
    }
  };
  const Rows& source_;
  PerRow<Table> tables_;
  std::map<std::int64_t, std::shared_ptr<const Policy>> parsed_;
};

}  // namespace dfb::book
