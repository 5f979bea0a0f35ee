// Rows in ordered maps: what the auditor replays into, what the memory store keeps, what tests look at.
// Threads: as a std::map.
#pragma once
#include "ledger/book/rows.h"

namespace dfb::book {

class MemoryRows : public Rows {
 public:
  template <class Row>
  using Map = std::map<typename Row::Key, Row>;
  template <class Row>
  const Map<Row>& all() const {
    return std::get<Map<Row>>(tables_);
  }
  template <class Row>
  void put(Row row) {
    auto key = row.key();
    std::get<Map<Row>>(tables_).insert_or_assign(std::move(key), std::move(row));
  }

#define DFB_READ(Row) \
  std::optional<Row> read(const Row::Key& key) const override { return look_up<Row>(key); }
  DFB_BOOK_ROWS(DFB_READ)
#undef DFB_READ

 private:
  template <class Row>
  std::optional<Row> look_up(const typename Row::Key& key) const {
    const auto& map = all<Row>();
    auto it = map.find(key);
    return it == map.end() ? std::nullopt : std::optional<Row>(it->second);
  }
  PerRow<Map> tables_;
};

}  // namespace dfb::book
