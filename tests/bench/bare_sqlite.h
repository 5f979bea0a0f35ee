// SQLite alone, by its C interface: the rows that a writer wrote, in the same batches, as durable. The
// denominator of "writer alone".
#pragma once
#include <string>

#include "tests/bench/recording_store.h"

namespace dfb::bench {

// Seconds from the first row to the last commit. The file is a copy of the ledger before those rows; its
// triggers are taken out first, since they are this program's and not SQLite's.
double write_bare(const std::string& path, const Recorded& recorded);

// What the process has asked the disk to make durable so far: fsync and fdatasync, which this program counts
// on their way to the kernel.
std::int64_t sync_count();

}  // namespace dfb::bench
