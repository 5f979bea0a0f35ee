// A ledger's file as a whole: copies, damage, older versions.
#include "ledger/store/sqlite_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/log/merkle.h"
#include "ledger/store/schema.h"
#include "ledger/store/sqlite_connection.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_folder.h"

namespace dfb::store {
namespace {

namespace fs = std::filesystem;

const Progress kQuiet = [](std::int64_t, std::int64_t) {};

class SqliteFile : public testing::Test {
 protected:
  static std::unique_ptr<Store> open(const std::string& path,
                                     const std::vector<std::string>& migrations = {}) {
    auto opened = open_sqlite(path, migrations);
    EXPECT_TRUE(opened) << to_string(opened.error());
    return opened ? *std::move(opened) : nullptr;
  }
  static void append(Store& store, std::int64_t count, std::size_t bytes = 2000) {
    auto transaction = store.begin();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto text = std::to_string(transaction->size()) + std::string(bytes, 'x');
      transaction->append(transaction->size(), text, log::leaf_hash(text), {});
    }
    transaction->commit();
  }
  void damage() {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-40 * 4096, std::ios::end);
    file << std::string(30 * 4096, '\x55');
  }
  static Code code_of(const Result<void>& result) { return result ? Code::internal : result.error().code; }

  test::TempFolder folder_;
  const std::string path_ = folder_.path("ledger.db");
  const std::string copy_ = folder_.path("copy.db");
};

TEST_F(SqliteFile, ACopyIsOneMomentWhileOthersWrite) {
  auto store = open(path_);
  append(*store, 2000);
  std::atomic<bool> stop = false;
  std::thread writing([&] {
    while (!stop) append(*store, 7, 300);  // multiples of 7 from 2000 on
  });
  std::int64_t steps = 0, last = 0;
  const auto copied = copy_online(path_, copy_, [&](std::int64_t done, std::int64_t all) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, all);
    last = done, ++steps;
  });
  stop = true;
  writing.join();
  ASSERT_TRUE(copied) << to_string(copied.error());
  EXPECT_GT(steps, 3);
  ASSERT_TRUE(check_pages(copy_));
  const auto size = open(copy_)->snapshot()->size();
  EXPECT_GE(size, 2000);
  EXPECT_EQ((size - 2000) % 7, 0);
  EXPECT_LE(size, store->snapshot()->size());
  struct stat status {};
  ASSERT_EQ(::stat(copy_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(SqliteFile, ACopyReplacesNothingAndAFailedOneLeavesNothing) {
  auto store = open(path_);
  folder_.write("copy.db", "mine");
  EXPECT_EQ(code_of(copy_online(path_, copy_, kQuiet)), Code::io_error);
  EXPECT_EQ(code_of(copy_closed(path_, copy_, kQuiet)), Code::corrupt);  // it is open
  EXPECT_EQ(folder_.read("copy.db"), "mine");
  const auto other = folder_.write("notes.txt", "no database");
  EXPECT_EQ(code_of(copy_online(other, folder_.path("new.db"), kQuiet)), Code::corrupt);
  EXPECT_FALSE(fs::exists(folder_.path("new.db")));
  store.reset();
  EXPECT_EQ(code_of(copy_closed(path_, copy_, kQuiet)), Code::io_error);
  EXPECT_TRUE(copy_closed(path_, folder_.path("new.db"), kQuiet));
  EXPECT_EQ(folder_.read("new.db"), folder_.read("ledger.db"));
}

TEST_F(SqliteFile, ANameIsGivenOnce) {
  const auto part = folder_.write("part", "new");
  folder_.write("copy.db", "old");
  EXPECT_EQ(code_of(put_in_place(part, copy_, false)), Code::io_error);
  EXPECT_EQ(folder_.read("copy.db"), "old");
  folder_.write("copy.db-wal", "another database's");
  EXPECT_EQ(code_of(put_in_place(part, copy_, true)), Code::io_error);
  fs::remove(copy_ + "-wal");
  EXPECT_TRUE(put_in_place(part, copy_, true));
  EXPECT_EQ(folder_.read("copy.db"), "new");
  EXPECT_FALSE(fs::exists(part));
}

TEST_F(SqliteFile, DamageIsFoundByACheckAndAfterACrash) {
  append(*open(path_), 100);
  EXPECT_TRUE(check_pages(path_));
  damage();
  const auto checked = check_pages(path_);
  EXPECT_EQ(code_of(checked), Code::corrupt);
  // An orderly start does not read every page, so it takes no longer with every entry.
  open(path_).reset();
  std::ofstream(path_ + "-wal") << std::string(100, '\0');
  const auto opened = open_sqlite(path_, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::corrupt);
}

TEST_F(SqliteFile, CarriesOverWhatEntriesDoNotGive) {
  const std::vector<std::string> programme{
      "CREATE TABLE thing (n INTEGER PRIMARY KEY, t TEXT); INSERT INTO thing VALUES (1, 'seed')"};
  {
    auto store = open(path_, programme);
    append(*store, 1);
    auto transaction = store->begin();
    transaction->sql().run("UPDATE thing SET t = 'mine' WHERE n = 1");
    transaction->sql().run("INSERT INTO thing VALUES (7, NULL)");
    mark_restored(*transaction, {5, 6});
    transaction->commit();
  }
  open(copy_, programme).reset();
  ASSERT_TRUE(carry_over(path_, copy_));
  auto store = open(copy_, programme);
  const auto view = store->snapshot();
  EXPECT_EQ(view->size(), 0);
  EXPECT_EQ(view->sql().run("SELECT group_concat(n || coalesce(t, '-')) FROM thing").at(0).text(0),
            "1mine,7-");
  EXPECT_EQ(restored(*view), (Restored{5, 6}));
}

TEST_F(SqliteFile, TheMarkOfARestoreStaysUntilItIsCleared) {
  auto store = open(path_);
  EXPECT_FALSE(restored(*store->snapshot()));
  const auto change = [&](const std::function<void(Transaction&)>& what) {
    auto transaction = store->begin();
    what(*transaction);
    transaction->commit();
  };
  change([](auto& transaction) { mark_restored(transaction, {41, 1}); });
  store.reset();
  store = open(path_);
  EXPECT_EQ(restored(*store->snapshot()), (Restored{41, 1}));
  change([](auto& transaction) { clear_restored(transaction); });
  EXPECT_FALSE(restored(*store->snapshot()));
}

// The first version's tables, as its program made them.
class OldFile : public SqliteFile {
 protected:
  void make(const std::string& schema) {
    std::ofstream(path_).flush();
    SqliteConnection db(path_);
    db.configure();
    db.script("PRAGMA application_id=" + std::to_string(kApplicationId) +
              "; CREATE TABLE schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT; " +
              schema +
              "INSERT INTO schema_version VALUES ('ledger', 1); INSERT INTO entry VALUES (0, x'30', x'31'); "
              "INSERT INTO tile VALUES (0, 0, x'32'); INSERT INTO ledger (one, size, last_time_us, "
              "policy_version, threshold, log_vkey) VALUES (1, 1, 2, 3, 4, 'vkey');");
  }
  static std::string first_schema() {
    std::ostringstream text;
    text << std::ifstream(DFB_GOLDEN_DIR "/ledger-schema-v1.sql").rdbuf();
    return text.str();
  }
  // Table and statement, in the order of names.
  static std::string tables(Store& store) {
    std::string out;
    for (const auto& row : store.snapshot()->sql().run("SELECT name, sql FROM sqlite_schema ORDER BY name"))
      out += row.text(0) + ": " + (row.null(1) ? "" : row.text(1)) + "\n";
    return out;
  }
};

TEST_F(OldFile, OfTheFirstVersionIsBroughtForward) {
  make(first_schema());
  auto store = open(path_), fresh = open(copy_);
  EXPECT_EQ(tables(*store), tables(*fresh));
  const auto view = store->snapshot();
  EXPECT_EQ(view->sql().run("SELECT version FROM schema_version WHERE part = 'ledger'").at(0).integer(0),
            kLedgerSchema);
  EXPECT_EQ(view->entries(0, 2), std::vector<std::string>{"0"});
  EXPECT_EQ(view->tile(0, 0), "2");
  EXPECT_FALSE(restored(*view));
}

TEST_F(OldFile, GetsTheBooksTablesAnewWhereTheirColumnsWereOthers) {
  auto schema = first_schema();
  const std::string column = "  size INTEGER NOT NULL,\n";
  schema.replace(schema.find(column), column.size(), column + "  colour INTEGER NOT NULL DEFAULT 7,\n");
  schema.replace(schema.find("CREATE TABLE sale"), 17, "CREATE TABLE sael");
  const std::string index = "CREATE INDEX task_closes ON task (closes_us)";
  make(schema + index + ";");
  auto store = open(path_), fresh = open(copy_);
  EXPECT_NE(tables(*store).find("sael"), std::string::npos);  // not ours to remove
  EXPECT_NE(tables(*store).find(index), std::string::npos) << "the programme's, which makes it once";
  const auto view = store->snapshot();
  EXPECT_FALSE(view->get<book::LedgerRow>({1}));
  EXPECT_EQ(view->entries(0, 2), std::vector<std::string>{"0"});
  EXPECT_EQ(view->tile(0, 0), "2");
}

TEST_F(OldFile, ACrashOnTheWayLeavesTheOldOrTheNew) {
  make(first_schema());
  const auto content = folder_.read("ledger.db");
  SeededRandom random(7);
  int n = 1;
  for (bool fired = true; fired; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    ASSERT_LT(n, 1000);
    fs::remove(path_ + "-wal");
    folder_.write("ledger.db", content);
    {
      test::FaultyVfs disk;
      disk.fail_at(n, test::FaultyVfs::Fault::power_cut);
      (void)open_sqlite(path_, {});
      fired = disk.fired();
      disk.come_back(test::FaultyVfs::Unsynced::some, random);
    }
    auto store = open(path_);
    ASSERT_TRUE(store);
    EXPECT_EQ(store->snapshot()->entries(0, 2), std::vector<std::string>{"0"});
    EXPECT_FALSE(restored(*store->snapshot()));
  }
  EXPECT_GT(n, 5);
}

}  // namespace
}  // namespace dfb::store
