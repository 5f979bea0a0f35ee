// A store that writes down every row that a writer puts into it, batch by batch: what bare SQLite is then
// given to write. Threads: as the store inside; the record is read when the writer has stopped.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "ledger/store/sql.h"
#include "ledger/store/store.h"

namespace dfb::bench {

struct Write {
  const std::string* statement;  // one of few texts
  std::vector<sql::Value> values;
};
struct Recorded {
  std::vector<std::vector<Write>> batches;  // one a commit
  std::int64_t rows() const;
  std::int64_t bytes() const;  // of all values; an integer counts 8
};

std::unique_ptr<store::Store> record(store::Store& inner, Recorded& into);

}  // namespace dfb::bench
