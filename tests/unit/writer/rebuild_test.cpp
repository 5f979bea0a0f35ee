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
    good(people.cancel(people.next_id()));    // an unseen id
    good(people.redeem(people.sibling, 10));  // nothing to spend: refused by an entry
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
