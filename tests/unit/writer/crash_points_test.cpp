// The writer on a disk that fails at its n-th operation, for every n until a day passes without a fault.
// Afterwards the disk is sound again and the ledger is opened as any start opens it: every answered entry is
// there, once, the head verifies, the same bytes sent again get the first answer, and replaying the entries
// gives every row that the store has.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "ledger/log/checkpoint.h"
#include "ledger/log/entry_text.h"
#include "ledger/writer/rebuild.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/stride.h"
#include "tests/support/temp_folder.h"
#include "tests/support/dump.h"
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

// What is sent together and answered together: one command, or a chain.
using Sending = std::vector<SignedLine>;

// Tests of one kind run in one process, or each in its own: the day is the same, and made once. On it points
// expire that were earned a year ago, a chain is entered, two sales take place, of which one is refunded in
// part and the other undone, an unseen id is burnt, and the log gets its next key.
struct Day {
  Day() {
    const auto &officer = people.officer.key, &root = people.roots[0], &other_root = people.roots[1];
    before.push_back({people.now_us, people.award(people.resident, 90)});
    const book::Task patrol{"patrol-evening",
                            "patrol",
                            "/lijing",
                            people.now_us,
                            people.now_us + 500 * kDayUs,
                            people.budget,
                            {people.site.public_key().id()},
                            book::Review::none};
    before.push_back({people.now_us, people.sign(book::PublishTask{patrol}, {&officer})});
    people.now_us += 40 * kDayUs;
    before.push_back({people.now_us, people.award(people.resident, 80)});
    people.now_us = day_start_us(parse_day("2027-12-05").value()) + 10 * kHourUs;
    const auto sale = people.redeem(people.resident, 30);
    people.now_us += book::kPayStepUs;
    const auto second = people.redeem(people.resident, 20);
    undone = second.id;
    morning = {{people.expire(people.resident, 90, parse_day("2027-11-30").value())},
               {sale},
               {second},
               people.chain({{people.award(people.sibling, 15), &officer},
                             {people.award(people.resident, 6), &officer}}),
               {people.check_in(people.resident)},
               {people.mint(7)}};
    const book::NextLogKey next{test::vkey_of(next_log_key), people.now_us + kDayUs};
    evening = {{people.refund(sale.id, people.resident, 10)},
               {people.cancel(undone)},
               {people.cancel(people.next_id())},
               {people.sign(next, {&root, &other_root})},
               {people.award(people.resident, 5)}};
  }
  std::vector<Sending> all() const {
    auto sendings = morning;
    sendings.insert(sendings.end(), evening.begin(), evening.end());
    return sendings;
  }
  std::int64_t lines() const {
    std::int64_t count = 0;
    for (const auto& sending : all()) count += std::ssize(sending);
    return count;
  }

  const PrivateKey log_key = PrivateKey::generate(Algorithm::ed25519),
                   next_log_key = PrivateKey::generate(Algorithm::ed25519);
  test::Town people{test::kTownOrigin, test::vkey_of(log_key)};
  // Made in this order: ids count.
  std::vector<SignedLine> founding = people.founding();
  std::vector<std::pair<TimeUs, SignedLine>> before;
  std::vector<Sending> morning, evening;  // a batch each
  Uuid undone;
};

const Day& day() {
  static const Day made;
  return made;
}

struct DayTown : RunningTown {
  explicit DayTown(store::Store& store_in) : RunningTown(store_in, day().log_key) {
    next_log_key = day().next_log_key;
  }
};

struct Case {
  const char* name;
  bool after_a_crash;  // the file is one that a power cut left, with a long write-ahead log
  Fault fault;
  Unsynced unsynced;
};

class CrashPoints : public testing::TestWithParam<Case> {
 protected:
  // No answer at all is what a client sees who must ask again.
  using Told = std::vector<std::optional<Result<std::vector<Answer>>>>;

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
    DayTown town(*store);
    ASSERT_TRUE(town.start());
    for (const auto& line : day().founding) ASSERT_TRUE(town.run(line));
    const std::size_t now = day().before.size() - (GetParam().after_a_crash ? 1 : 0);
    for (std::size_t i = 0; i < now; ++i) enter_before(town, i);
    town.writer->stop();
    store.reset();
    if (GetParam().after_a_crash) leave_a_log_behind();
  }
  static void enter_before(DayTown& town, std::size_t i) {
    town.clock.set(day().before[i].first);
    const auto answer = town.run(day().before[i].second);
    ASSERT_TRUE(answer) << to_string(answer.error());
    ASSERT_FALSE(answer->refused);
  }
  void leave_a_log_behind() {
    FaultyVfs disk;
    {
      auto store = open(base());
      DayTown town(*store);
      ASSERT_TRUE(town.start());
      enter_before(town, day().before.size() - 1);
      disk.cut_power();
    }
    SeededRandom random(1);
    disk.come_back(Unsynced::lost, random);
    ASSERT_GT(fs::file_size(base() + "-wal"), 0U);
  }
  std::string base() const { return folder.path("base.db"); }

  using Answers = Result<std::vector<Answer>>;
  static std::future<Answers> submit(RunningTown& town, const Sending& sending) {
    std::vector<check::CheckedCommand> commands;
    for (const auto& line : sending) commands.push_back(town.check(line));
    auto promise = std::make_shared<std::promise<Answers>>();
    auto future = promise->get_future();
    if (commands.size() > 1) {
      town.writer->submit(std::move(commands), note(),
                          [promise](Answers answers) { promise->set_value(std::move(answers)); });
    } else {
      town.writer->submit(std::move(commands.front()), note(), [promise](Result<Answer> answer) {
        promise->set_value(answer ? Answers(std::vector{*std::move(answer)}) : Answers(answer.error()));
      });
    }
    return future;
  }
  // One batch: the writer is held until all of it waits.
  static void send(RunningTown& town, const std::vector<Sending>& sendings, Told& told) {
    std::vector<std::future<Answers>> answers;
    {
      test::Hold hold(*town.writer);
      for (const auto& sending : sendings) answers.push_back(submit(town, sending));
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
      DayTown town(**store);
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
    for (const auto& sending : day().all())
      for (const auto& line : sending) (void)town.check(line);
  }

  void expect_whole(const std::string& path, const Told& told) {
    auto store = open(path);
    DayTown town(*store);
    const auto started = town.start();  // the head verifies and is that of all entries
    ASSERT_TRUE(started) << to_string(started.error());
    town.clock.set(day().people.now_us);
    const auto sendings = day().all();
    const bool burnt = is_burnt(*store->snapshot());
    for (std::size_t i = 0; i < sendings.size(); ++i)
      expect_told(*store->snapshot(), sendings[i], i < told.size() ? told[i] : std::nullopt);
    for (std::size_t i = 0; i < sendings.size(); ++i) {
      const auto again = submit(town, sendings[i]).get();
      if (burnt && sendings[i].front().id == day().undone) {
        EXPECT_EQ(again.has_value() ? Code::internal : again.error().code, Code::id_burnt);
        continue;
      }
      ASSERT_TRUE(again) << to_string(again.error());
      for (std::size_t k = 0; k < again->size(); ++k) {
        ASSERT_FALSE((*again)[k].refused);
        if (i >= told.size() || !told[i] || !*told[i]) continue;
        EXPECT_TRUE((*again)[k].known);
        EXPECT_EQ((*again)[k].seq, (**told[i])[k].seq);
        EXPECT_EQ((*again)[k].entry, (**told[i])[k].entry);
      }
    }
    town.writer->stop();
    expect_once(*store, burnt);
  }
  // The sale was not there when its cancel came: it must never be.
  static bool is_burnt(const store::View& view) {
    const auto row = view.get<book::CommandRow>({day().undone});
    return row && row->burnt_unseen != 0;
  }

  static void expect_told(const store::View& view, const Sending& sending, const Told::value_type& told) {
    if (!told) return;
    for (std::size_t k = 0; k < sending.size(); ++k) {
      const auto row = view.get<book::CommandRow>({sending[k].id});
      if (*told) {
        ASSERT_TRUE(row) << "an answered command is gone";
        EXPECT_EQ(row->seq, (**told)[k].seq);
        EXPECT_EQ(view.entries(row->seq, 1), std::vector{(**told)[k].entry});
        continue;
      }
      // What was said not to have happened did not, nor did the refund of a sale that did not happen.
      EXPECT_TRUE(!row || row->burnt_unseen != 0) << to_string(told->error());
      EXPECT_TRUE(told->error().code == Code::io_error || told->error().code == Code::sale_unknown)
          << to_string(told->error());
    }
  }

  void expect_once(store::Store& store, bool burnt) {
    const auto view = store.snapshot();
    std::set<Uuid> ids;
    for (const auto& text : view->entries(0, view->size()))
      EXPECT_TRUE(ids.insert(book::parse_payload(log::parse_entry_text(text)->payload)->id).second);
    EXPECT_EQ(std::ssize(ids), std::ssize(day().founding) + std::ssize(day().before) + day().lines() - burnt);
    EXPECT_EQ(view->sql().run("SELECT count(*) FROM note").at(0).integer(0), std::ssize(day().all()) - burnt);
    const auto changes = view->log_key_changes();
    ASSERT_EQ(changes.size(), 1U);
    for (const PrivateKey* key : {&day().log_key, &day().next_log_key})
      EXPECT_TRUE(log::open_checkpoint(log::parse_note(changes[0].note).value(),
                                       log::parse_vkey(test::vkey_of(*key)).value()));
    const test::TempFolder other;
    auto again = store::open_sqlite(other.path("again.db"), {}).value();
    const auto rebuilt = rebuild(store, *again);
    ASSERT_TRUE(rebuilt) << to_string(rebuilt.error());
    EXPECT_EQ(test::dump(*again->snapshot()), test::dump(*view));
  }

  test::TempFolder folder;
};

TEST_P(CrashPoints, NoAnsweredEntryIsLostOrDoubled) {
  SeededRandom random(20261124);
  const std::string path = folder.path("ledger.db");
  int n = 1 + test::stride_start(GetParam().name);
  for (bool fired = true; fired; n += test::kStride) {
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
