// The SQLite engine's inside: a pool of reading connections, the one writing connection, and the thread that
// moves the write-ahead log into the database so that no commit has to. Opened by open_sqlite()
// (sqlite_open.cpp).
#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ledger/store/sqlite_connection.h"
#include "ledger/store/store.h"

namespace dfb::store {

// An open file's lock; goes with the process, however it ends.
class FileLock {
 public:
  // busy when another process (or another lock of this one) holds it; io_error.
  static Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

class SqliteStore final : public Store {
 public:
  // REQUIRES: `writing` was opened on `path` and its schema is in place.
  SqliteStore(std::string path, FileLock lock, std::unique_ptr<SqliteConnection> writing);
  ~SqliteStore() override;

  std::unique_ptr<Transaction> begin() override;
  std::unique_ptr<View> snapshot() override;

  void give_back(std::unique_ptr<SqliteConnection> reading);  // a snapshot's connection

 private:
  void tidy();  // the thread
  bool log_is_long() const;

  const std::string path_;
  const FileLock lock_;
  std::mutex writing_mutex_;  // held by the Transaction
  std::unique_ptr<SqliteConnection> writing_;
  std::mutex pool_mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> pool_;
  std::mutex tidy_mutex_;
  std::condition_variable tidy_wake_;
  bool closing_ = false;
  std::thread tidy_thread_;
};

}  // namespace dfb::store
