// Everything in a store but its entries, made again from the entries: for repair, for a change of engine, and
// for the test that nothing else holds anything that counts.
#pragma once
#include "ledger/store/store.h"

namespace dfb {

// Replays every entry of `from` into `to`: signatures, rules, outcome, tree. The checkpoint is carried over
// and must state the same size and root. corrupt, naming the entry, for what does not follow from the entries
// before it; engine errors throw. After a failure `to` is of no use. REQUIRES: `to` is empty; nobody writes
// to either.
Result<void> rebuild(store::Store& from, store::Store& to);

}  // namespace dfb
