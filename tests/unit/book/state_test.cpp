#include "ledger/book/state.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "ledger/book/command.h"
#include "ledger/book/memory_rows.h"
#include "tests/support/documented.h"

namespace dfb::book {
namespace {

CounterRow counter(std::int64_t value) { return {"rule patrol", value}; }
const CounterRow::Key kPatrol{"rule patrol"};

std::int64_t value_in(State& state) {
  const auto* row = state.find<CounterRow>(kPatrol);
  return row ? row->value : -1;
}
std::vector<std::int64_t> changes(const State& state) {
  std::vector<std::int64_t> values;
  state.for_each_change([&](const auto& row) {
    if constexpr (std::is_same_v<std::decay_t<decltype(row)>, CounterRow>) values.push_back(row.value);
  });
  return values;
}

TEST(BookState, ReadsThroughAndKeepsWhatItRead) {
  MemoryRows rows;
  State state(rows);
  EXPECT_EQ(state.find<CounterRow>(kPatrol), nullptr);
  rows.put(counter(1));
  EXPECT_EQ(state.find<CounterRow>(kPatrol), nullptr) << "one view for the whole batch";
  State later(rows);
  EXPECT_EQ(value_in(later), 1);
}

TEST(BookState, AcceptedChangesStayAndDroppedOnesVanish) {
  MemoryRows rows;
  rows.put(counter(1));
  State state(rows);
  state.put(counter(2));
  EXPECT_EQ(value_in(state), 2);
  EXPECT_TRUE(changes(state).empty()) << "not yet accepted";
  state.accept();
  EXPECT_EQ(changes(state), std::vector<std::int64_t>{2});
  state.put(counter(3));
  state.put(counter(4));
  EXPECT_EQ(value_in(state), 4);
  state.drop();
  EXPECT_EQ(value_in(state), 2);
  state.put(counter(5));
  state.accept();
  EXPECT_EQ(changes(state), std::vector<std::int64_t>{5});
  EXPECT_EQ(rows.all<CounterRow>().at(kPatrol).value, 1) << "the source is only read";
}

TEST(BookState, ServesOneBatchAfterTheOther) {
  MemoryRows rows, other;
  rows.put(counter(1));
  other.put(counter(7));
  State state(rows);
  EXPECT_EQ(value_in(state), 1);
  state.put(counter(2));
  state.accept();
  state.keep();
  state.read_from(other);
  EXPECT_EQ(value_in(state), 2) << "what was written is not read again";
  EXPECT_TRUE(changes(state).empty()) << "nor written again";
  state.put(counter(3));
  state.accept();
  EXPECT_EQ(changes(state), std::vector<std::int64_t>{3});
  state.forget();
  EXPECT_TRUE(changes(state).empty());
  EXPECT_EQ(value_in(state), 7) << "a batch that was lost leaves nothing, and all is read again";
}

TEST(BookState, KeepsNoMoreRowsOfATypeThanItMay) {
  MemoryRows rows;
  State state(3);
  state.read_from(rows);
  for (int i = 0; i < 4; ++i) {
    state.put(CounterRow{"c" + std::to_string(i), i});
    state.accept();
    state.keep();
    for (int k = 0; k <= i; ++k) {
      const auto* row = state.find<CounterRow>({"c" + std::to_string(k)});
      EXPECT_EQ(row != nullptr, i < 3) << i << ", " << k << ": the source, which has none, is asked again";
    }
  }
}

TEST(BookState, LetsGoOfWhatIsWrittenOnceAndNotAskedForAgain) {
  MemoryRows rows;
  State state(rows);
  CommandRow answer;
  answer.seq = 7;
  state.put(answer);
  state.put(counter(1));
  state.accept();
  EXPECT_NE(state.find<CommandRow>(answer.key()), nullptr) << "within its batch it is there";
  state.keep();
  EXPECT_EQ(state.find<CommandRow>(answer.key()), nullptr) << "the source, which has none, is asked again";
  EXPECT_EQ(value_in(state), 1);
}

TEST(BookState, KnowsARowBeforeAnybodyAsked) {
  MemoryRows rows;
  State state(rows);
  state.know(counter(4));
  EXPECT_EQ(value_in(state), 4);
  EXPECT_TRUE(changes(state).empty()) << "it is the source's";
  state.put(counter(5));
  state.accept();
  EXPECT_EQ(changes(state), std::vector<std::int64_t>{5});
}

TEST(BookState, ChangesComeInTheOrderOfTheirKeys) {
  MemoryRows rows;
  State state(rows);
  for (const char* name : {"b", "d", "a", "c"}) {
    state.put(CounterRow{name, 1});
    state.accept();
  }
  std::string names;
  state.for_each_change([&](const auto& row) {
    if constexpr (std::is_same_v<std::decay_t<decltype(row)>, CounterRow>) names += row.key().counter;
  });
  EXPECT_EQ(names, "abcd");
}

TEST(BookState, ASourceThatFailsLeavesNoRowBehind) {
  class Failing : public MemoryRows {
   public:
    using MemoryRows::read;
    std::optional<CounterRow> read(const CounterRow::Key&) const override {
      throw std::runtime_error("disk");
    }
  } failing;
  MemoryRows rows;
  rows.put(counter(1));
  State state(failing);
  EXPECT_THROW(value_in(state), std::runtime_error);
  state.read_from(rows);
  EXPECT_EQ(value_in(state), 1);
}

PolicyRow policy_row(std::int64_t version, TimeUs from_us, std::int64_t fen_per_point = 10) {
  auto payload = parse_payload(test::documented("payload", R"("act":"publish")")).value();
  auto& policy = std::get<PublishPolicy>(payload.body).policy;
  policy.version = version;
  policy.limits.fen_per_point = fen_per_point;
  return {version, from_us, format_payload(payload), version};
}
LedgerRow ledger_with(std::int64_t newest) {
  LedgerRow row;
  row.policy_version = newest;
  return row;
}
std::int64_t version_at(State& state, TimeUs now_us) {
  const auto* policy = state.policy_at(now_us);
  return policy ? policy->version : 0;
}

TEST(BookState, TheNewestPolicyInForceDecides) {
  MemoryRows rows;
  State empty(rows);
  EXPECT_EQ(empty.policy_at(1000), nullptr);
  rows.put(ledger_with(3));
  rows.put(policy_row(1, 100));
  rows.put(policy_row(2, 300));
  rows.put(policy_row(3, 200));
  State state(rows);
  EXPECT_EQ(version_at(state, 99), 0);
  EXPECT_EQ(version_at(state, 100), 1);
  EXPECT_EQ(version_at(state, 199), 1);
  EXPECT_EQ(version_at(state, 200), 3) << "version 3 came into force before 2";
  EXPECT_EQ(version_at(state, 300), 3) << "and is newer than 2 for ever";
  EXPECT_EQ(state.policy_at(300), state.policy_at(301)) << "read once";
}

TEST(BookState, ADroppedPolicyIsForgotten) {
  MemoryRows rows;
  State state(rows);
  state.put(ledger_with(1));
  state.put(policy_row(1, 100, 10));
  EXPECT_EQ(state.policy_at(100)->limits.fen_per_point, 10);
  state.drop();
  EXPECT_EQ(state.policy_at(100), nullptr);
  state.put(ledger_with(1));
  state.put(policy_row(1, 100, 20));
  EXPECT_EQ(state.policy_at(100)->limits.fen_per_point, 20);
  state.accept();
  EXPECT_EQ(state.policy_at(100)->limits.fen_per_point, 20);
}

TEST(BookState, ARowThatHoldsNoPolicyIsTheSourcesError) {
  MemoryRows rows;
  rows.put(ledger_with(1));
  State missing(rows);
  EXPECT_THROW(missing.policy_at(100), std::runtime_error);
  for (const auto& payload :
       {std::string("{}"), policy_row(2, 0).payload, test::documented("payload", R"("op":"cancel")")}) {
    rows.put(PolicyRow{1, 0, payload, 0});
    State state(rows);
    EXPECT_THROW(state.policy_at(100), std::runtime_error) << payload;
  }
}

}  // namespace
}  // namespace dfb::book
