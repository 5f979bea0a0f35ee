// Any account at any entry, derived backwards from the rows of today, against the rows as a replay leaves
// them entry by entry.
#include "api/programme/standing.h"

#include <gtest/gtest.h>

#include "ledger/book/lots.h"
#include "ledger/log/merkle.h"
#include "ledger/log/note.h"
#include "ledger/log/tile.h"
#include "ledger/writer/rebuild.h"
#include "tests/golden/ledger_files.h"
#include "tests/sim/live.h"
#include "tests/sim/workload.h"

namespace dfb::programme {
namespace {

using namespace book;

std::string text(const Account& account, Points available) {
  return std::string(name(account.state)) + " " + std::string(name(account.level)) + " " + account.scope +
         " " + account.household + " " + std::to_string(account.balance.value) + " " +
         std::to_string(account.held.value) + " " + std::to_string(available.value) + " " +
         std::get<std::string>(to_column(account.lots));
}

std::string text(const Standing& then) {
  Account account;
  account.state = then.state, account.level = then.level;
  account.scope = then.scope, account.household = then.household;
  account.balance = then.balance, account.held = then.held, account.lots = then.lots;
  return text(account, then.available);
}

// How many answers were compared.
std::int64_t compare_all(const store::View& view, const std::string& origin) {
  test::MemoryLedger ledger;
  std::int64_t compared = 0;
  for (std::int64_t seq = 0; seq < view.size(); ++seq) {
    const auto entry = view.entries(seq, 1).front();
    const auto replayed = test::replay(ledger, entry, origin);
    EXPECT_TRUE(replayed) << to_string(replayed.error());
    const TimeUs at_us = log::parse_entry_text(entry)->time_us;
    for (const auto& [key, then] : ledger.rows().all<Account>()) {
      const auto now = view.get<Account>({key.id});
      EXPECT_TRUE(now);
      const auto stood = standing_after(view, *now, seq);
      const std::string expected = text(then, available(then, civil_day(at_us)));
      if (!stood || text(*stood) != expected || stood->seq != seq || stood->at_us != at_us) {
        ADD_FAILURE() << to_string(key.id) << " after entry " << seq << "\n"
                      << entry << "\nreplayed " << expected << "\nderived  "
                      << (stood ? text(*stood) : to_string(stood.error()));
        return compared;
      }
      ++compared;
    }
  }
  return compared;
}

// The golden ledger in a store: its entries, and all else made from them.
std::unique_ptr<store::Store> golden_store() {
  const std::string folder = std::string(DFB_GOLDEN_DIR) + "/ledger-v1";
  const std::string note = test::read_golden(folder, "checkpoint"),
                    bundle = test::read_golden(folder, "entries.bundle");
  const auto checkpoint = log::parse_checkpoint(log::parse_note(note).value().text).value();
  auto entries = store::open_memory(), whole = store::open_memory();
  {
    const auto transaction = entries->begin();
    std::int64_t seq = 0;
    for (const auto entry : log::parse_bundle(bundle, static_cast<int>(checkpoint.size)).value())
      transaction->append(seq++, entry, log::leaf_hash(entry), {});
    transaction->put_checkpoint(note);
    transaction->commit();
  }
  const auto done = rebuild(*entries, *whole);
  EXPECT_TRUE(done) << to_string(done.error());
  return whole;
}

TEST(Standing, OfEveryAccountAfterEveryEntryOfTheGoldenLedgerIsTheReplays) {
  const auto store = golden_store();
  EXPECT_GT(compare_all(*store->snapshot(), test::kTownOrigin), 1000);
}

TEST(Standing, OfEveryAccountAfterEveryEntryOfASimulatedTownIsTheReplays) {
  const auto log_key = PrivateKey::generate(Algorithm::ed25519);
  const sim::Stage stage(true, log::format_vkey(log::make_vkey(test::kTownOrigin, log::NoteKeyType::ed25519,
                                                               log_key.public_key())));
  for (std::uint64_t seed = 1; seed <= 6 && !HasFailure(); ++seed) {
    auto store = store::open_memory();
    sim::Live live(stage, *store, log_key);
    live.found();
    for (const auto& sent : sim::Workload(stage, seed, {true, true}).make(60)) live.send(sent);
    EXPECT_GT(compare_all(*store->snapshot(), test::kTownOrigin), 500) << "seed " << seed;
  }
}

class StandingInTime : public testing::Test {
 protected:
  std::unique_ptr<store::Store> store = golden_store();
  std::unique_ptr<store::View> view = store->snapshot();
  TimeUs time_of(std::int64_t seq) const {
    return log::parse_entry_text(view->entries(seq, 1).front())->time_us;
  }
  Account account(AccountId id) const { return view->get<Account>({id}).value(); }
};

TEST_F(StandingInTime, AMomentIsAfterTheLastEntryThatIsNotLater) {
  for (std::int64_t seq = 0; seq < view->size(); ++seq) {
    const bool last_of_its_time = seq + 1 == view->size() || time_of(seq + 1) != time_of(seq);
    if (!last_of_its_time) continue;
    EXPECT_EQ(last_entry_at(*view, time_of(seq)), seq);
    const bool next_comes_later = seq + 1 == view->size() || time_of(seq + 1) > time_of(seq) + 1;
    if (next_comes_later) {
      EXPECT_EQ(last_entry_at(*view, time_of(seq) + 1), seq);
    }
  }
  EXPECT_EQ(last_entry_at(*view, time_of(0) - 1), -1);
  EXPECT_EQ(standing_at(*view, account(kIssuance), time_of(0) - 1).error().code, Code::not_found);
}

// What may be spent is what is good on that day, though the lots are the same: looked at in each pause
// between two entries in which a lot passes.
TEST_F(StandingInTime, ALotThatHasPassedIsNotAvailable) {
  const test::Town town;
  const Account now = account(town.resident.account);
  int passed = 0;
  for (std::int64_t seq = 0; seq + 1 < view->size(); ++seq) {
    const auto then = standing_after(*view, now, seq);
    if (!then) continue;
    for (const Lot& lot : then->lots) {
      const TimeUs over_us = day_start_us(lot.day + 1);
      if (over_us <= then->at_us || over_us >= time_of(seq + 1)) continue;
      const auto good = standing_at(*view, now, over_us - 1), gone = standing_at(*view, now, over_us);
      ASSERT_TRUE(good && gone);
      EXPECT_LE(gone->available.value, good->available.value - lot.points.value) << "entry " << seq;
      EXPECT_EQ(gone->available, spendable(then->lots, lot.day + 1));
      EXPECT_EQ(gone->balance, good->balance);
      EXPECT_EQ(gone->lots, then->lots);
      EXPECT_EQ(gone->at_us, over_us);
      ++passed;
    }
  }
  EXPECT_GT(passed, 0);
}

TEST_F(StandingInTime, NobodyStandsBeforeTheyCame) {
  const test::Town town;
  const Account now = account(town.resident.account);
  std::int64_t opened = 0;
  while (!standing_after(*view, now, opened)) ++opened;
  EXPECT_GT(opened, 0);
  EXPECT_EQ(standing_after(*view, now, opened - 1).error().code, Code::not_found);
  EXPECT_EQ(standing_after(*view, now, opened)->balance, Points{0});
  EXPECT_EQ(standing_after(*view, now, view->size()).error().code, Code::not_found);
  EXPECT_EQ(standing_after(*view, now, -1).error().code, Code::not_found);
}

// Reading has an end, be it on the way back or in search of who set a state before.
TEST_F(StandingInTime, CostsOneReadingOfEachEntryAndNoMoreThanTheMost) {
  const test::Town town;
  const auto all = view->entries_of(kIssuance, view->size(), 1000);
  ASSERT_GT(all.size(), 1U);
  const auto later = static_cast<std::int64_t>(all.size());
  const Account issuance = account(kIssuance);
  EXPECT_TRUE(standing_after(*view, issuance, 0, later));
  EXPECT_EQ(standing_after(*view, issuance, 0, later - 1).error().code, Code::too_large);
  EXPECT_TRUE(standing_after(*view, issuance, all.front(), 0)) << "nothing came after it";

  const Account newcomer = account(town.newcomer.account);
  const auto own = view->entries_of(newcomer.id, view->size(), 1000);
  const std::int64_t verified = own.front();  // its newest entry, before which it was of level `phone`
  const auto before = standing_after(*view, newcomer, verified - 1);
  ASSERT_TRUE(before);
  ASSERT_NE(before->level, newcomer.level);
  EXPECT_TRUE(standing_after(*view, newcomer, verified - 1, std::ssize(own)));
  EXPECT_EQ(standing_after(*view, newcomer, verified - 1, std::ssize(own) - 1).error().code, Code::too_large)
      << "the opening said what the level had been";
}

}  // namespace
}  // namespace dfb::programme
