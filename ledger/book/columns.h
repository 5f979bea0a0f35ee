// One column of a row as an integer or as bytes: what engines store and what dumps compare.
// Lists are text: lots "2026-12-31:20 2027-01-31:5g", key ids by space, grants "officer /lijing 0 0;…".
#pragma once
#include <string>
#include <variant>

#include "ledger/book/rows.h"

namespace dfb::book {

using Column = std::variant<std::int64_t, std::string>;

Column to_column(std::int64_t value);
Column to_column(const std::string& value);
Column to_column(const Hash& value);  // 32 bytes
Column to_column(const Uuid& value);  // 16 bytes
Column to_column(AccountId value);    // 13 characters
Column to_column(Points value);
Column to_column(const Lots& value);
Column to_column(const std::vector<KeyId>& value);
Column to_column(const std::vector<Grant>& value);
Column to_column(const std::vector<std::string>& value);  // no text of which holds ';'
Column to_column(HoldPurpose value);
Column to_column(AccountKind value);
Column to_column(AccountState value);
Column to_column(Level value);
Column to_column(KeyUse value);
Column to_column(Review value);

// The reverse; a stored value that to_column() never made is corrupt.
Result<void> from_column(const Column& column, std::int64_t& out);
Result<void> from_column(const Column& column, std::string& out);
Result<void> from_column(const Column& column, Hash& out);
Result<void> from_column(const Column& column, Uuid& out);
Result<void> from_column(const Column& column, AccountId& out);
Result<void> from_column(const Column& column, Points& out);
Result<void> from_column(const Column& column, Lots& out);
Result<void> from_column(const Column& column, std::vector<KeyId>& out);
Result<void> from_column(const Column& column, std::vector<Grant>& out);
Result<void> from_column(const Column& column, std::vector<std::string>& out);
Result<void> from_column(const Column& column, HoldPurpose& out);
Result<void> from_column(const Column& column, AccountKind& out);
Result<void> from_column(const Column& column, AccountState& out);
Result<void> from_column(const Column& column, Level& out);
Result<void> from_column(const Column& column, KeyUse& out);
Result<void> from_column(const Column& column, Review& out);

// The row's key columns and then its others, as values.
template <class Row>
std::vector<Column> columns_of(const Row& row) {
  std::vector<Column> out;
  auto key = row.key();
  auto put = [&](const char*, const auto& field) { out.push_back(to_column(field)); };
  Row::Key::columns(key, put);
  Row::columns(row, put);
  return out;
}
template <class Row>
std::vector<Column> key_columns_of(const typename Row::Key& key) {
  std::vector<Column> out;
  Row::Key::columns(key, [&](const char*, const auto& field) { out.push_back(to_column(field)); });
  return out;
}

// Puts a key's fields into a row that was read by it; rows keep their key in different members.
inline void set_key(Account& row, const Account::Key& key) { row.id = key.id; }
inline void set_key(KeyRow& row, const KeyRow::Key& key) { row.id = key.id; }
inline void set_key(CardRow& row, const CardRow::Key& key) { row.card = key.card; }
inline void set_key(RoleRow& row, const RoleRow::Key& key) { row.account = key.account; }
inline void set_key(FactRow& row, const FactRow::Key& key) { row.fact = key.fact; }
inline void set_key(CounterRow& row, const CounterRow::Key& key) { row.counter = key.counter; }
inline void set_key(CommandRow& row, const CommandRow::Key& key) { row.id = key.id; }
inline void set_key(SaleRow& row, const SaleRow::Key& key) { row.id = key.id; }
inline void set_key(HoldRow& row, const HoldRow::Key& key) { row.id = key.id; }
inline void set_key(AwardRow& row, const AwardRow::Key& key) { row.seq = key.seq; }
inline void set_key(TaskRow& row, const TaskRow::Key& key) { row.data.task = key.task; }
inline void set_key(PolicyRow& row, const PolicyRow::Key& key) { row.version = key.version; }
inline void set_key(LedgerRow&, const LedgerRow::Key&) {}

}  // namespace dfb::book
