// kill -9 at random moments under load: what was answered is there, once, and the head verifies.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <set>
#include <thread>

#include "ledger/base/random.h"
#include "ledger/log/entry_text.h"
#include "ledger/writer/rebuild.h"
#include "tests/support/temp_folder.h"
#include "tests/support/dump.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::RunningTown;

constexpr int kKills = 20;
constexpr int kInFlight = 8;

struct Acknowledged {
  Uuid id;
  std::int64_t seq;
};

class Kill : public testing::Test {
 protected:
  std::unique_ptr<store::Store> open() {
    return store::open_sqlite(folder.path("ledger.db"), {"CREATE TABLE note (seq INTEGER PRIMARY KEY)"})
        .value();
  }
  static TimeUs start_of(int round) { return test::kTownStartUs + (round + 1) * kMinuteUs; }

  // The child: commands with a step each, a few in flight, every answer told to the parent by one write.
  [[noreturn]] void load(int round, int pipe) {
    auto store = open();
    RunningTown town(*store, log_key);
    town.clock.set(start_of(round));
    town.town.now_us = start_of(round);  // ids differ from every other round's
    if (!town.start()) ::_exit(3);
    const Step note = [](sql::Connection& sql, std::int64_t seq, TimeUs) -> Result<void> {
      sql.run("INSERT INTO note VALUES (?1)", {seq});
      return ok();
    };
    std::function<void()> send = [&] {
      const auto line = town.town.mint(1);
      town.writer->submit(town.check(line), note, [&, id = line.id](Result<Answer> answer) {
        if (!answer) ::_exit(4);
        const Acknowledged told{id, answer->seq};
        if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(5);
        send();
      });
    };
    for (int i = 0; i < kInFlight; ++i)
      town.writer->submit([](sql::Connection&) { return ok(); }, [&](Result<void>) { send(); });
    for (;;) ::pause();
  }

  // Runs the child until shortly after its first answers.
  std::vector<Acknowledged> storm(int round, Random& random) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) load(round, ends[1]);
    ::close(ends[1]);
    std::vector<Acknowledged> told;
    Acknowledged one{};
    const auto next = [&] { return ::read(ends[0], &one, sizeof one) == sizeof one; };
    if (next()) told.push_back(one);
    std::this_thread::sleep_for(std::chrono::microseconds(random.u64() % 60'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    while (next()) told.push_back(one);
    ::close(ends[0]);
    return told;
  }

  void expect_all(const store::View& view, const std::vector<Acknowledged>& told) {
    for (const auto& [id, seq] : told) {
      const auto row = view.get<book::CommandRow>({id});
      ASSERT_TRUE(row) << "an answered command is gone";
      EXPECT_EQ(row->seq, seq);
      const auto text = view.entries(seq, 1);
      ASSERT_EQ(text.size(), 1u);
      const auto entry = log::parse_entry_text(text.front()).value();
      EXPECT_EQ(book::parse_payload(entry.payload)->id, id);
    }
  }

  test::TempFolder folder;
  const PrivateKey log_key = PrivateKey::generate(Algorithm::ed25519);
};

TEST_F(Kill, NoAnsweredEntryIsLostOrDoubled) {
  std::int64_t founded = 0;
  {
    auto store = open();
    RunningTown town(*store, log_key);
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
    founded = town.writer->head()->checkpoint.size;
  }
  SeededRandom random(20261124);
  std::vector<Acknowledged> told;
  for (int round = 0; round < kKills; ++round) {
    for (const auto& one : storm(round, random)) told.push_back(one);
    auto store = open();
    RunningTown town(*store, log_key);
    const auto started = town.start();  // the head verifies
    ASSERT_TRUE(started) << to_string(started.error());
    expect_all(*store->snapshot(), told);
  }
  EXPECT_GE(told.size(), static_cast<std::size_t>(kKills));

  auto store = open();
  const auto view = store->snapshot();
  std::set<std::string> ids;
  for (const auto& text : view->entries(0, view->size()))
    EXPECT_TRUE(ids.insert(to_string(book::parse_payload(log::parse_entry_text(text)->payload)->id)).second);
  // Each step is there exactly with its entry.
  EXPECT_EQ(view->sql().run("SELECT count(*) FROM note").at(0).integer(0), view->size() - founded);
  auto again = store::open_sqlite(folder.path("again.db"), {}).value();
  ASSERT_TRUE(rebuild(*store, *again));
  EXPECT_EQ(test::dump(*again->snapshot()), test::dump(*view));
}

}  // namespace
}  // namespace dfb
