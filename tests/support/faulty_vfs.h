// A disk that fails where a test says so, under every SQLite connection of the process: the n-th write,
// truncation or sync gives an error, or the power goes at it. What no sync has covered is then kept, lost, or
// kept in part.
//
// The files themselves get every write at once, so that connections read what they wrote; beside them stand
// the bytes that a power cut would leave. Nothing is really synced: tests are quick, and only this model
// decides what is durable. A deletion counts as durable. Threads: connections may live on any; the members
// are for one thread.
#pragma once
#include <sqlite3.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/base/random.h"

namespace dfb::test {

class FaultyVfs {
 public:
  enum class Fault : std::uint8_t {
    error,      // once: SQLITE_FULL for a write, an I/O error for the others; the disk goes on
    power_cut,  // the operation was on its way; nothing works afterwards
    torn_write  // the same, and half of a write's bytes were on their way
  };
  enum class Unsynced : std::uint8_t { kept, lost, some };

  FaultyVfs();   // SQLite's default from now on. REQUIRES: no other one lives
  ~FaultyVfs();  // REQUIRES: every connection is closed
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  void fail_at(int n, Fault fault);  // the n-th operation from now, from 1
  bool fired() const;
  int operations() const;  // since fail_at(), or ever
  void cut_power();

  // Every file as the disk has it after the power cut, and the disk works again. Keeps everything when the
  // power never went. REQUIRES: every connection is closed.
  void come_back(Unsynced unsynced, Random& random);

 private:
  friend struct FaultyFile;
  enum class Verdict : std::uint8_t { good, error, cut, torn, dead };
  struct Change {
    bool truncates = false;
    std::int64_t at = 0;  // or the new size
    std::string bytes;
  };
  struct Disk {
    std::string synced;
    std::vector<Change> unsynced;
  };

  static void apply(const Change& change, std::string& image);
  static FaultyVfs& of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out);
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder);
  Verdict judge();  // of the next operation. REQUIRES: mutex_ is held

  mutable std::mutex mutex_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_{};
  std::map<std::string, Disk> disks_;  // by path
  int operations_ = 0, fail_at_ = 0;
  Fault fault_ = Fault::error;
  bool fired_ = false, dead_ = false;
};

}  // namespace dfb::test
