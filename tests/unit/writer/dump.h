// Everything that a SQLite ledger holds, as text: for comparing two.
#pragma once
#include <string>

#include "ledger/base/encoding.h"
#include "ledger/store/store.h"

namespace dfb::test {

inline std::string text_of(const sql::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* bytes = std::get_if<sql::Bytes>(&value)) return hex_encode(bytes->data);
  return "null";
}

// Every table with every row in the order of its primary key, but the programme's own.
inline std::string dump(const store::View& view) {
  std::string out;
  std::vector<std::string> tables{"entry", "entry_account", "tile", "checkpoint"};
  book::for_each_row_type([&]<class Row>() { tables.emplace_back(Row::kTable); });
  for (const auto& table : tables) {
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
