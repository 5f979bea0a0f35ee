// What an operator does with the ledger's file: back it up, restore it, check it, make its tables again.
// docs/operating.md says when. Each prints its result on standard output and its progress on standard error.
#pragma once
#include <string>

#include "api/server/config.h"

namespace dfb::server {

// One committed moment of the ledger into a new file, also while the server runs. The copy is opened and its
// head verified before it gets its name.
Result<void> backup(const Config& config, const std::string& to, bool force);

// Puts a backup where the configuration wants the ledger. REQUIRES of the operator: nothing lies there. The
// server answers reads only until confirm_restored() (confirm.h) lets it go on.
Result<void> restore(const Config& config, const std::string& from);

// Reads every page. Also while the server runs.
Result<void> check(const Config& config);

// A new file from the entries of the old one alone, and its programme tables. The server must be stopped.
Result<void> rebuild(const Config& config, const std::string& to);

}  // namespace dfb::server
