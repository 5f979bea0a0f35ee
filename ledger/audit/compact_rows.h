// The replayed state in little memory: every row packed into bytes. Names of counters and facts, which are
// only ever asked for, are kept as the first 16 bytes of their SHA-256; keys that many rows name, such as
// tills, as numbers. Exact otherwise: what was put is what is read.
// Threads: reading by many at once, or one that writes.
#pragma once
#include <functional>
#include <unordered_map>
#include <vector>

#include "ledger/audit/archive.h"
#include "ledger/audit/packed_table.h"
#include "ledger/book/columns.h"
#include "ledger/book/rows.h"

namespace dfb::audit {

// Keys by number, in the order in which they came.
class KeyNumbers {
 public:
  std::uint32_t number(const KeyId& key);
  const KeyId& key(std::uint64_t number) const { return keys_.at(static_cast<std::size_t>(number)); }
  template <class Archive>
  void archive(Archive& a) {
    std::vector<KeyId> keys = keys_;
    a(keys);
    if constexpr (Archive::kReads) {
      keys_.clear(), numbers_.clear();
      for (const KeyId& key : keys) number(key);
    }
  }

 private:
  std::vector<KeyId> keys_;
  std::unordered_map<KeyId, std::uint32_t, HashOfHash> numbers_;
};

class CompactRows final : public book::Rows {
 public:
  template <class Row>
  void put(const Row& row);
  // Calls f(row) for every row, in no order. Not for counters and facts.
  template <class Row>
  void each(const std::function<void(const Row&)>& f) const;
  std::size_t bytes() const;

#define DFB_READ(Row) std::optional<book::Row> read(const book::Row::Key& key) const override;
#define DFB_ROW(X) DFB_READ(X)
  DFB_BOOK_ROWS(DFB_ROW)
#undef DFB_ROW
#undef DFB_READ

  void archive(ArchiveWriter& a);
  void archive(ArchiveReader& a);

 private:
  template <class Row>
  struct Table : PackedTable {};
  template <class Row>
  std::optional<Row> look_up(const typename Row::Key& key) const;
  book::PerRow<Table> tables_;
  KeyNumbers keys_;
};

}  // namespace dfb::audit
