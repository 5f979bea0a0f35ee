// Offline sales that a terminal could not tell the town before it was revoked, brought in by the shop's next one.
//
// A phone signs an offline code for the shop, not for one of its terminals. So the next terminal signs the same
// sales with its own key, under their ids, and tells the town; the revoked key signs nothing any more. What the
// former terminal had told and not heard of is found in the shop's own entries, proven, and not taken: it is in
// the ledger. Why nothing is doubled: docs/offline.md. Threads: one.
#pragma once
#include <string>
#include <vector>

#include "terminal/counter/counter.h"

namespace dfb::terminal {

struct TakenOver {
  Unsynced taken;           // now this terminal's to tell
  std::vector<Past> known;  // in the ledger already: done, or refused by an entry
  std::vector<Past> open;   // sales with a line, whose result the former terminal never learned; not taken
  std::string broken;       // where its journal is damaged, and how: of what stands behind nothing is known
};

// From the folder of a terminal of the same shop. Every step can be repeated: what was taken before is passed over.
//   forbidden    the former terminal is still enrolled: it can tell the town itself
//   bad_config   the folder is no terminal's, another shop's, or this one's own
//   busy         a program works in that folder
//   and as the line, own_leaves() and the journal do.
// REQUIRES: the current sale of `counter` is not open.
Result<TakenOver> take_over(Counter& counter, Line& line, const Setup& setup, const Folder& former);

}  // namespace dfb::terminal
