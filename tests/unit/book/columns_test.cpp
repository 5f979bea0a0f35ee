#include "ledger/book/columns.h"

#include <gtest/gtest.h>

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "tests/support/sample_rows.h"

namespace dfb::book {
namespace {

const KeyId kKey = sha256("key"), kOther = sha256("other");
const Uuid kId = parse_uuid("019a5b3e-7c00-7abc-8def-000000000004").value();
const AccountId kHolder{kFirstFreeAccount + 7};

// Reads what columns_of() gave into a fresh row, key first, as an engine does.
template <class Row>
Row read_back(const Row& row) {
  auto columns = columns_of(row);
  std::size_t at = 0;
  auto take = [&](const char* name, auto& field) {
    auto read = from_column(columns.at(at++), field);
    EXPECT_TRUE(read) << Row::kTable << "." << name << ": " << to_string(read.error());
  };
  auto key = row.key();
  Row::Key::columns(key, take);
  Row out;
  set_key(out, key);
  Row::columns(out, take);
  EXPECT_EQ(at, columns.size());
  return out;
}

template <class Row>
void round_trip(const Row& row) {
  EXPECT_EQ(columns_of(read_back(row)), columns_of(row)) << Row::kTable;
  EXPECT_EQ(read_back(row).key(), row.key()) << Row::kTable;
  EXPECT_EQ(key_columns_of<Row>(row.key()).front(), columns_of(row).front()) << Row::kTable;
}

TEST(BookColumns, EveryRowTypeReadsBack) {
  round_trip(Account{kHolder,
                     AccountKind::resident,
                     AccountState::frozen,
                     Level::verified,
                     "/lijing/03",
                     "H7K2",
                     Points{50},
                     Points{10},
                     {{20'000, Points{15}, false}, {20'000, Points{5}, true}, {20'031, Points{20}, false}},
                     {kKey, kOther},
                     kOther,
                     1'795'484'400'000'000});
  round_trip(Account{kIssuance,
                     AccountKind::issuance,
                     AccountState::open,
                     Level::none,
                     "/",
                     "",
                     Points{-100'000},
                     {},
                     {},
                     {},
                     {},
                     0});
  round_trip(KeyRow{kKey, std::string("\0\x01 ;der", 8), KeyUse::till, kHolder, kOther, 1, 2, 3, 4, 1});
  round_trip(KeyRow{kKey, "der", KeyUse::root, AccountId{0}, kOther, 0, 0, 0, 0, 0});
  round_trip(RoleRow{kHolder, {{Role::officer, "/lijing", 5, 0}, {Role::auditor, "/", 0, 9}}});
  round_trip(RoleRow{kHolder, {}});
  round_trip(CardRow{kHolder, kHolder, 0, kOther, 7});
  round_trip(FactRow{"checkin patrol-evening 7ZK3M8Q2R5T1V 2026-11-24", 12});
  round_trip(CounterRow{"rule patrol account 7ZK3M8Q2R5T1V 2026-11-24", -2});
  round_trip(CommandRow{kId, kKey, 17, 1, 200});
  SaleRow sale;
  sale.id = kId, sale.seq = 9, sale.at_us = 10, sale.till = kKey, sale.undone = 1, sale.proof = "code";
  sale.resident = kHolder, sale.shop = AccountId{~std::uint64_t{0}};
  sale.points = Points{30}, sale.refunded = Points{5};
  sale.ate = {{20'031, Points{20}, false}, {20'000, Points{5}, true}};
  round_trip(sale);
  round_trip(TaskRow{{"patrol-evening", "patrol", "/lijing/03", 1, 2, kHolder, {kKey}, Review::all}, 4});
  round_trip(PolicyRow{3, 7, R"({"v":1})", 8});
  round_trip(test::sample_row<HoldRow>());
  round_trip(test::sample_row<AwardRow>());
  round_trip(test::sample_row<LedgerRow>());
}

TEST(BookColumns, ListsAreReadableText) {
  EXPECT_EQ(to_column(Lots{{parse_day("2026-12-31").value(), Points{20}, false},
                           {parse_day("2027-01-31").value(), Points{5}, true}}),
            Column("2026-12-31:20 2027-01-31:5g"));
  EXPECT_EQ(to_column(std::vector<Grant>{{Role::officer, "/lijing", 0, 0}, {Role::auditor, "/", 1, 2}}),
            Column("officer /lijing 0 0;auditor / 1 2"));
  EXPECT_EQ(to_column(Lots{}), Column(""));
}

template <class T>
void is_corrupt(std::initializer_list<Column> columns) {
  for (const auto& column : columns) {
    T out{};
    auto read = from_column(column, out);
    ASSERT_FALSE(read) << (column.index() == 1 ? std::get<1>(column) : std::to_string(std::get<0>(column)));
    EXPECT_EQ(read.error().code, Code::corrupt);
  }
}

TEST(BookColumns, WhatWasNeverWrittenIsCorrupt) {
  constexpr std::int64_t kNumber = 1;
  const std::string key = hash_text(kKey);
  is_corrupt<std::int64_t>({"1", ""});
  is_corrupt<std::string>({kNumber});
  is_corrupt<Points>({"1"});
  is_corrupt<Hash>({kNumber, "", std::string(31, 'x'), std::string(33, 'x')});
  is_corrupt<Uuid>({kNumber, "", std::string(15, 'x'), std::string(17, 'x')});
  is_corrupt<AccountId>({kNumber, "", "7zk3m8q2r5t1v", "G000000000000", "000000000001"});
  is_corrupt<Lots>({kNumber, " ", "2026-12-31:20 ", " 2026-12-31:20", "2026-12-31:20  2027-01-31:5",
                    "2026-12-31:", "2026-12-31:g", "2026-12-31:-5", "2026-12-31:05", "2026-12-32:5",
                    "2026-12-31 20", "2026-12-31:5G", "2026-12-31:5gg", "2026-12-31:0"});
  is_corrupt<std::vector<KeyId>>({kNumber, " ", key + " ", key + "," + key, key.substr(1), key + "  " + key});
  is_corrupt<std::vector<Grant>>({kNumber, ";", "officer", "officer /lijing 0", "officer /lijing 0 0;",
                                  "officer /lijing 0 0 0", "officer lijing 0 0", "officer /lijing 00 0",
                                  "mayor /lijing 0 0", "officer /lijing -1 0", "officer  /lijing 0 0"});
  is_corrupt<AccountKind>({kNumber, "", "Resident"});
  is_corrupt<AccountState>({kNumber, "", "shut"});
  is_corrupt<Level>({kNumber, "", "high"});
  is_corrupt<KeyUse>({kNumber, "", "phone"});
  is_corrupt<Review>({kNumber, "", "some"});
}

TEST(BookColumns, AFailedReadLeavesTheValueAlone) {
  Lots lots{{20'000, Points{1}, false}};
  EXPECT_FALSE(from_column(Column("2026-12-31:20 broken"), lots));
  EXPECT_EQ(lots, (Lots{{20'000, Points{1}, false}}));
}

}  // namespace
}  // namespace dfb::book
