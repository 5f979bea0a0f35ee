#include "ledger/store/sqlite_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "ledger/base/files.h"
#include "ledger/store/schema.h"
#include "ledger/store/sqlite_connection.h"

namespace dfb::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 1 << 20;

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Removes what a failed copy has made. keep() when it has not failed.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  ~Unfinished() {
    if (!kept_) ::unlink(path_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  void keep() { kept_ = true; }

 private:
  std::string path_;
  bool kept_ = false;
};

Result<void> write_all(int fd, const std::string& path, const char* bytes, std::size_t count) {
  while (count > 0) {
    const auto written = ::write(fd, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_failure(path);
    bytes += written, count -= static_cast<std::size_t>(written);
  }
  return ok();
}

Result<void> sync_file(const std::string& path) {
  const File file(path, O_RDONLY);
  if (file.fd() < 0 || ::fsync(file.fd()) != 0) return io_failure(path);
  return ok();
}

std::string folder_of(const std::string& path) {
  const auto folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Result<void> check_ours(SqliteConnection& db, const std::string& path) {
  if (db.number("PRAGMA application_id") == kApplicationId) return ok();
  return fail(Code::corrupt, path + " is not a ledger's database");
}

Error as_error(const std::string& path, const sql::Error& error) {
  const auto* engine = dynamic_cast<const SqliteError*>(&error);
  if (engine && engine->code == SQLITE_BUSY) return fail(Code::busy, path + ": " + error.what());
  if (engine && (engine->code == SQLITE_CORRUPT || engine->code == SQLITE_NOTADB))
    return fail(Code::corrupt, path + ": " + error.what());
  return fail(Code::io_error, path + ": " + error.what());
}

}  // namespace

Result<void> copy_online(const std::string& from, const std::string& to, const Progress& progress) {
  // Before SQLite sees it, so that nobody else can ever read it.
  if (const File made(to, O_WRONLY | O_CREAT | O_EXCL); made.fd() < 0) return io_failure(to);
  Unfinished unfinished(to);
  try {
    SqliteConnection source(from);
    DFB_TRY_VOID(check_ours(source, from));
    SqliteConnection copy(to);
    copy.script("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");  // synced once, when it gets its name
    source.copy_to(copy, progress);
  } catch (const sql::Error& error) {
    return as_error(from, error);
  }
  unfinished.keep();
  return ok();
}

Result<void> copy_closed(const std::string& from, const std::string& to, const Progress& progress) {
  std::error_code ignored;
  if (fs::exists(from + "-wal", ignored))
    return fail(Code::corrupt, from + " has a write-ahead log beside it: it is in use, or no backup");
  const File source(from, O_RDONLY);
  struct stat status {};
  if (source.fd() < 0 || ::fstat(source.fd(), &status) != 0) return io_failure(from);
  const File copy(to, O_WRONLY | O_CREAT | O_EXCL);
  if (copy.fd() < 0) return io_failure(to);
  Unfinished unfinished(to);
  const auto block = std::make_unique<std::array<char, kBlockBytes>>();
  for (std::int64_t done = 0;;) {
    const auto count = ::read(source.fd(), block->data(), block->size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_failure(from);
    if (count == 0) break;
    DFB_TRY_VOID(write_all(copy.fd(), to, block->data(), static_cast<std::size_t>(count)));
    progress(done += count, status.st_size);
  }
  unfinished.keep();
  return ok();
}

Result<void> put_in_place(const std::string& copy, const std::string& to, bool replace) {
  DFB_TRY_VOID(sync_file(copy));
  // Another database's write-ahead log beside the new file would be taken for its own.
  std::error_code ignored;
  if (fs::exists(to + "-wal", ignored)) return fail(Code::io_error, to + "-wal is there: the file is in use");
  // A crash before this line leaves the copy under its first name, and after it the whole under the last.
  if (::renameat2(AT_FDCWD, copy.c_str(), AT_FDCWD, to.c_str(), replace ? 0 : RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return fail(Code::io_error, to + " is there already");
    return io_failure(to);
  }
  return sync_file(folder_of(to));
}

Result<void> check_pages(const std::string& path) {
  try {
    SqliteConnection db(path);
    DFB_TRY_VOID(check_ours(db, path));
    const auto answer = db.run("PRAGMA quick_check(1)").at(0).text(0);
    if (answer == "ok") return ok();
    return fail(Code::corrupt, path + " is damaged (" + answer + "): restore a backup");
  } catch (const sql::Error& error) {
    return as_error(path, error);
  }
}

Result<void> carry_over(const std::string& from, const std::string& to) {
  try {
    SqliteConnection db(to);
    db.configure();
    db.script("PRAGMA foreign_keys=OFF");
    db.run("ATTACH ?1 AS source", {from});
    db.script("BEGIN IMMEDIATE");
    for (const auto& row :
         db.run("SELECT name FROM source.sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                "'sqlite\\_%' ESCAPE '\\'")) {
      const std::string& table = row.text(0);
      if (given_by_entries(table) || table == "entry" || table == "schema_version") continue;
      db.script("DELETE FROM main.\"" + table + "\"; INSERT INTO main.\"" + table +
                "\" SELECT * FROM source.\"" + table + "\"");
    }
    db.script("COMMIT");
    return ok();
  } catch (const sql::Error& error) {
    return as_error(from, error);
  }
}

std::optional<Restored> restored(const View& view) {
  const auto rows = view.sql().run("SELECT size, at_us FROM restored");
  if (rows.empty()) return std::nullopt;
  return Restored{rows.front().integer(0), rows.front().integer(1)};
}

void mark_restored(Transaction& transaction, const Restored& mark) {
  transaction.sql().run("REPLACE INTO restored (one, size, at_us) VALUES (1, ?1, ?2)",
                        {mark.size, mark.at_us});
}

void clear_restored(Transaction& transaction) { transaction.sql().run("DELETE FROM restored"); }

}  // namespace dfb::store
