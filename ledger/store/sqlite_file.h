// A ledger's database file as a whole: copied while others write to it, checked, and marked as restored.
//
// Nothing here takes the ledger's lock. Errors: io_error, corrupt, busy, with what to do; a copy that failed
// leaves nothing behind. Threads: any.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "ledger/base/clock.h"
#include "ledger/store/store.h"

namespace dfb::store {

// How far; the unit is the caller's (pages, bytes, entries). Called often.
using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

// One committed moment of `from`, also while another process writes to it, into the new file `to` (mode
// 0600). What is committed meanwhile is not in it. The write-ahead log of `from` can not be cut before the
// copy is done.
Result<void> copy_online(const std::string& from, const std::string& to, const Progress& progress);
// Byte for byte, for files that nobody has open. corrupt when `from` has a write-ahead log beside it.
Result<void> copy_closed(const std::string& from, const std::string& to, const Progress& progress);
// Gives a finished copy its name: durable before it returns. io_error when `to` is there already, unless
// `replace`.
Result<void> put_in_place(const std::string& copy, const std::string& to, bool replace);
// Reads every page; takes as long as reading the file does. corrupt.
Result<void> check_pages(const std::string& path);
// Every table that entries do not give: the programme's, and the mark below. Both files have the same schema.
Result<void> carry_over(const std::string& from, const std::string& to);

// Set by a restore: entries that were acknowledged after the backup may be missing here, and a checkpoint of
// a larger size may be known outside.
struct Restored {
  std::int64_t size = 0;  // entries in the backup
  TimeUs at_us = 0;
  friend bool operator==(const Restored&, const Restored&) = default;
};
std::optional<Restored> restored(const View& view);
void mark_restored(Transaction& transaction, const Restored& mark);
void clear_restored(Transaction& transaction);

}  // namespace dfb::store
