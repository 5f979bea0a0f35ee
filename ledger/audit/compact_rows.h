// The replayed state in little memory: every row packed into bytes. Names of counters and facts, which are
// only ever asked for, are kept as the first 16 bytes of their SHA-256; keys that many rows name, such as
// tills, as numbers. Exact otherwise: what was put is what is read. Beyond the limit the largest table goes
// to a temporary file. What stays in memory beside the limit: 0.1 kB a key that rows name. Everything but
// bytes() throws TempError. Threads: one at a time.
#pragma once
#include <functional>
#include <unordered_map>
#include <vector>

#include "ledger/audit/archive.h"
#include "ledger/audit/spilling_table.h"
#include "ledger/book/columns.h"
#include "ledger/book/rows.h"

namespace dfb::audit {

// Keys by number, in the order in which they came.
class KeyNumbers {
 public:
  std::uint32_t number(const KeyId& key);
  // REQUIRES: knows(number).
  const KeyId& key(std::uint64_t number) const { return keys_[static_cast<std::size_t>(number)]; }
  bool knows(std::uint64_t number) const { return number < keys_.size(); }
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
  explicit CompactRows(const MemoryLimit& limit = {});
  CompactRows(const CompactRows&) = delete;
  CompactRows& operator=(const CompactRows&) = delete;

  template <class Row>
  void put(const Row& row);
  // Calls f(row) for every row, in the order of their keys. Not for counters, facts and tasks.
  template <class Row>
  void each(const std::function<void(const Row&)>& f) const;
  std::size_t bytes() const;  // of rows in memory
  std::size_t runs() const;   // in temporary files

#define DFB_READ(Row) std::optional<book::Row> read(const book::Row::Key& key) const override;
#define DFB_ROW(X) DFB_READ(X)
  DFB_BOOK_ROWS(DFB_ROW)
#undef DFB_ROW
#undef DFB_READ

  void archive(ArchiveWriter& a);
  void archive(ArchiveReader& a);

 private:
  template <class Row>
  struct Table : SpillingTable {
    Table() : SpillingTable(key_bytes_of<Row>()) {}
  };
  template <class Row>
  static std::size_t key_bytes_of();
  template <class Row>
  std::optional<Row> look_up(const typename Row::Key& key) const;
  template <class Row>
  bool restore_row(const std::string& key, const std::string& value);
  void keep_limit();

  std::string folder_;
  std::size_t bytes_max_;
  RunSpace space_;
  book::PerRow<Table> tables_;
  KeyNumbers keys_;
};

}  // namespace dfb::audit
