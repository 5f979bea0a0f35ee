// The writer on a disk that fails at its n-th operation, for every n until a day passes without a fault.
// Afterwards the disk is sound again and the ledger is opened as any start opens it: every answered entry is
// there, once, the head verifies, and the same bytes sent again get the first answer.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "ledger/log/entry_text.h"
#include "ledger/writer/rebuild.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/writer/dump.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

namespace fs = std::filesystem;
using test::FaultyVfs;
using test::RunningTown;
using test::SignedLine;
using Fault = FaultyVfs::Fault;
using Unsynced = FaultyVfs::Unsynced;

constexpr int kMoreThanADayTakes = 2000;
const std::vector<std::string> kProgramme{"CREATE TABLE note (seq INTEGER PRIMARY KEY)"};

// Tests of one kind run in one process, or each in its own: the day is the same, and made once.
struct Day {
  Day() {
    people.now_us += kMinuteUs;
    sale = people.redeem(people.resident, 30);
    morning = {sale, people.award(people.sibling, 15), people.check_in(people.resident), people.mint(7)};
    evening = {people.refund(sale.id, people.resident, 10), people.mint(8), people.award(people.resident, 5)};
  }
  std::vector<SignedLine> all() const {
    auto lines = morning;
    lines.insert(lines.end(), evening.begin(), evening.end());
    return lines;
  }

  const PrivateKey log_key = PrivateKey::generate(Algorithm::ed25519);
  test::Town people{test::kTownOrigin, test::vkey_of(log_key)};
  // Made in this order: ids count.
  std::vector<SignedLine> founding = people.founding();
  SignedLine first_award = people.award(people.resident, 90);
  SignedLine sale;
  std::vector<SignedLine> morning, evening;  // a batch each
};

const Day& day() {
  static const Day made;
  return made;
}

struct Case {
  const char* name;
  bool after_a_crash;  // the file is one that a power cut left, with a long write-ahead log
  Fault fault;
  Unsynced unsynced;
};

class CrashPoints : public testing::TestWithParam<Case> {
 protected:
  // No answer at all is what a client sees who must ask again.
  using Told = std::vector<std::optional<Result<Answer>>>;

  static std::unique_ptr<store::Store> open(const std::string& path) {
    return store::open_sqlite(path, kProgramme).value();
  }
  static Step note() {
    return [](sql::Connection& sql, std::int64_t seq, TimeUs) -> Result<void> {
      sql.run("INSERT INTO note VALUES (?1)", {seq});
      return ok();
    };
  }

  void SetUp() override {
    auto store = open(base());
    RunningTown town(*store, day().log_key);
    ASSERT_TRUE(town.start());
    for (const auto& line : day().founding) ASSERT_TRUE(town.run(line));
    if (!GetParam().after_a_crash) {
      ASSERT_TRUE(town.run(day().first_award));
    }
    town.writer->stop();
    store.reset();
    if (GetParam().after_a_crash) leave_a_log_behind();
  }
  void leave_a_log_behind() {
    FaultyVfs disk;
    {
      auto store = open(base());
      RunningTown town(*store, day().log_key);
      ASSERT_TRUE(town.start());
      ASSERT_TRUE(town.run(day().first_award));
      disk.cut_power();
    }
    SeededRandom random(1);
    disk.come_back(Unsynced::lost, random);
    ASSERT_GT(fs::file_size(base() + "-wal"), 0U);
  }
  std::string base() const { return folder.path("base.db"); }

  // One batch: the writer is held until all of it waits.
  static void send(RunningTown& town, const std::vector<SignedLine>& lines, Told& told) {
    std::vector<std::future<Result<Answer>>> answers;
    {
      test::Hold hold(*town.writer);
      for (const auto& line : lines) answers.push_back(town.submit(line, note()));
      hold.release();
    }
    for (auto& answer : answers) {
      try {
        told.emplace_back(answer.get());
      } catch (const std::future_error&) {
        told.emplace_back(std::nullopt);
      }
    }
  }

  // Until the end of the day or of the disk. A start that the fault prevents is a day without answers.
  Told live_on(const std::string& path) {
    Told told;
    try {
      auto store = store::open_sqlite(path, kProgramme);
      if (!store) return told;
      RunningTown town(**store, day().log_key);
      if (!town.start()) return told;
      town.clock.set(day().people.now_us);
      warm(town);
      send(town, day().morning, told);
      send(town, day().evening, told);
      town.writer->stop();
    } catch (const sql::Error&) {
      // From a snapshot: a request that fails.
    }
    return told;
  }
  // The keys are read before, so that checking needs no disk.
  static void warm(const RunningTown& town) {
    for (const auto& line : day().all()) (void)town.check(line);
  }

  void expect_whole(const std::string& path, const Told& told) {
    auto store = open(path);
    RunningTown town(*store, day().log_key);
    const auto started = town.start();  // the head verifies and is that of all entries
    ASSERT_TRUE(started) << to_string(started.error());
    town.clock.set(day().people.now_us);
    const auto lines = day().all();
    for (std::size_t i = 0; i < lines.size(); ++i)
      expect_told(*store->snapshot(), lines[i], i < told.size() ? told[i] : std::nullopt);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto again = town.run(lines[i], note());
      ASSERT_TRUE(again) << to_string(again.error());
      ASSERT_FALSE(again->refused);
      if (i >= told.size() || !told[i] || !*told[i]) continue;
      EXPECT_TRUE(again->known);
      EXPECT_EQ(again->seq, (*told[i])->seq);
      EXPECT_EQ(again->entry, (*told[i])->entry);
    }
    town.writer->stop();
    expect_once(*store);
  }

  static void expect_told(const store::View& view, const SignedLine& line,
                          const std::optional<Result<Answer>>& told) {
    if (!told) return;
    const auto row = view.get<book::CommandRow>({line.id});
    if (*told) {
      ASSERT_TRUE(row) << "an answered command is gone";
      EXPECT_EQ(row->seq, (*told)->seq);
      EXPECT_EQ(view.entries(row->seq, 1), std::vector{(*told)->entry});
      return;
    }
    // What was said not to have happened did not, nor did the refund of a sale that did not happen.
    EXPECT_FALSE(row) << to_string(told->error());
    EXPECT_TRUE(told->error().code == Code::io_error || told->error().code == Code::sale_unknown)
        << to_string(told->error());
  }

  void expect_once(store::Store& store) {
    const auto view = store.snapshot();
    std::set<Uuid> ids;
    for (const auto& text : view->entries(0, view->size()))
      EXPECT_TRUE(ids.insert(book::parse_payload(log::parse_entry_text(text)->payload)->id).second);
    EXPECT_EQ(ids.size(), day().founding.size() + 1 + day().all().size());
    EXPECT_EQ(view->sql().run("SELECT count(*) FROM note").at(0).integer(0), std::ssize(day().all()));
    auto again = store::open_memory();
    const auto rebuilt = rebuild(store, *again);
    EXPECT_TRUE(rebuilt) << to_string(rebuilt.error());
  }

  test::TempFolder folder;
};

TEST_P(CrashPoints, NoAnsweredEntryIsLostOrDoubled) {
  SeededRandom random(20261124);
  const std::string path = folder.path("ledger.db");
  int n = 1;
  for (bool fired = true; fired; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    ASSERT_LT(n, kMoreThanADayTakes);
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(path + part);
    for (const char* part : {"", "-wal"})
      if (fs::exists(base() + part)) fs::copy_file(base() + part, path + part);
    Told told;
    {
      FaultyVfs disk;
      disk.fail_at(n, GetParam().fault);
      told = live_on(path);
      fired = disk.fired();
      disk.come_back(GetParam().unsynced, random);
    }
    expect_whole(path, told);
    if (HasFailure()) return;
    if (fired) continue;
    ASSERT_EQ(told.size(), day().all().size());
    for (const auto& answer : told) EXPECT_TRUE(answer && *answer);
  }
  EXPECT_GT(n, 50) << "a day writes more often than that";
}

INSTANTIATE_TEST_SUITE_P(
    Disks, CrashPoints,
    testing::Values(Case{"an_error", false, Fault::error, Unsynced::kept},
                    Case{"power_cut_loses_all", false, Fault::power_cut, Unsynced::lost},
                    Case{"power_cut_loses_some", false, Fault::power_cut, Unsynced::some},
                    Case{"torn_write", false, Fault::torn_write, Unsynced::kept},
                    Case{"an_error_after_a_crash", true, Fault::error, Unsynced::kept},
                    Case{"second_power_cut", true, Fault::power_cut, Unsynced::lost},
                    Case{"second_power_cut_loses_some", true, Fault::torn_write, Unsynced::some}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace dfb
