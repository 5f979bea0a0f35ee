// What an operator does with the ledger's file: back it up, restore it, check it, make its tables again.
// docs/operating.md says when. Each prints its result on standard output and its progress on standard error.
#pragma once
#include <string>
#include <vector>

#include "api/server/config.h"
#include "ledger/log/note.h"
#include "ledger/store/store.h"

namespace dfb::server {

// One committed moment of the ledger into a new file, also while the server runs. The copy is opened and its
// head verified before it gets its name.
Result<void> backup(const Config& config, const std::string& to, bool force);

// Puts a backup where the configuration wants the ledger. REQUIRES of the operator: nothing lies there. The
// server answers reads only until confirm_restored() lets it go on.
Result<void> restore(const Config& config, const std::string& from);

// Reads every page. Also while the server runs.
Result<void> check(const Config& config);

// A new file from the entries of the old one alone, and its programme tables. The server must be stopped.
Result<void> rebuild(const Config& config, const std::string& to);

// What somebody outside has seen of a log that was restored.
struct Evidence {
  std::int64_t confirmed_size = -1;  // what the operator takes the restored head to be
  std::vector<std::string> seen;     // files with checkpoint notes
};
// Lets a restored ledger be written again, for good: the operator names its size, and every checkpoint that
// was seen is signed by this log, not larger, and of the same history, proven from our own tiles. Otherwise
// `inconsistent`, bad_signature or bad_config, with what to do; nothing has changed then. REQUIRES: the
// ledger is marked as restored.
Result<void> confirm_restored(store::Store& store, const log::Vkey& log, const Evidence& evidence);

}  // namespace dfb::server
