// The disk of the crash tests loses what it should: else those tests would prove nothing.
#include "tests/support/faulty_vfs.h"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace dfb::test {
namespace {

using Fault = FaultyVfs::Fault;
using Unsynced = FaultyVfs::Unsynced;

class FaultyDisk : public testing::Test {
 protected:
  struct Db {
    sqlite3* db = nullptr;
    explicit Db(const std::string& path) { sqlite3_open(path.c_str(), &db); }
    ~Db() { sqlite3_close(db); }
    int run(const std::string& statements) {
      return sqlite3_exec(db, statements.c_str(), nullptr, nullptr, nullptr) & 0xff;
    }
    int rows() {
      int count = -1;
      sqlite3_exec(
          db, "SELECT count(*) FROM t",
          [](void* out, int, char** values, char**) {
            return *static_cast<int*>(out) = std::atoi(values[0]), 0;
          },
          &count, nullptr);
      return count;
    }
  };

  FaultyDisk() { EXPECT_EQ(Db(path_).run("PRAGMA journal_mode=WAL; CREATE TABLE t (x INTEGER)"), SQLITE_OK); }

  // Rows after `level` committed three and the power went.
  int rows_after_cut(const std::string& level, Unsynced unsynced) {
    FaultyVfs disk;
    {
      Db db(path_);
      EXPECT_EQ(db.run("PRAGMA synchronous=" + level + "; PRAGMA wal_autocheckpoint=0"), SQLITE_OK);
      for (int i = 0; i < 3; ++i) EXPECT_EQ(db.run("INSERT INTO t VALUES (1)"), SQLITE_OK);
      disk.cut_power();
      EXPECT_EQ(db.run("INSERT INTO t VALUES (2)"), SQLITE_IOERR);
    }
    SeededRandom random(1);
    disk.come_back(unsynced, random);
    return Db(path_).rows();
  }

  TempFolder folder_;
  const std::string path_ = folder_.path("t.db");
};

TEST_F(FaultyDisk, LosesWhatWasNotSynced) { EXPECT_EQ(rows_after_cut("OFF", Unsynced::lost), 0); }
TEST_F(FaultyDisk, KeepsWhatWasSynced) { EXPECT_EQ(rows_after_cut("FULL", Unsynced::lost), 3); }
TEST_F(FaultyDisk, MayKeepWhatWasNotSynced) { EXPECT_EQ(rows_after_cut("OFF", Unsynced::kept), 3); }

TEST_F(FaultyDisk, FailsTheNthOperationOnce) {
  FaultyVfs disk;
  Db db(path_);
  ASSERT_EQ(db.run("PRAGMA wal_autocheckpoint=0; INSERT INTO t VALUES (1)"), SQLITE_OK);
  disk.fail_at(2, Fault::error);
  EXPECT_EQ(db.run("INSERT INTO t VALUES (2)"), SQLITE_FULL);
  EXPECT_TRUE(disk.fired());
  EXPECT_EQ(db.run("INSERT INTO t VALUES (3)"), SQLITE_OK);
  EXPECT_EQ(db.rows(), 2);
}

TEST_F(FaultyDisk, WithoutAPowerCutNothingIsLost) {
  FaultyVfs disk;
  {
    Db db(path_);
    ASSERT_EQ(db.run("PRAGMA synchronous=OFF; INSERT INTO t VALUES (1)"), SQLITE_OK);
  }
  SeededRandom random(1);
  disk.come_back(Unsynced::lost, random);
  EXPECT_EQ(Db(path_).rows(), 1);
}

}  // namespace
}  // namespace dfb::test
