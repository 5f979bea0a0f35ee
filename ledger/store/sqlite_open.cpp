// Opening a database: whose file it is, which version it has, and who else writes to it.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/base/files.h"
#include "ledger/store/schema.h"
#include "ledger/store/sqlite_store.h"

namespace dfb::store {
namespace {

// SQLite would make the file readable for all; what it makes beside it takes over this mode.
Result<void> create_if_missing(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return io_failure(path);
  ::close(fd);
  return ok();
}

Result<void> check_owner(SqliteConnection& db, const std::string& path) {
  const auto id = db.number("PRAGMA application_id");
  const bool empty = db.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (id == kApplicationId || (empty && id == 0)) return ok();
  return fail(Code::corrupt, path + " is the database of another program: name another file");
}

// A ledger that was closed in good order has no write-ahead log.
bool ended_in_a_crash(const std::string& path) {
  struct stat status {};
  return ::stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

Result<void> check_after_crash(SqliteConnection& db, const std::string& path) {
  const auto answer = db.run("PRAGMA quick_check(1)").at(0).text(0);
  if (answer == "ok") return ok();
  return fail(Code::corrupt, path + " is damaged (" + answer + "): restore a backup");
}

std::int64_t version_of(SqliteConnection& db, const std::string& part) {
  const auto rows = db.run("SELECT version FROM schema_version WHERE part = ?1", {part});
  return rows.empty() ? 0 : rows.front().integer(0);
}

// A crash within one migration leaves the version before it: both are one transaction.
void migrate(SqliteConnection& db, const std::string& part, std::int64_t version,
             const std::string& statements) {
  db.script("BEGIN IMMEDIATE");
  try {
    db.script(statements);
    db.run("REPLACE INTO schema_version (part, version) VALUES (?1, ?2)", {part, version});
    db.script("COMMIT");
  } catch (const SqliteError& error) {
    try {
      db.script("ROLLBACK");
    } catch (const SqliteError&) {
      // The engine had rolled back already.
    }
    throw SqliteError(error.code, part + " schema " + std::to_string(version) + ": " + error.what());
  }
}

// The book's tables say what entries say: a file whose tables have other columns gets them anew, empty, and
// replay_rows() fills them. The programme's indexes on them go with a table, and come back with it. Part of the
// transaction of the caller's.
std::string other_book_tables(SqliteConnection& db) {
  const auto tables = book_tables();
  const auto same = [&](const Table& table) {
    const auto rows =
        db.run("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1", {table.name});
    return !rows.empty() && rows.front().text(0) == table.create;
  };
  if (std::all_of(tables.begin(), tables.end(), same)) return {};
  std::string statements;
  for (const auto& table : tables) {
    const auto indexes = db.run(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL",
        {table.name});
    statements += "DROP TABLE IF EXISTS " + table.name + ";\n" + table.create + ";\n";
    for (const auto& index : indexes) statements += index.text(0) + ";\n";
  }
  return statements;
}

Result<void> bring_up_to_date(SqliteConnection& db, const std::string& path,
                              const std::vector<std::string>& migrations) {
  db.script("PRAGMA application_id=" + std::to_string(kApplicationId));
  db.script(
      "CREATE TABLE IF NOT EXISTS schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
  const auto ledger = version_of(db, "ledger"), programme = version_of(db, "programme");
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (ledger > kLedgerSchema || programme > newest)
    return fail(
        Code::unsupported_version,
        path +
            " was made by a newer version of this program: install that version, or restore a backup from " +
            "before the upgrade");
  if (ledger == 0) {
    migrate(db, "ledger", kLedgerSchema, ledger_schema());
  } else if (const auto anew = other_book_tables(db); ledger < kLedgerSchema || !anew.empty()) {
    migrate(db, "ledger", kLedgerSchema, ledger_migration(ledger) + anew);
  }
  for (auto version = programme + 1; version <= newest; ++version)
    migrate(db, "programme", version, migrations[static_cast<std::size_t>(version - 1)]);
  return ok();
}

Error as_error(const std::string& path, const SqliteError& error) {
  switch (error.code) {
    case SQLITE_NOTADB:
      return fail(Code::corrupt, path + " is not a database: name another file");
    case SQLITE_CORRUPT:
      return fail(Code::corrupt, path + ": " + error.what());
    case SQLITE_BUSY:
      return fail(Code::busy, path + " is in use by another program: stop it first");
    default:
      return fail(Code::io_error, path + ": " + error.what());
  }
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return io_failure(path);
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return fail(Code::busy, path + " is held by another process that writes to this ledger: stop it first");
  return io_failure(path);
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path,
                                           const std::vector<std::string>& migrations) {
  DFB_TRY(auto lock, FileLock::take(path + ".lock"));
  DFB_TRY_VOID(create_if_missing(path));
  const bool crashed = ended_in_a_crash(path);
  try {
    auto db = std::make_unique<SqliteConnection>(path);
    DFB_TRY_VOID(check_owner(*db, path));
    // Reading every page takes longer with every entry, so an orderly start does without. SQLite itself
    // refuses a page that it cannot read, and the writer compares the newest entries, the tiles' edge and the
    // checkpoint; what rots elsewhere on a disk is as likely to do so while the server runs, and is found by
    // `defenbao-server check`, which every backup does too. After a crash the disk may have lied about a
    // sync: then the file is worth the time.
    if (crashed) DFB_TRY_VOID(check_after_crash(*db, path));
    db->configure();
    DFB_TRY_VOID(bring_up_to_date(*db, path, migrations));
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(path, std::move(lock), std::move(db)));
  } catch (const SqliteError& error) {
    return as_error(path, error);
  }
}

}  // namespace dfb::store
