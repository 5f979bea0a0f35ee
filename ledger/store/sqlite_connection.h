// One SQLite connection with its prepared statements. The one place that includes sqlite3.h, with its .cpp.
// Threads: one at a time.
#pragma once
#include <sqlite3.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "ledger/store/sql.h"

namespace dfb::store {

// What the engine said, with its primary result code (SQLITE_FULL, SQLITE_BUSY, …).
struct SqliteError : sql::Error {
  SqliteError(int code_in, const std::string& message) : sql::Error(message), code(code_in) {}
  int code;
};

// A statement that the program runs so often that even looking its text up would count: one place in every
// connection. Lives as long as the process (a function's static), so that there are never many.
class KeptStatement {
 public:
  explicit KeptStatement(std::string text);

 private:
  friend class SqliteConnection;
  const std::string text_;
  const std::size_t place_;
};

class SqliteConnection final : public sql::Connection {
 public:
  // Opens an existing file and changes nothing in it. Throws SqliteError, as every member does.
  explicit SqliteConnection(const std::string& path);
  // WAL, synchronous=FULL, no automatic checkpoints: what every connection to a ledger needs. REQUIRES: our
  // own file.
  void configure();

  using sql::Connection::run;
  std::vector<sql::Row> run(std::string_view statement, const std::vector<sql::Value>& parameters) override;
  // One run of a kept statement without values in between: bind() each parameter from 1 on, step() while it
  // is true, then text() and the like. What is bound stays the caller's and must outlive the run.
  class Cursor {
   public:
    Cursor(SqliteConnection& connection, const KeptStatement& statement)
        : connection_(connection), statement_(connection.prepared(statement)) {}
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    void bind(int at, std::int64_t number);
    void bind_text(int at, std::string_view text);
    void bind_bytes(int at, std::string_view bytes);
    bool step();
    bool is_integer(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_INTEGER; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::string_view text_or_bytes(int column) const;  // until the next step; null is empty

   private:
    SqliteConnection& connection_;
    sqlite3_stmt* const statement_;
  };
  // Several statements without parameters or results, not kept.
  void script(const std::string& statements);
  // The one integer that a statement answers.
  std::int64_t number(std::string_view statement) { return run(statement).at(0).integer(0); }
  // Truncating waits for nobody; false when readers or the writer were in the way.
  bool checkpoint_wal(bool truncate);
  // This database as of one moment, into `to`, whose content goes. Calls progress(pages done, pages).
  void copy_to(SqliteConnection& to, const std::function<void(std::int64_t, std::int64_t)>& progress);

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  struct HashText : std::hash<std::string_view> {
    using is_transparent = void;
  };

  [[noreturn]] void raise(int result) const;
  Statement prepare(std::string_view statement) const;
  sqlite3_stmt* prepared(std::string_view statement);
  sqlite3_stmt* prepared(const KeptStatement& statement);

  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<std::string, Statement, HashText, std::equal_to<>> statements_;  // gone before db_
  std::vector<Statement> kept_;                                                       // by their place
};

}  // namespace dfb::store
