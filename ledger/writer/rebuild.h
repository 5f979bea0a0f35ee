// Everything in a store but its entries, made again from the entries: for repair, for a change of engine, and
// for the test that nothing else holds anything that counts.
#pragma once
#include "ledger/store/sqlite_file.h"
#include "ledger/store/store.h"

namespace dfb {

// Replays every entry of `from` into `to`: signatures, rules, outcome, tree. The checkpoint and those that
// prove changes of the log's key are carried over; the checkpoint must state the same size and root. corrupt,
// naming the entry, for what does not follow from the entries before it; engine errors throw. After a failure
// `to` is of no use. REQUIRES: `to` is empty; nobody writes to either. `progress` counts entries.
Result<void> rebuild(
    store::Store& from, store::Store& to,
    const store::Progress& progress = [](std::int64_t, std::int64_t) {});

// Fills the book's tables where a change of their columns has left them empty (store.h); does nothing to
// tables that are filled. One transaction: a crash leaves them empty, and the next start fills them. Fails
// and throws as rebuild(). REQUIRES: nobody else writes.
Result<void> replay_rows(
    store::Store& store, const store::Progress& progress = [](std::int64_t, std::int64_t) {});

}  // namespace dfb
