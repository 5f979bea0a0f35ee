// Nothing but entries counts: every other table comes out of them again.
#include "ledger/writer/rebuild.h"

#include <gtest/gtest.h>

#include "ledger/log/merkle.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/writer/dump.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::RunningTown;

class Rebuild : public testing::Test {
 protected:
  void SetUp() override {
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
    live();
    town.writer->stop();
  }
  // A day in the town, with every kind of ending: accepted, refused by an entry, undone.
  void live() {
    auto& people = town.town;
    const auto good = [&](const test::SignedLine& line) {
      auto answer = town.run(line);
      ASSERT_TRUE(answer) << to_string(answer.error()) << "\n" << line.payload;
    };
    good(people.award(people.resident, 90));
    good(people.check_in(people.resident));
    const auto sale = people.redeem(people.resident, 60);
    good(sale);
    good(people.refund(sale.id, people.resident, 20));
    town.clock.advance(kMinuteUs);
    people.now_us += kMinuteUs;
    const auto second = people.redeem(people.resident, 10);
    good(second);
    good(people.cancel(second.id));
    good(people.cancel(people.next_id()));          // an unseen id
    good(people.redeem(people.sibling, 10));        // nothing to spend: refused by an entry
    std::vector<std::future<Result<Answer>>> many;  // more than a tile holds
    for (int i = 0; i < 300; ++i) many.push_back(town.submit(people.mint(i + 1)));
    for (auto& answer : many) ASSERT_TRUE(answer.get());
  }
  std::unique_ptr<store::Store> open(const std::string& name) {
    return store::open_sqlite(folder.path(name), {}).value();
  }

  test::TempFolder folder;
  std::unique_ptr<store::Store> store = open("ledger.db");
  RunningTown town{*store};
};

TEST_F(Rebuild, GivesEveryRowAgain) {
  auto again = open("again.db");
  const auto done = rebuild(*store, *again);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(test::dump(*again->snapshot()), test::dump(*store->snapshot()));
  RunningTown successor(*again, town.log_key);
  EXPECT_TRUE(successor.start());
}

// Whatever the town did: the seed chooses, and most of it is refused one way or another.
TEST_F(Rebuild, GivesEveryRowAgainAfterAnyWeeks) {
  auto& people = town.town;
  ASSERT_TRUE(town.start());
  SeededRandom random(20261124);
  const auto pick = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.u64() % n); };
  std::vector<Uuid> sales{people.next_id()};
  int entered = 0;
  for (int i = 0; i < 400; ++i) {
    const TimeUs pause = pick(8) == 0 ? pick(40) * kHourUs : pick(20) * kSecondUs;
    town.clock.advance(pause), people.now_us += pause;
    const auto& who = pick(2) ? people.resident : people.sibling;
    const auto& at = pick(3) ? people.shop : people.other_shop;
    const auto sale = sales[static_cast<std::size_t>(pick(sales.size()))];
    const auto line = [&] {
      switch (pick(8)) {
        case 0:
          return people.award(who, 1 + pick(100));
        case 1:
          return people.check_in(who);
        case 2:
          return people.refund(sale, who, 1 + pick(30), at);
        case 3:
          return people.cancel(pick(2) ? sale : people.next_id(), at);
        case 4:
          return people.mint(1 + pick(50));
        case 5:
          return people.hand_in(1 + pick(50));
        default:
          return people.redeem(who, 1 + pick(60), at);
      }
    }();
    sales.push_back(line.id);
    entered += town.run(line).has_value();
    if (pick(10) == 0) (void)town.run(line);  // the same bytes again
  }
  EXPECT_GT(entered, 100);
  town.writer->stop();
  auto again = open("again.db");
  std::int64_t told = 0;
  const auto done = rebuild(*store, *again, [&](std::int64_t count, std::int64_t) { told = count; });
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(told, store->snapshot()->size());
  EXPECT_EQ(test::dump(*again->snapshot()), test::dump(*store->snapshot()));
}

TEST_F(Rebuild, FillsTheBooksTablesWhereTheyAreEmpty) {
  const auto before = test::dump(*store->snapshot());
  ASSERT_TRUE(replay_rows(*store));  // full ones stay
  EXPECT_EQ(test::dump(*store->snapshot()), before);
  const auto empty = [&] {
    auto transaction = store->begin();
    book::for_each_row_type(
        [&]<class Row>() { transaction->sql().run("DELETE FROM " + std::string(Row::kTable)); });
    transaction->commit();
  };
  empty();
  EXPECT_FALSE(town.start());
  const auto done = replay_rows(*store);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(test::dump(*store->snapshot()), before);
  EXPECT_TRUE(town.start());
}

TEST_F(Rebuild, GoesFromOneEngineToTheOther) {
  auto memory = store::open_memory();
  ASSERT_TRUE(rebuild(*store, *memory));
  auto again = open("again.db");
  ASSERT_TRUE(rebuild(*memory, *again));
  EXPECT_EQ(test::dump(*again->snapshot()), test::dump(*store->snapshot()));
}

TEST_F(Rebuild, AnEmptyStoreGivesAnEmptyStore) {
  auto empty = store::open_memory(), again = store::open_memory();
  EXPECT_TRUE(rebuild(*empty, *again));
  EXPECT_EQ(again->snapshot()->size(), 0);
}

// A copy of the entries with one changed; its own hashes and all fit, but not what the rules derive.
class RebuildTampered : public Rebuild {
 protected:
  Error tampered(std::int64_t target, const std::string& from, const std::string& to) {
    const auto view = store->snapshot();
    auto copy = store::open_memory(), again = store::open_memory();
    auto transaction = copy->begin();
    for (std::int64_t seq = 0; seq < view->size(); ++seq) {
      auto text = view->entries(seq, 1).at(0);
      if (seq == target) {
        const auto at = text.find(from);
        EXPECT_NE(at, text.npos) << text;
        text.replace(at, from.size(), to);
      }
      transaction->append(seq, text, log::leaf_hash(text), {});
    }
    transaction->put_checkpoint(view->checkpoint());
    transaction->commit();
    transaction.reset();
    const auto done = rebuild(*copy, *again);
    EXPECT_FALSE(done);
    return done ? Error{} : done.error();
  }
};

TEST_F(RebuildTampered, NamesTheEntryThatDoesNotFollow) {
  const std::int64_t last = store->snapshot()->size() - 1;
  for (auto [seq, from, to] : {std::tuple{std::int64_t{9}, "\"points\":100000", "\"points\":900000"},
                               std::tuple{last, "\n{}\n", "\n{\"policy\":1}\n"},
                               std::tuple{last, "defenbao/entry/v1\n", "defenbao/entry/v2\n"}}) {
    const auto error = tampered(seq, from, to);
    EXPECT_EQ(error.code, Code::corrupt);
    EXPECT_TRUE(error.detail.starts_with("entry " + std::to_string(seq) + ":")) << error.detail;
  }
}

TEST_F(RebuildTampered, ATimeThatOnlyTheTreeCoversIsMissedByTheRulesButNotByTheRoot) {
  const std::int64_t last = store->snapshot()->size() - 1;
  const auto error = tampered(last, "000000\n{", "000001\n{");
  EXPECT_EQ(error.code, Code::corrupt);
  EXPECT_NE(error.detail.find("checkpoint"), std::string::npos) << error.detail;
}

}  // namespace
}  // namespace dfb
