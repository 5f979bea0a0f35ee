#include "ledger/store/schema.h"

namespace dfb::store {
namespace {

std::string_view type_name(ColumnType type) {
  switch (type) {
    case ColumnType::integer:
      return "INTEGER";
    case ColumnType::text:
      return "TEXT";
    case ColumnType::bytes:
      break;
  }
  return "BLOB";
}

template <class Row>
std::string create_table() {
  std::string columns, key_columns;
  for_each_column<Row>([&](const char* name, ColumnType type) {
    columns += "  " + std::string(name) + " " + std::string(type_name(type)) + " NOT NULL,\n";
  });
  typename Row::Key key{};
  Row::Key::columns(key, [&](const char* name, const auto&) {
    key_columns += (key_columns.empty() ? "" : ", ") + std::string(name);
  });
  return "CREATE TABLE " + std::string(Row::kTable) + " (\n" + columns + "  PRIMARY KEY (" + key_columns +
         ")\n) STRICT, WITHOUT ROWID;\n";
}

// Entries are history: not even this program can change one by mistake. `seq` grows by one from 0.
constexpr std::string_view kLog = R"(
CREATE TABLE entry (seq INTEGER PRIMARY KEY, text BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
CREATE TRIGGER entry_in_order BEFORE INSERT ON entry
  WHEN new.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM entry)
  BEGIN SELECT RAISE(ABORT, 'entries are numbered without gaps'); END;
CREATE TABLE entry_account (
  account TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE tile (
  level INTEGER NOT NULL, idx INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (level, idx)
) STRICT;
CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), note TEXT NOT NULL) STRICT;
)";

}  // namespace

std::string ledger_schema() {
  std::string text;
  book::for_each_row_type([&]<class Row>() { text += create_table<Row>(); });
  return text + std::string(kLog);
}

}  // namespace dfb::store
