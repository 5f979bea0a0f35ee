// A table of byte strings by keys of one size that need not fit into memory: recent rows stand in a packed
// table, and what is spilled in sorted runs. A row that is put again hides the older one; runs of like size
// are merged, four into one. Whatever touches the disk throws TempError. Threads: one at a time.
#pragma once
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "ledger/audit/packed_table.h"
#include "ledger/audit/sorted_run.h"

namespace dfb::audit {

class SpillingTable {
 public:
  using Record = PackedTable::Record;
  explicit SpillingTable(std::size_t key_bytes) : key_bytes_(key_bytes), recent_(key_bytes) {}

  void put(std::string_view key, std::string_view value) { recent_.put(key, hash_of_key(key), value); }
  // The value, valid until the next call; or no data().
  std::string_view find(std::string_view key) const;
  // Calls f(record) for every record, in the order of the keys.
  void each(const std::function<void(const Record&)>& f) const;
  // Moves the recent rows out of memory. `space` outlives the table.
  void spill(RunSpace& space);

  std::size_t key_bytes() const { return key_bytes_; }
  std::size_t bytes() const { return recent_.bytes(); }  // of memory, filters and blocks apart
  std::size_t runs() const { return runs_.size(); }
  std::int64_t blocks_read() const;  // by find(), of the runs that there are

 private:
  struct Run {
    std::unique_ptr<SortedRun> rows;
    int merges = 0;  // how often its rows were merged
  };
  void merge(RunSpace& space);

  std::size_t key_bytes_;
  PackedTable recent_;
  std::vector<Run> runs_;  // the newest last
};

}  // namespace dfb::audit
