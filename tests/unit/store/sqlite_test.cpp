// What the SQLite engine adds to the contract: files, versions, other processes, a full disk, the programme's
// tables.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "ledger/book/memory_rows.h"
#include "ledger/log/merkle.h"
#include "ledger/store/sqlite_connection.h"
#include "ledger/store/store.h"
#include "tests/support/sample_rows.h"
#include "tests/support/temp_folder.h"

namespace dfb::store {
namespace {

using Migrations = std::vector<std::string>;

class Sqlite : public testing::Test {
 protected:
  std::unique_ptr<Store> open(const Migrations& migrations = {}) {
    auto opened = open_sqlite(path_, migrations);
    EXPECT_TRUE(opened) << to_string(opened.error());
    return opened ? *std::move(opened) : nullptr;
  }
  Error refused(const Migrations& migrations = {}) {
    auto opened = open_sqlite(path_, migrations);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
  void raw(const std::string& statements) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  test::TempFolder folder_;
  const std::string path_ = folder_.path("ledger.db");
};

TEST_F(Sqlite, KeepsWhatWasCommittedAndIsPrivate) {
  {
    auto store = open();
    auto transaction = store->begin();
    transaction->append(0, "zero", log::leaf_hash("zero"), {});
    transaction->commit();
  }
  EXPECT_EQ(open()->snapshot()->entries(0, 2), std::vector<std::string>{"zero"});
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(Sqlite, EveryConnectionSyncsItsCommits) {
  auto store = open();
  auto transaction = store->begin();
  EXPECT_EQ(transaction->sql().run("PRAGMA synchronous").at(0).integer(0), 2);
  EXPECT_EQ(transaction->sql().run("PRAGMA journal_mode").at(0).text(0), "wal");
  EXPECT_EQ(transaction->sql().run("PRAGMA wal_autocheckpoint").at(0).integer(0), 0);
}

TEST_F(Sqlite, EntriesAreNeverChangedNorRemoved) {
  auto store = open();
  auto transaction = store->begin();
  transaction->append(0, "zero", log::leaf_hash("zero"), {});
  auto& sql = transaction->sql();
  EXPECT_THROW(sql.run("UPDATE entry SET text = x'00' WHERE seq = 0"), sql::Error);
  EXPECT_THROW(sql.run("DELETE FROM entry"), sql::Error);
  EXPECT_THROW(sql.run("REPLACE INTO entry (seq, text, leaf) VALUES (0, x'00', x'00')"), sql::Error);
  EXPECT_THROW(sql.run("INSERT INTO entry (seq, text, leaf) VALUES (2, x'00', x'00')"), sql::Error);
  EXPECT_EQ(transaction->entries(0, 9), std::vector<std::string>{"zero"});
}

TEST_F(Sqlite, ReadsAheadAccountsAndKeysAsTheyAre) {
  auto store = open();
  auto account = test::sample_row<book::Account>();
  const auto key = test::sample_row<book::KeyRow>();
  {
    auto transaction = store->begin();
    transaction->put(account);
    transaction->put(key);
    transaction->commit();
  }
  const book::MemoryRows nothing;
  book::State state(nothing);
  store->snapshot()->read_ahead(state);
  ASSERT_TRUE(state.find<book::Account>(account.key()));
  test::expect_equal(*state.find<book::Account>(account.key()), account);
  ASSERT_TRUE(state.find<book::KeyRow>(key.key()));
  test::expect_equal(*state.find<book::KeyRow>(key.key()), key);
}

TEST_F(Sqlite, ReadsAheadHalfOfWhatIsKeptAtMost) {
  auto store = open();
  auto account = test::sample_row<book::Account>();
  {
    auto transaction = store->begin();
    for (std::uint64_t i = 0; i < 9; ++i) {
      account.id.value = book::kFirstFreeAccount + i;
      transaction->put(account);
    }
    transaction->commit();
  }
  const book::MemoryRows nothing;
  book::State state(6);
  state.read_from(nothing);
  store->snapshot()->read_ahead(state);
  int known = 0;
  for (std::uint64_t i = 0; i < 9; ++i)
    known += state.find<book::Account>({{book::kFirstFreeAccount + i}}) ? 1 : 0;
  EXPECT_EQ(known, 3);
}

TEST_F(Sqlite, ProgrammeTablesTakeValuesOfEveryType) {
  auto store = open({"CREATE TABLE thing (n INTEGER, t TEXT, b BLOB, x TEXT)"});
  {
    auto transaction = store->begin();
    transaction->sql().run("INSERT INTO thing VALUES (?1, ?2, ?3, ?4)",
                           {std::int64_t{-7}, std::string("王 \0!", 6), sql::Bytes{}, std::monostate{}});
    transaction->commit();
  }
  auto view = store->snapshot();
  auto row = view->sql().run("SELECT n, t, b, x FROM thing").at(0);
  EXPECT_EQ(row.integer(0), -7);
  EXPECT_EQ(row.text(1), std::string("王 \0!", 6));
  EXPECT_EQ(row.bytes(2), "");
  EXPECT_TRUE(row.null(3));
  EXPECT_THROW(row.text(0), sql::Error);
  EXPECT_THROW(row.integer(9), sql::Error);
  EXPECT_THROW(view->sql().run("DELETE FROM thing"), sql::Error);  // a snapshot only reads
  EXPECT_THROW(view->sql().run("SELECT ?1"), sql::Error);          // a parameter short
  EXPECT_THROW(view->sql().run("SELECT 1; SELECT 2"), sql::Error);
}

TEST_F(Sqlite, MigrationsRunOnceAndInOrder) {
  const std::string first = "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);";
  const std::string second = "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1;";
  open({first});
  open({first, second});
  auto store = open({first, second});
  auto rows = store->snapshot()->sql().run("SELECT x, y FROM a");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].integer(1), 2);
}

TEST_F(Sqlite, AFailedMigrationLeavesTheVersionBefore) {
  const std::string first = "CREATE TABLE a (x INTEGER)";
  open({first});
  EXPECT_EQ(refused({first, "CREATE TABLE b (x INTEGER); CREATE TABLE a (y INTEGER)"}).code, Code::io_error);
  auto store = open({first, "CREATE TABLE b (x INTEGER)"});
  EXPECT_TRUE(store->snapshot()->sql().run("SELECT x FROM b").empty());
}

TEST_F(Sqlite, RefusesADatabaseOfANewerProgram) {
  open({"CREATE TABLE a (x INTEGER)"});
  auto error = refused({});
  EXPECT_EQ(error.code, Code::unsupported_version);
  EXPECT_NE(error.detail.find("install that version"), std::string::npos) << error.detail;
  raw("UPDATE schema_version SET version = 99 WHERE part = 'ledger'");
  EXPECT_EQ(refused({"CREATE TABLE a (x INTEGER)"}).code, Code::unsupported_version);
}

TEST_F(Sqlite, RefusesAnotherProgramsDatabaseAndLeavesItAlone) {
  raw("CREATE TABLE photos (x INTEGER)");
  auto error = refused();
  EXPECT_EQ(error.code, Code::corrupt);
  EXPECT_NE(error.detail.find("another program"), std::string::npos) << error.detail;
  SqliteConnection db(path_);
  EXPECT_EQ(db.run("PRAGMA journal_mode").at(0).text(0), "delete");
}

TEST_F(Sqlite, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path_) << std::string(5000, 'x');
  EXPECT_EQ(refused().code, Code::corrupt);
}

TEST_F(Sqlite, RefusesAPathThatCannotBeOpened) {
  auto opened = open_sqlite(folder_.path("missing/ledger.db"), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::io_error);
}

TEST_F(Sqlite, RefusesASecondWriter) {
  auto store = open();
  EXPECT_EQ(refused().code, Code::busy);
  store.reset();
  EXPECT_TRUE(open());
}

// A limit on file size makes the disk full for this process; the child answers with its exit status.
TEST_F(Sqlite, AFullDiskFailsTheCommitAndLosesNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto store = open_sqlite(path_, {}).value();
    {
      auto transaction = store->begin();
      transaction->append(0, "zero", log::leaf_hash("zero"), {});
      transaction->commit();
    }
    const rlimit limit{200'000, 200'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      auto transaction = store->begin();
      transaction->append(1, std::string(60'000, 'x'), log::leaf_hash(""), {});
      transaction->append(2, std::string(60'000, 'x'), log::leaf_hash(""), {});
      transaction->append(3, std::string(60'000, 'x'), log::leaf_hash(""), {});
      transaction->append(4, std::string(60'000, 'x'), log::leaf_hash(""), {});
      transaction->commit();
      ::_exit(1);
    } catch (const sql::Error& error) {
      const std::string what = error.what();
      ::_exit(what.find("SQLITE_FULL") != what.npos || what.find("SQLITE_IOERR") != what.npos ? 0 : 2);
    }
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(open()->snapshot()->size(), 1);
}

// max_page_count is SQLite's own full disk; the word in the message is what people search for.
TEST_F(Sqlite, AFullDatabaseSaysSo) {
  auto store = open();
  auto transaction = store->begin();
  transaction->sql().run("PRAGMA max_page_count=1");
  try {
    for (std::int64_t i = 0; i < 100; ++i)
      transaction->append(i, std::string(60'000, 'x'), log::leaf_hash(""), {});
    FAIL() << "a database without room took entries";
  } catch (const sql::Error& error) {
    EXPECT_NE(std::string(error.what()).find("SQLITE_FULL"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace dfb::store
