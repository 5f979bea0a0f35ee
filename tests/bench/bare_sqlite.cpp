#include "tests/bench/bare_sqlite.h"

#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>

#include "ledger/base/check.h"

namespace {
std::atomic<std::int64_t> syncs = 0;
}

// SQLite's library finds these before the C library's.
extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
extern "C" int fdatasync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

namespace dfb::bench {
namespace {

void run(sqlite3* db, const char* statements) {
  char* message = nullptr;
  if (sqlite3_exec(db, statements, nullptr, nullptr, &message) != SQLITE_OK)
    throw std::runtime_error(std::string("bare SQLite: ") + (message ? message : "?"));
}

void bind(sqlite3_stmt* statement, int at, const sql::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, at, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
  } else {
    const auto& bytes = std::get<sql::Bytes>(value).data;
    sqlite3_bind_blob(statement, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }
}

}  // namespace

std::int64_t sync_count() { return syncs; }

double write_bare(const std::string& path, const Recorded& recorded) {
  sqlite3* db = nullptr;
  DFB_CHECK(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) ==
            SQLITE_OK);
  // As a ledger's connection has it.
  run(db,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA "
      "cache_size=-16384;"
      "DROP TRIGGER entry_no_update; DROP TRIGGER entry_no_delete; DROP TRIGGER entry_in_order;");
  std::map<const std::string*, sqlite3_stmt*> statements;
  for (const auto& batch : recorded.batches)
    for (const auto& write : batch)
      if (auto& statement = statements[write.statement]; !statement)
        DFB_CHECK(sqlite3_prepare_v2(db, write.statement->c_str(), -1, &statement, nullptr) == SQLITE_OK);
  const auto start = std::chrono::steady_clock::now();
  for (const auto& batch : recorded.batches) {
    run(db, "BEGIN IMMEDIATE");
    for (const auto& write : batch) {
      sqlite3_stmt* const statement = statements.at(write.statement);
      for (std::size_t i = 0; i < write.values.size(); ++i)
        bind(statement, static_cast<int>(i + 1), write.values[i]);
      if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db));
      sqlite3_reset(statement);
    }
    run(db, "COMMIT");
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (auto& [text, statement] : statements) sqlite3_finalize(statement);
  sqlite3_close(db);
  return seconds;
}

}  // namespace dfb::bench
