// Where the ledger lives: begin the one write transaction, or take a snapshot to read. Nothing else.
//
// One transaction covers entries, the book's rows, full tiles, the checkpoint and the programme's rows, so
// that a check-in and its points commit together. Entries can be added, never changed or removed (engines
// refuse it too). Everything here but entries, tiles included, can be rebuilt from entries.
//
// Errors of the engine throw sql::Error (sql.h). Threads: Store is for all threads; a View or Transaction for
// one at a time. Views and transactions must be gone before their Store.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/book/rows.h"
#include "ledger/book/state.h"
#include "ledger/log/edge.h"
#include "ledger/store/sql.h"

namespace dfb::store {

// Where a `log_key` entry stands, and the checkpoint that its commit signed: the one that the key before it
// and the key that it names have both signed, so that whoever trusts the one learns the other
// (docs/formats.md#log).
struct LogKeyNote {
  std::int64_t seq = 0;
  std::string note;
  friend bool operator==(const LogKeyNote&, const LogKeyNote&) = default;
};

// A consistent picture of what was committed when it was taken (a Transaction: of its own writes too).
class View : public book::Rows {
 public:
  virtual std::int64_t size() const = 0;  // entries
  // The entries' texts from `first` on, at most `count`; fewer at the end.
  virtual std::vector<std::string> entries(std::int64_t first, std::int64_t count) const = 0;
  virtual std::vector<Hash> leaves(std::int64_t first, std::int64_t count) const = 0;  // their leaf hashes
  virtual std::optional<std::string> tile(int level, std::int64_t index) const = 0;    // full tiles only
  virtual std::string checkpoint() const = 0;  // the newest signed note; empty before the first commit
  virtual std::vector<LogKeyNote> log_key_changes() const = 0;  // in their order
  // Numbers of the entries that touch an account, below `before`, newest first, at most `limit`.
  virtual std::vector<std::int64_t> entries_of(book::AccountId account, std::int64_t before,
                                               std::int64_t limit) const = 0;
  // Gives `state` the accounts and signing keys, half of what it keeps at most; an engine that finds a single row
  // as fast may leave it at that.
  virtual void read_ahead(book::State& state) const { (void)state; }
  // The programme's tables. REQUIRES: an engine that has them (the memory store has none).
  virtual sql::Connection& sql() const = 0;
};

class Transaction : public View {
 public:
  // `touched`: whose statements show it. REQUIRES: seq == size().
  virtual void append(std::int64_t seq, std::string_view text, const Hash& leaf,
                      const std::vector<book::AccountId>& touched) = 0;
#define DFB_PUT(Row) virtual void put(const book::Row& row) = 0;
  DFB_BOOK_ROWS(DFB_PUT)
#undef DFB_PUT
  virtual void put_tile(const log::FullTile& tile) = 0;
  virtual void put_checkpoint(std::string_view note) = 0;
  virtual void put_log_key_change(const LogKeyNote& change) = 0;
  // Savepoints do not nest: begin, then exactly one of keep or undo.
  virtual void begin_savepoint() = 0;
  virtual void keep_savepoint() = 0;
  virtual void undo_savepoint() = 0;
  // Durable when it returns. When it throws, whether it happened is unknown: stop the process, and let the
  // next start read what is there. Without commit() the destructor rolls back.
  virtual void commit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual std::unique_ptr<Transaction> begin() = 0;  // waits for the one before
  virtual std::unique_ptr<View> snapshot() = 0;
};

// For tests and replays: everything in ordered maps, nothing on disk, no programme tables.
std::unique_ptr<Store> open_memory();

// SQLite, WAL, synchronous=FULL. `migrations` are the programme's schema, one text of statements a version,
// applied in order and remembered. A file of an older version is brought forward; where the book's tables
// have changed they are empty afterwards, and replay_rows() (writer/rebuild.h) fills them. Creates the file
// if there is none (mode 0600). `<path>.lock` beside it keeps other writers out; a thread of the store moves
// the write-ahead log into the file. Fails with io_error (cannot be opened, disk full), corrupt (not a
// database, damaged in a crash, another program's), unsupported_version (made by a newer program), busy
// (another process writes to it); details say what to do.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& path,
                                           const std::vector<std::string>& migrations);

}  // namespace dfb::store
