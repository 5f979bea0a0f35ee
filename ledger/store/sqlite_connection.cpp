#include "ledger/store/sqlite_connection.h"

#include <atomic>

#include "ledger/base/check.h"

namespace dfb::store {
namespace {

// The programme's statements are written out in its source; a caller that pastes values into texts would fill
// this.
constexpr std::size_t kStatementsMax = 1000;
constexpr int kPagesAtOnce = 256;

std::string describe(int code, const std::string& message) {
  switch (code) {
    case SQLITE_FULL:
      return message + " (SQLITE_FULL): free some space";
    case SQLITE_IOERR:
      return message + " (SQLITE_IOERR): the disk failed or is full";
    case SQLITE_BUSY:
      return message + " (SQLITE_BUSY)";
    case SQLITE_READONLY:
      return message + " (SQLITE_READONLY): file or disk may not be written";
    case SQLITE_CANTOPEN:
      return message + " (SQLITE_CANTOPEN): does the folder exist, and may it be read and written?";
    case SQLITE_CORRUPT:
      return message + " (SQLITE_CORRUPT): restore a backup";
    case SQLITE_NOTADB:
      return message + " (SQLITE_NOTADB)";
    default:
      return message;
  }
}

void bind(sqlite3_stmt* statement, int index, const sql::Value& value) {
  int result = SQLITE_OK;
  if (const auto* number = std::get_if<std::int64_t>(&value))
    result = sqlite3_bind_int64(statement, index, *number);
  else if (const auto* text = std::get_if<std::string>(&value))
    result = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  else if (const auto* bytes = std::get_if<sql::Bytes>(&value))
    result = sqlite3_bind_blob64(statement, index, bytes->data.data() ? bytes->data.data() : "",
                                 bytes->data.size(), SQLITE_STATIC);
  else
    result = sqlite3_bind_null(statement, index);
  if (result != SQLITE_OK)
    throw SqliteError(result & 0xff,
                      "parameter ?" + std::to_string(index) + " of a statement: " + sqlite3_errstr(result));
}

sql::Value value_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return sql::Bytes{size == 0 ? std::string() : std::string(bytes, size)};
    }
    case SQLITE_FLOAT:
      throw sql::Error("a floating-point number is not in the portable subset");
    default:
      return std::monostate{};
  }
}

// A statement left half-way would hold its locks.
struct Reset {
  sqlite3_stmt* statement;
  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

}  // namespace

KeptStatement::KeptStatement(std::string text)
    : text_(std::move(text)), place_([] {
        static std::atomic<std::size_t> next = 0;
        return next++;
      }()) {}

SqliteConnection::SqliteConnection(const std::string& path) {
  sqlite3* db = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (result != SQLITE_OK) raise(result);
  // Another process may be running recovery or a backup: wait a little, but never for long.
  sqlite3_busy_timeout(db, 5000);
}

void SqliteConnection::configure() {
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA "
      "temp_store=MEMORY;"
      "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16384;");
}

void SqliteConnection::raise(int result) const {
  const int code = result & 0xff;
  throw SqliteError(code, describe(code, db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(result)));
}

SqliteConnection::Statement SqliteConnection::prepare(std::string_view statement) const {
  sqlite3_stmt* made = nullptr;
  const char* tail = nullptr;
  const int result = sqlite3_prepare_v3(db_.get(), statement.data(), static_cast<int>(statement.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, &tail);
  if (result != SQLITE_OK) raise(result);
  Statement owned(made);
  DFB_CHECK(made != nullptr);  // an empty text
  const std::string_view rest(tail, static_cast<std::size_t>(statement.data() + statement.size() - tail));
  if (rest.find_first_not_of(" \n\t;") != rest.npos) throw sql::Error("more than one statement in a text");
  return owned;
}

sqlite3_stmt* SqliteConnection::prepared(std::string_view statement) {
  if (const auto found = statements_.find(statement); found != statements_.end()) return found->second.get();
  if (statements_.size() >= kStatementsMax) statements_.clear();
  return statements_.emplace(std::string(statement), prepare(statement)).first->second.get();
}

sqlite3_stmt* SqliteConnection::prepared(const KeptStatement& statement) {
  if (kept_.size() <= statement.place_) kept_.resize(statement.place_ + 1);
  Statement& kept = kept_[statement.place_];
  if (!kept) kept = prepare(statement.text_);
  return kept.get();
}

std::vector<sql::Row> SqliteConnection::run(std::string_view statement,
                                            const std::vector<sql::Value>& parameters) {
  sqlite3_stmt* const prepared_statement = prepared(statement);
  const Reset reset{prepared_statement};
  if (sqlite3_bind_parameter_count(prepared_statement) != static_cast<int>(parameters.size()))
    throw sql::Error("a statement with another number of parameters: " + std::string(statement));
  for (std::size_t i = 0; i < parameters.size(); ++i)
    bind(prepared_statement, static_cast<int>(i + 1), parameters[i]);
  std::vector<sql::Row> rows;
  for (;;) {
    const int result = sqlite3_step(prepared_statement);
    if (result == SQLITE_DONE) return rows;
    if (result != SQLITE_ROW) raise(result);
    std::vector<sql::Value> values;
    const int columns = sqlite3_column_count(prepared_statement);
    for (int column = 0; column < columns; ++column) values.push_back(value_of(prepared_statement, column));
    rows.emplace_back(std::move(values));
  }
}

SqliteConnection::Cursor::~Cursor() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void SqliteConnection::Cursor::bind(int at, std::int64_t number) {
  if (const int result = sqlite3_bind_int64(statement_, at, number); result != SQLITE_OK)
    connection_.raise(result);
}

void SqliteConnection::Cursor::bind_text(int at, std::string_view text) {
  const int result = sqlite3_bind_text64(statement_, at, text.data() ? text.data() : "", text.size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
  if (result != SQLITE_OK) connection_.raise(result);
}

void SqliteConnection::Cursor::bind_bytes(int at, std::string_view bytes) {
  const int result =
      sqlite3_bind_blob64(statement_, at, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
  if (result != SQLITE_OK) connection_.raise(result);
}

bool SqliteConnection::Cursor::step() {
  const int result = sqlite3_step(statement_);
  if (result != SQLITE_ROW && result != SQLITE_DONE) connection_.raise(result);
  return result == SQLITE_ROW;
}

std::string_view SqliteConnection::Cursor::text_or_bytes(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void SqliteConnection::script(const std::string& statements) {
  const int result = sqlite3_exec(db_.get(), statements.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) raise(result);
}

bool SqliteConnection::checkpoint_wal(bool truncate) {
  sqlite3_busy_timeout(db_.get(), 0);
  const int result = sqlite3_wal_checkpoint_v2(
      db_.get(), nullptr, truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, nullptr,
      nullptr);
  return result == SQLITE_OK;
}

void SqliteConnection::copy_to(SqliteConnection& to,
                               const std::function<void(std::int64_t, std::int64_t)>& progress) {
  // Within one read transaction every step sees the same moment. Without it a commit by another process would
  // start the copy again, and under load it would never end.
  run("BEGIN");
  (void)number("SELECT count(*) FROM sqlite_schema");
  const auto end = [](sqlite3_backup* backup) { sqlite3_backup_finish(backup); };
  std::unique_ptr<sqlite3_backup, decltype(end)> backup(
      sqlite3_backup_init(to.db_.get(), "main", db_.get(), "main"), end);
  if (!backup) to.raise(sqlite3_errcode(to.db_.get()));
  for (;;) {
    const int result = sqlite3_backup_step(backup.get(), kPagesAtOnce);
    const std::int64_t all = sqlite3_backup_pagecount(backup.get());
    progress(all - sqlite3_backup_remaining(backup.get()), all);
    if (result == SQLITE_DONE) break;
    if (result != SQLITE_OK) {
      backup.reset();
      throw SqliteError(result & 0xff, describe(result & 0xff, sqlite3_errstr(result)));
    }
  }
  backup.reset();
  run("COMMIT");
}

}  // namespace dfb::store
