#include "tests/support/faulty_vfs.h"

#include <fstream>
#include <new>
#include <sstream>

#include "ledger/base/check.h"

namespace dfb::test {

// SQLite allocates this, and behind it the real file.
struct FaultyFile {
  sqlite3_file base;  // first: SQLite knows only this
  FaultyVfs* vfs;
  FaultyVfs::Disk* disk;  // null for temporary files
  sqlite3_file* real;

  static FaultyFile& of(sqlite3_file* file) { return *reinterpret_cast<FaultyFile*>(file); }
  const sqlite3_io_methods& methods() const { return *real->pMethods; }

  static int close(sqlite3_file* file) { return of(file).methods().xClose(of(file).real); }

  static int read(sqlite3_file* file, void* out, int count, sqlite3_int64 at) {
    FaultyFile& self = of(file);
    const std::lock_guard lock(self.vfs->mutex_);
    if (self.vfs->dead_) return SQLITE_IOERR_READ;
    return self.methods().xRead(self.real, out, count, at);
  }

  static int write(sqlite3_file* file, const void* in, int count, sqlite3_int64 at) {
    FaultyFile& self = of(file);
    if (!self.disk) return self.methods().xWrite(self.real, in, count, at);
    FaultyVfs::Change change{false, at,
                             std::string(static_cast<const char*>(in), static_cast<std::size_t>(count))};
    return self.change(std::move(change), SQLITE_FULL, SQLITE_IOERR_WRITE,
                       [&] { return self.methods().xWrite(self.real, in, count, at); });
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    FaultyFile& self = of(file);
    if (!self.disk) return self.methods().xTruncate(self.real, size);
    return self.change({true, size, {}}, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_TRUNCATE,
                       [&] { return self.methods().xTruncate(self.real, size); });
  }

  static int sync(sqlite3_file* file, int) {
    FaultyFile& self = of(file);
    if (!self.disk) return SQLITE_OK;
    const std::lock_guard lock(self.vfs->mutex_);
    if (self.vfs->judge() != FaultyVfs::Verdict::good) return SQLITE_IOERR_FSYNC;
    for (const auto& change : self.disk->unsynced) FaultyVfs::apply(change, self.disk->synced);
    self.disk->unsynced.clear();
    return SQLITE_OK;
  }

  template <class Real>
  int change(FaultyVfs::Change change, int error, int dead, Real&& real_call) {
    const std::lock_guard lock(vfs->mutex_);
    switch (vfs->judge()) {
      case FaultyVfs::Verdict::error:
        return error;
      case FaultyVfs::Verdict::dead:
        return dead;
      case FaultyVfs::Verdict::torn:
        change.bytes.resize(change.bytes.size() / 2);
        [[fallthrough]];
      case FaultyVfs::Verdict::cut:
        disk->unsynced.push_back(std::move(change));
        return dead;
      case FaultyVfs::Verdict::good:
        break;
    }
    const int result = real_call();
    if (result == SQLITE_OK) disk->unsynced.push_back(std::move(change));
    return result;
  }

  static int size(sqlite3_file* file, sqlite3_int64* out) {
    return of(file).methods().xFileSize(of(file).real, out);
  }
  static int lock(sqlite3_file* file, int kind) { return of(file).methods().xLock(of(file).real, kind); }
  static int unlock(sqlite3_file* file, int kind) { return of(file).methods().xUnlock(of(file).real, kind); }
  static int reserved(sqlite3_file* file, int* out) {
    return of(file).methods().xCheckReservedLock(of(file).real, out);
  }
  static int control(sqlite3_file* file, int what, void* argument) {
    return of(file).methods().xFileControl(of(file).real, what, argument);
  }
  static int sector(sqlite3_file* file) { return of(file).methods().xSectorSize(of(file).real); }
  static int device(sqlite3_file* file) { return of(file).methods().xDeviceCharacteristics(of(file).real); }
  static int shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
    return of(file).methods().xShmMap(of(file).real, region, bytes, extend, out);
  }
  static int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
    return of(file).methods().xShmLock(of(file).real, offset, n, flags);
  }
  static void shm_barrier(sqlite3_file* file) { of(file).methods().xShmBarrier(of(file).real); }
  static int shm_unmap(sqlite3_file* file, int remove) {
    return of(file).methods().xShmUnmap(of(file).real, remove);
  }
};

namespace {

// Version 2: shared memory, and no mapping of the file around the writes.
constexpr sqlite3_io_methods kMethods = {2,
                                         FaultyFile::close,
                                         FaultyFile::read,
                                         FaultyFile::write,
                                         FaultyFile::truncate,
                                         FaultyFile::sync,
                                         FaultyFile::size,
                                         FaultyFile::lock,
                                         FaultyFile::unlock,
                                         FaultyFile::reserved,
                                         FaultyFile::control,
                                         FaultyFile::sector,
                                         FaultyFile::device,
                                         FaultyFile::shm_map,
                                         FaultyFile::shm_lock,
                                         FaultyFile::shm_barrier,
                                         FaultyFile::shm_unmap,
                                         nullptr,
                                         nullptr};

constexpr int kWithDisk = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

sqlite3_vfs* real_of(sqlite3_vfs*) {
  static sqlite3_vfs* const unix_vfs = sqlite3_vfs_find("unix");
  return unix_vfs;
}

}  // namespace

FaultyVfs::FaultyVfs() : real_(real_of(nullptr)) {
  DFB_CHECK(real_ && sqlite3_vfs_find("faulty") == nullptr);
  vfs_.iVersion = 2;
  vfs_.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real_->szOsFile;
  vfs_.mxPathname = real_->mxPathname;
  vfs_.zName = "faulty";
  vfs_.pAppData = this;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  vfs_.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    return real_of(vfs)->xAccess(real_of(vfs), name, flags, out);
  };
  vfs_.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return real_of(vfs)->xFullPathname(real_of(vfs), name, size, out);
  };
  vfs_.xRandomness = [](sqlite3_vfs* vfs, int size, char* out) {
    return real_of(vfs)->xRandomness(real_of(vfs), size, out);
  };
  vfs_.xSleep = [](sqlite3_vfs* vfs, int micros) { return real_of(vfs)->xSleep(real_of(vfs), micros); };
  vfs_.xCurrentTime = [](sqlite3_vfs* vfs, double* out) {
    return real_of(vfs)->xCurrentTime(real_of(vfs), out);
  };
  vfs_.xGetLastError = [](sqlite3_vfs* vfs, int size, char* out) {
    return real_of(vfs)->xGetLastError(real_of(vfs), size, out);
  };
  vfs_.xCurrentTimeInt64 = [](sqlite3_vfs* vfs, sqlite3_int64* out) {
    return real_of(vfs)->xCurrentTimeInt64(real_of(vfs), out);
  };
  DFB_CHECK(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FaultyVfs::fail_at(int n, Fault fault) {
  const std::lock_guard lock(mutex_);
  operations_ = 0, fail_at_ = n, fault_ = fault, fired_ = false;
}

bool FaultyVfs::fired() const {
  const std::lock_guard lock(mutex_);
  return fired_;
}

int FaultyVfs::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

void FaultyVfs::cut_power() {
  const std::lock_guard lock(mutex_);
  dead_ = true;
}

FaultyVfs::Verdict FaultyVfs::judge() {
  if (dead_) return Verdict::dead;
  if (++operations_ != fail_at_) return Verdict::good;
  fired_ = true;
  if (fault_ == Fault::error) return Verdict::error;
  dead_ = true;
  return fault_ == Fault::torn_write ? Verdict::torn : Verdict::cut;
}

void FaultyVfs::apply(const Change& change, std::string& image) {
  const auto at = static_cast<std::size_t>(change.at);
  if (change.truncates) {
    image.resize(at);
    return;
  }
  if (image.size() < at + change.bytes.size()) image.resize(at + change.bytes.size());
  image.replace(at, change.bytes.size(), change.bytes);
}

int FaultyVfs::open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  FaultyVfs& self = of(vfs);
  const std::lock_guard lock(self.mutex_);
  auto* const opened = new (file) FaultyFile{};
  opened->vfs = &self;
  opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
  if (self.dead_) return SQLITE_CANTOPEN;
  const int result = self.real_->xOpen(self.real_, name, opened->real, flags, flags_out);
  if (result != SQLITE_OK) return result;
  if (name && (flags & kWithDisk)) {
    // What lies there already was synced long ago.
    if (self.disks_.find(name) == self.disks_.end()) self.disks_[name].synced = content(name);
    opened->disk = &self.disks_[name];
  }
  opened->base.pMethods = &kMethods;
  return SQLITE_OK;
}

int FaultyVfs::remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  FaultyVfs& self = of(vfs);
  const std::lock_guard lock(self.mutex_);
  if (self.dead_) return SQLITE_IOERR_DELETE;
  const int result = self.real_->xDelete(self.real_, name, sync_folder);
  if (result == SQLITE_OK) self.disks_.erase(name);
  return result;
}

void FaultyVfs::come_back(Unsynced unsynced, Random& random) {
  const std::lock_guard lock(mutex_);
  for (auto& [path, disk] : disks_) {
    if (!dead_) break;
    for (auto& change : disk.unsynced) {
      if (unsynced == Unsynced::lost || (unsynced == Unsynced::some && random.u64() % 2 == 0)) continue;
      if (unsynced == Unsynced::some && random.u64() % 8 == 0)
        change.bytes.resize(random.u64() % (change.bytes.size() + 1));
      apply(change, disk.synced);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << disk.synced;
  }
  disks_.clear();
  dead_ = false;
  fail_at_ = 0;
}

}  // namespace dfb::test
