// A database of any older version of the programme is brought forward with what it holds.
#include <gtest/gtest.h>

#include "api/programme/schema.h"
#include "ledger/store/store.h"
#include "tests/support/temp_folder.h"

namespace dfb::programme {
namespace {

constexpr const char* kTables[] = {"person", "label", "card_pin", "good", "sale_good", "proposal", "staff", "reserved_good"};
using Rows = std::vector<std::pair<std::string, std::string>>;

// Name and statement of every table and index, in the order of names.
Rows schema_of(store::Store& store) {
  Rows rows;
  for (const auto& row :
       store.snapshot()->sql().run("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"))
    rows.emplace_back(row.text(0), row.text(1));
  return rows;
}
std::int64_t version_of(store::Store& store) {
  return store.snapshot()->sql().run("SELECT version FROM schema_version WHERE part = 'programme'").at(0).integer(0);
}

// One row in each of the programme's tables that are there, by the types of its columns; returns how many.
std::size_t fill(store::Store& store) {
  const auto transaction = store.begin();
  sql::Connection& sql = transaction->sql();
  std::size_t filled = 0;
  for (const char* table : kTables) {
    const auto columns = sql.run("SELECT type FROM pragma_table_info(?1) ORDER BY cid", {std::string(table)});
    if (columns.empty()) continue;
    std::string marks;
    std::vector<sql::Value> values;
    for (const auto& column : columns) {
      marks += (values.empty() ? "?" : ", ?") + std::to_string(values.size() + 1);
      if (column.text(0) == "BIGINT")
        values.emplace_back(std::int64_t{7});
      else if (column.text(0) == "BYTEA")
        values.emplace_back(sql::Bytes{"seven"});
      else
        values.emplace_back(std::string("七"));
    }
    sql.run("INSERT INTO " + std::string(table) + " VALUES (" + marks + ")", values);
    ++filled;
  }
  transaction->commit();
  return filled;
}

TEST(ProgrammeMigrations, EveryOlderVersionKeepsItsRows) {
  const auto& all = migrations();
  const test::TempFolder folder;
  const auto fresh = store::open_sqlite(folder.path("fresh.db"), all).value();
  for (std::size_t version = 1; version < all.size(); ++version) {
    SCOPED_TRACE(version);
    const std::string path = folder.path("from-" + std::to_string(version) + ".db");
    std::size_t filled = 0;
    {
      const auto old = store::open_sqlite(path, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(version)}).value();
      EXPECT_EQ(version_of(*old), static_cast<std::int64_t>(version));
      filled = fill(*old);
      EXPECT_GE(filled, 2U);
    }
    const auto forward = store::open_sqlite(path, all).value();
    EXPECT_EQ(version_of(*forward), static_cast<std::int64_t>(all.size()));
    EXPECT_EQ(schema_of(*forward), schema_of(*fresh));
    std::size_t kept = 0;
    for (const char* table : kTables)
      kept += static_cast<std::size_t>(
          forward->snapshot()->sql().run("SELECT count(*) FROM " + std::string(table)).at(0).integer(0));
    EXPECT_EQ(kept, filled);
  }
}

}  // namespace
}  // namespace dfb::programme
