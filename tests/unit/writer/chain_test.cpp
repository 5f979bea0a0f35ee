// Linked commands: all of them, one directly after the other, or none.
#include <gtest/gtest.h>

#include "ledger/writer/rebuild.h"
#include "tests/support/temp_folder.h"
#include "tests/support/dump.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::RunningTown;
using test::SignedLine;

class Chain : public testing::Test {
 protected:
  void SetUp() override {
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
  }
  Result<std::vector<Answer>> send(const std::vector<SignedLine>& lines) {
    std::vector<check::CheckedCommand> commands;
    for (const auto& line : lines) commands.push_back(town.check(line));
    return town.writer->run(std::move(commands));
  }
  std::int64_t size() const { return store->snapshot()->size(); }

  test::TempFolder folder;
  std::unique_ptr<store::Store> store = store::open_sqlite(folder.path("ledger.db"), {}).value();
  RunningTown town{*store};
  test::Town& people = town.town;
  const PrivateKey &officer = people.officer.key, &till = people.shop.key;
};

TEST_F(Chain, BecomesNeighbouringEntries) {
  const auto chain = people.chain({{people.award(people.resident, 30), &officer},
                                   {people.redeem(people.resident, 20), &till},
                                   {people.award(people.sibling, 5), &officer}});
  const auto first = size();
  const auto answers = send(chain);
  ASSERT_TRUE(answers) << to_string(answers.error());
  ASSERT_EQ(answers->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*answers)[i].seq, first + static_cast<std::int64_t>(i));
    EXPECT_EQ((*answers)[i].head->checkpoint.size, first + 3);
  }
  EXPECT_EQ(town.balance(people.resident.account), 10);
  EXPECT_TRUE(town.run(people.mint(5))) << "the chain is closed";
}

TEST_F(Chain, IsGoneWhenOneOfItIsRefused) {
  const auto chain = people.chain(
      {{people.award(people.resident, 30), &officer}, {people.redeem(people.resident, 31), &till}});
  const auto before = test::dump(*store->snapshot());
  const auto answers = send(chain);
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().code, Code::insufficient_points);
  EXPECT_EQ(test::dump(*store->snapshot()), before) << "nothing is burnt, nothing is left";
  EXPECT_TRUE(town.run(people.award(people.resident, 40)));
  EXPECT_TRUE(send(chain)) << "the same bytes may come again";
}

TEST_F(Chain, ARetryGetsTheFirstAnswers) {
  const auto chain = people.chain(
      {{people.award(people.resident, 30), &officer}, {people.award(people.sibling, 5), &officer}});
  const auto first = send(chain), again = send(chain);
  ASSERT_TRUE(first && again);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE((*again)[i].known);
    EXPECT_EQ((*again)[i].entry, (*first)[i].entry);
  }
}

TEST_F(Chain, ComesWholeAndInItsOrder) {
  const auto chain = people.chain(
      {{people.award(people.resident, 30), &officer}, {people.award(people.sibling, 5), &officer}});
  const auto code = [&](const std::vector<SignedLine>& lines) {
    const auto answers = send(lines);
    return answers ? Code::internal : answers.error().code;
  };
  const auto before = size();
  EXPECT_EQ(code({chain[0]}), Code::chain_broken);
  EXPECT_EQ(code({chain[1], chain[0]}), Code::chain_broken);
  EXPECT_EQ(code({chain[0], chain[1], people.mint(5)}), Code::chain_broken);
  EXPECT_EQ(code({people.mint(5), people.mint(6)}), Code::chain_broken);
  EXPECT_EQ(size(), before);
}

TEST_F(Chain, IsRebuiltAlike) {
  ASSERT_TRUE(send(people.chain(
      {{people.award(people.resident, 30), &officer}, {people.redeem(people.resident, 20), &till}})));
  town.writer->stop();
  auto again = store::open_sqlite(folder.path("again.db"), {}).value();
  const auto done = rebuild(*store, *again);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(test::dump(*again->snapshot()), test::dump(*store->snapshot()));
}

}  // namespace
}  // namespace dfb
