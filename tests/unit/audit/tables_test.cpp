// Rows that do not fit into memory: what was put is what is read, wherever it lies, and a disk that fails is
// named.
#include <map>

#include "ledger/audit/compact_rows.h"
#include "ledger/base/random.h"
#include "tests/unit/audit/audited_town.h"
#include "tests/unit/audit/full_disk.h"

namespace dfb::audit {
namespace {

using namespace test;

constexpr std::size_t kKeySize = 8, kFilterBytes = 100'000;

// Few enough that they come again.
std::string some_key(Random& random) {
  std::string key(kKeySize, '\x5a');
  key.replace(0, 2, random.bytes(2));
  key[0] = static_cast<char>(key[0] & 15);
  return key;
}

struct Pair {
  SpillingTable table{kKeySize};
  std::map<std::string, std::string> plain;
  void put(const std::string& key, const std::string& value) {
    table.put(key, value);
    plain[key] = value;
  }
  void expect_same() const {
    auto next = plain.begin();
    table.each([&](const SpillingTable::Record& record) {
      ASSERT_NE(next, plain.end());
      ASSERT_EQ(record.key, next->first);
      ASSERT_EQ(record.value, next->second);
      ++next;
    });
    EXPECT_EQ(next, plain.end());
  }
};

TEST(AuditTables, AnyOrderOfOperationsGivesWhatAMapGives) {
  for (const std::size_t filter_bytes : {std::size_t{0}, std::size_t{2'000}, kFilterBytes}) {
    TempFolder folder;
    RunSpace space{folder.path(), filter_bytes};
    SeededRandom random(filter_bytes);
    {
      Pair pair;
      std::size_t most_runs = 0;
      for (int i = 0; i < 20'000; ++i) {
        const std::string key = some_key(random), dice = random.bytes(2);
        const auto size = static_cast<unsigned char>(dice[0]) / (i % 3 == 0 ? 1U : 8U);
        if (dice[1] & 1) {
          pair.put(key, std::string(size, static_cast<char>(i)));
        } else {
          const auto expected = pair.plain.find(key);
          const auto found = pair.table.find(key);
          ASSERT_EQ(found.data() != nullptr, expected != pair.plain.end()) << i;
          if (found.data() != nullptr) {
            ASSERT_EQ(found, expected->second) << i;
          }
        }
        if (i % 400 == 399) pair.table.spill(space);
        most_runs = std::max(most_runs, pair.table.runs());
        if (i % 5'000 == 3'333) pair.expect_same();
      }
      pair.expect_same();
      EXPECT_GT(most_runs, 3U);
      EXPECT_LT(most_runs, 10U) << "runs are merged";
    }
    EXPECT_EQ(space.filter_bytes_left, filter_bytes) << "runs give back what they took";
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the files have no names";
  }
}

TEST(AuditTables, ValuesOfEverySizeAndManySegments) {
  TempFolder folder;
  RunSpace space{folder.path(), kFilterBytes};
  Pair pair;
  SeededRandom random(3);
  for (const std::size_t size : {0U, 1U, 127U, 128U, 4'095U, 4'096U, 70'000U, 700'000U})
    pair.put(some_key(random), std::string(size, 'v'));
  for (int i = 0; i < 4'000; ++i) pair.put(some_key(random), std::string(400, static_cast<char>(i)));
  pair.expect_same();
  pair.table.spill(space);
  EXPECT_EQ(pair.table.bytes(), 0U);
  pair.expect_same();
  for (const auto& [key, value] : pair.plain) ASSERT_EQ(pair.table.find(key), value);
}

TEST(AuditTables, MissesSeldomReadARow) {
  constexpr int kRows = 20'000;
  for (const std::size_t filter_bytes : {std::size_t{0}, kFilterBytes}) {
    TempFolder folder;
    RunSpace space{folder.path(), filter_bytes};
    SpillingTable table(kKeySize);
    SeededRandom random(5);
    for (int i = 0; i < kRows; ++i) table.put(random.bytes(kKeySize), "v");
    table.spill(space);
    for (int i = 0; i < kRows; ++i) ASSERT_EQ(table.find(random.bytes(kKeySize)).data(), nullptr);
    EXPECT_LT(table.blocks_read(), kRows / 40);
  }
}

TEST(AuditTables, KeysBeyondARunDoNotTouchIt) {
  TempFolder folder;
  RunSpace space{folder.path(), 0};
  SpillingTable table(kKeySize);
  for (char c = 'b'; c < 'y'; ++c) table.put(std::string(kKeySize, c), "v");
  table.spill(space);
  EXPECT_EQ(table.find("aaaaaaaa").data(), nullptr);
  EXPECT_EQ(table.find("zzzzzzzz").data(), nullptr);
  EXPECT_EQ(table.blocks_read(), 0);
  EXPECT_EQ(table.find("bbbbbbbb"), "v");
  EXPECT_EQ(table.find("xxxxxxxx"), "v");
}

TEST(AuditTables, AFullDiskIsNamed) {
  TempFolder folder;
  RunSpace space{folder.path(), 0};
  Pair pair;
  for (char c = 'a'; c < 'z'; ++c) pair.put(std::string(kKeySize, c), std::string(1'000, c));
  const FullDisk full(10'000);
  try {
    pair.table.spill(space);
    FAIL() << "nothing was thrown";
  } catch (const TempError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find(folder.path() + ": a temporary file cannot be written: "), std::string::npos) << what;
    EXPECT_NE(what.find("--temp"), std::string::npos) << what;
  }
  pair.expect_same();
}

TEST(AuditTables, AFolderThatIsNotThereIsNamed) { EXPECT_THROW(TempFile("/nowhere/at/all"), TempError); }

TEST(AuditRows, WhatWasPutIsWhatIsRead) {
  const auto l = lived();
  for (const std::size_t limit : {0U, 2'000U, 10'000'000U}) {
    TempFolder folder;
    CompactRows rows({limit, folder.path()});
    // Each is put twice, first with another's values, so that the newer has to hide the older.
    dfb::book::for_each_row_type([&]<class Row>() {
      const auto& all = l.town.ledger.rows().all<Row>();
      for (const auto& [key, row] : all) {
        Row other = all.begin()->second;
        book::set_key(other, key);
        rows.put(other);
      }
      for (const auto& [key, row] : all) rows.put(row);
    });
    EXPECT_EQ(rows.runs() > 0, limit < 10'000) << limit;
    EXPECT_LE(rows.bytes(), limit);
    dfb::book::for_each_row_type([&]<class Row>() {
      for (const auto& [key, row] : l.town.ledger.rows().all<Row>()) {
        const auto read = rows.get<Row>(key);
        ASSERT_TRUE(read) << Row::kTable;
        EXPECT_EQ(columns_of(*read), columns_of(row)) << Row::kTable;
      }
    });
    EXPECT_FALSE(rows.get<book::Account>({book::AccountId{12345}}));
    std::vector<book::AccountId> accounts;
    rows.each<book::Account>([&](const book::Account& account) {
      accounts.push_back(account.id);
      EXPECT_EQ(columns_of(account), columns_of(l.town.ledger.account(account.id)));
    });
    EXPECT_EQ(accounts.size(), l.town.ledger.rows().all<book::Account>().size());
    EXPECT_TRUE(std::is_sorted(accounts.begin(), accounts.end()));
  }
}

}  // namespace
}  // namespace dfb::audit
