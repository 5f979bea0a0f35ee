// The signatures of a chunk of entries, checked on several threads: what costs the most in an audit.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/key_directory.h"
#include "ledger/log/entry_text.h"

namespace dfb::audit {

struct CheckedEntry {
  log::EntryText text;
  std::optional<Result<check::CheckedCommand>> command;  // set by check_signatures()
};

// Fills in every entry's `command` through check::check(). Returns when all are done.
void check_signatures(std::vector<CheckedEntry>& entries, const KeyDirectory& keys, const std::string& origin,
                      unsigned threads);

}  // namespace dfb::audit
