// The shop's own entries, fetched from the town and proven to stand in its log.
//
// What the town leaves out cannot be seen from the entries alone; the report compares them with the till's own
// journal and its Z reports. Threads: one.
#pragma once
#include <functional>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "terminal/counter.h"

namespace dfb::terminal {

struct Leaf {
  std::int64_t seq = 0;
  TimeUs time_us = 0;
  book::Payload payload;
  book::Outcome outcome;
};

struct Leaves {
  std::vector<Leaf> leaves;  // oldest first
  log::Checkpoint under;     // proven to continue all that this till has seen
};

// Entries of [from_us, until_us), and older ones as far as a cancel in that time undid them. `progress` is
// told how many were read. Fails as the line does; malformed, bad_path, wrong_entry, inconsistent when what
// came is not what the log holds.
Result<Leaves> own_leaves(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us,
                          const std::function<void(std::size_t)>& progress);

}  // namespace dfb::terminal
