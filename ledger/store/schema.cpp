#include "ledger/store/schema.h"

#include <algorithm>

#include "ledger/base/check.h"

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
         ")\n) STRICT, WITHOUT ROWID";
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

// There after a restore, until it is known what the outside has seen (sqlite_file.h).
constexpr std::string_view kRestored =
    "CREATE TABLE restored (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, at_us INTEGER "
    "NOT NULL) "
    "STRICT;\n";

// One row for each entry that changes the log's key (store.h).
constexpr std::string_view kLogKey =
    "CREATE TABLE log_key (seq INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;\n";

// Step n leads from version n + 1 to the next. A released step is never edited.
const std::vector<std::string>& steps() {
  static const std::vector<std::string> kSteps = {std::string(kRestored), std::string(kLogKey)};
  return kSteps;
}

}  // namespace

std::string ledger_schema() {
  std::string text;
  for (const auto& table : book_tables()) text += table.create + ";\n";
  return text + std::string(kLog) + std::string(kRestored) + std::string(kLogKey);
}

std::string ledger_migration(std::int64_t from) {
  DFB_CHECK(from >= 1 && std::ssize(steps()) == kLedgerSchema - 1);
  std::string text;
  for (auto n = static_cast<std::size_t>(from - 1); n < steps().size(); ++n) text += steps()[n];
  return text;
}

std::vector<Table> book_tables() {
  std::vector<Table> tables;
  book::for_each_row_type([&]<class Row>() { tables.push_back({Row::kTable, create_table<Row>()}); });
  return tables;
}

bool given_by_entries(std::string_view table) {
  if (table == "entry_account" || table == "tile" || table == "checkpoint" || table == "log_key") return true;
  const auto tables = book_tables();
  return std::any_of(tables.begin(), tables.end(), [&](const Table& one) { return one.name == table; });
}

}  // namespace dfb::store
