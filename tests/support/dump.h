// Everything that a SQLite ledger holds, as text: for comparing two.
#pragma once
#include <string>

#include "ledger/base/encoding.h"
#include "ledger/store/store.h"
#include "tests/support/temp_folder.h"

namespace dfb::test {

inline std::string text_of(const sql::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* bytes = std::get_if<sql::Bytes>(&value)) return hex_encode(bytes->data);
  return "null";
}

// The tables of the book and the log, whatever they are: none of a programme, nor the schema's version.
inline const std::vector<std::string>& ledger_tables() {
  static const std::vector<std::string> tables = [] {
    std::vector<std::string> names;
    const TempFolder folder;
    const auto empty = store::open_sqlite(folder.path("empty.db"), {}).value();
    const auto rows = empty->snapshot()->sql().run(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
        "AND name <> 'schema_version' ORDER BY name");
    for (const auto& row : rows) names.push_back(row.text(0));
    return names;
  }();
  return tables;
}

// Every one of these tables, with every row in the order of its primary key.
inline std::string dump(const store::View& view) {
  std::string out;
  for (const auto& table : ledger_tables()) {
    out += "== " + table + "\n";
    std::string order;
    for (const auto& column :
         view.sql().run("SELECT name FROM pragma_table_info('" + table + "') WHERE pk > 0 ORDER BY pk"))
      order += (order.empty() ? " ORDER BY " : ", ") + column.text(0);
    for (const auto& row : view.sql().run("SELECT * FROM " + table + order)) {
      for (std::size_t i = 0; i < row.size(); ++i) out += text_of(row.at(i)) + "|";
      out += "\n";
    }
  }
  return out;
}

}  // namespace dfb::test
