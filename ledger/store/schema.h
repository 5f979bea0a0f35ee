// The tables of the ledger: the book's rows as generated from their own columns, and entries, tiles and
// checkpoint. Everything here is SQL text; nothing here touches a database.
#pragma once
#include <string>
#include <type_traits>
#include <vector>

#include "ledger/book/columns.h"
#include "ledger/store/sql.h"

namespace dfb::store {

inline constexpr int kApplicationId = 0x44464231;  // "DFB1", in the database file's header
inline constexpr std::int64_t kLedgerSchema = 3;   // raised with every change of the tables below

// All statements of version kLedgerSchema, in order.
std::string ledger_schema();
// What leads from an older version to kLedgerSchema, in the tables that entries do not give: 1 <= from <=
// kLedgerSchema.
std::string ledger_migration(std::int64_t from);

// The book's tables: name and statement. Where a file has others, they are made anew and filled from its
// entries.
struct Table {
  std::string name, create;
};
std::vector<Table> book_tables();
// Whether entries give the table's rows: the book's, tiles, whose statement shows which entry.
bool given_by_entries(std::string_view table);

enum class ColumnType : std::uint8_t { integer, text, bytes };

template <class Field>
bool is_bytes(std::string_view name) {
  return std::is_same_v<Field, Hash> || std::is_same_v<Field, Uuid> || name == "spki";
}

// Hashes, ids and keys are bytes; whatever else to_column() writes as a string is text that SQL can compare.
template <class Field>
ColumnType column_type(std::string_view name, const Field& field) {
  if (is_bytes<Field>(name)) return ColumnType::bytes;
  return std::holds_alternative<std::int64_t>(book::to_column(field)) ? ColumnType::integer
                                                                      : ColumnType::text;
}

// Calls f(name, type) for the key's columns and then the others.
template <class Row, class F>
void for_each_column(F&& f) {
  auto visit = [&](const char* name, const auto& field) { f(name, column_type(name, field)); };
  typename Row::Key key{};
  Row::Key::columns(key, visit);
  Row row{};
  Row::columns(row, visit);
}

template <class Row>
std::string select_statement() {
  std::string columns, where;
  Row row{};
  Row::columns(row, [&](const char* name, const auto&) {
    columns += (columns.empty() ? "" : ", ") + std::string(name);
  });
  typename Row::Key key{};
  int n = 0;
  Row::Key::columns(key, [&](const char* name, const auto&) {
    where += (n == 0 ? "" : " AND ") + std::string(name) + " = ?" + std::to_string(n + 1);
    ++n;
  });
  return "SELECT " + columns + " FROM " + Row::kTable + " WHERE " + where;
}

// Whole rows, key first, at most ?1 of them.
template <class Row>
std::string select_all_statement() {
  std::string columns;
  for_each_column<Row>(
      [&](const char* name, ColumnType) { columns += (columns.empty() ? "" : ", ") + std::string(name); });
  return "SELECT " + columns + " FROM " + Row::kTable + " LIMIT ?1";
}

template <class Row>
std::string replace_statement() {
  std::string columns, values;
  int n = 0;
  for_each_column<Row>([&](const char* name, ColumnType) {
    columns += (n == 0 ? "" : ", ") + std::string(name);
    values += (n == 0 ? "?" : ", ?") + std::to_string(n + 1);
    ++n;
  });
  return "REPLACE INTO " + std::string(Row::kTable) + " (" + columns + ") VALUES (" + values + ")";
}

// The row's columns, key first, as SQL values in the order of replace_statement().
template <class Row>
std::vector<sql::Value> values_of(const Row& row) {
  std::vector<sql::Value> values;
  auto put = [&](const char* name, const auto& field) {
    auto column = book::to_column(field);
    if (auto* number = std::get_if<std::int64_t>(&column))
      values.emplace_back(*number);
    else if (column_type(name, field) == ColumnType::bytes)
      values.emplace_back(sql::Bytes{std::get<std::string>(std::move(column))});
    else
      values.emplace_back(std::get<std::string>(std::move(column)));
  };
  auto key = row.key();
  Row::Key::columns(key, put);
  Row::columns(row, put);
  return values;
}

}  // namespace dfb::store
