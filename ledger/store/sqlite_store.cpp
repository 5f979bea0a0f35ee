#include "ledger/store/sqlite_store.h"

#include <sys/stat.h>

#include <array>
#include <chrono>

#include "ledger/base/check.h"
#include "ledger/store/schema.h"

namespace dfb::store {
namespace {

constexpr std::size_t kPoolMax = 16;  // idle reading connections kept
constexpr auto kTidyEvery = std::chrono::seconds(1);
// Above this size the log is copied until nothing is left and cut, which keeps the writer waiting for a
// moment.
constexpr std::int64_t kLogBytesMax = 64 * 1024 * 1024;

using Cursor = SqliteConnection::Cursor;

// A row's columns on their way into a statement, from parameter 1 on. Texts, hashes and ids are bound where they
// lie; what has to be written out lives here. Row and key outlive it, and it outlives the statement's run.
class Bound {
 public:
  explicit Bound(Cursor& cursor) : cursor_(cursor) {}
  template <class Field>
  void operator()(const char* name, const Field& field) {
    ++at_;
    if constexpr (std::is_same_v<Field, Hash> || std::is_same_v<Field, Uuid>) {
      cursor_.bind_bytes(at_, field.view());
    } else if constexpr (std::is_same_v<Field, std::string>) {
      if (is_bytes<Field>(name))
        cursor_.bind_bytes(at_, field);
      else
        cursor_.bind_text(at_, field);
    } else {
      book::Column column = book::to_column(field);
      if (const auto* number = std::get_if<std::int64_t>(&column)) return cursor_.bind(at_, *number);
      DFB_CHECK(used_ < written_.size());
      std::string& text = written_[used_++] = std::get<std::string>(std::move(column));
      cursor_.bind_text(at_, text);
    }
  }

 private:
  Cursor& cursor_;
  int at_ = 0;
  std::array<std::string, 16> written_;
  std::size_t used_ = 0;
};

// The other way: a row's columns out of a statement's, from the first on.
class Read {
 public:
  Read(const Cursor& cursor, const char* table) : cursor_(cursor), table_(table) {}
  template <class Field>
  void operator()(const char* name, Field& field) {
    const auto column = cursor_.is_integer(at_) ? book::Column(cursor_.integer(at_))
                                                : book::Column(std::string(cursor_.text_or_bytes(at_)));
    ++at_;
    if (const auto read = book::from_column(column, field); !read)
      throw sql::Error(std::string(table_) + "." + name + ": " + to_string(read.error()));
  }

 private:
  const Cursor& cursor_;
  const char* table_;
  int at_ = 0;
};

// The reading half, the same for a View and a Transaction.
template <class Base>
class SqliteReads : public Base {
 public:
  explicit SqliteReads(SqliteConnection& connection) : connection_(connection) {}

  std::int64_t size() const override {
    return connection_.number("SELECT coalesce(max(seq) + 1, 0) FROM entry");
  }

  std::vector<std::string> entries(std::int64_t first, std::int64_t count) const override {
    std::vector<std::string> texts;
    for (auto& row :
         connection_.run("SELECT text FROM entry WHERE seq >= ?1 ORDER BY seq LIMIT ?2", {first, count}))
      texts.push_back(row.bytes(0));
    return texts;
  }

  std::vector<Hash> leaves(std::int64_t first, std::int64_t count) const override {
    std::vector<Hash> hashes;
    for (auto& row :
         connection_.run("SELECT leaf FROM entry WHERE seq >= ?1 ORDER BY seq LIMIT ?2", {first, count})) {
      if (row.bytes(0).size() != 32) throw sql::Error("entry.leaf: not a hash");
      hashes.push_back(Hash::from(row.bytes(0)));
    }
    return hashes;
  }

  std::optional<std::string> tile(int level, std::int64_t index) const override {
    auto rows =
        connection_.run("SELECT bytes FROM tile WHERE level = ?1 AND idx = ?2", {std::int64_t{level}, index});
    if (rows.empty()) return std::nullopt;
    return rows.front().bytes(0);
  }

  std::string checkpoint() const override {
    auto rows = connection_.run("SELECT note FROM checkpoint");
    return rows.empty() ? std::string() : rows.front().text(0);
  }

  std::vector<LogKeyNote> log_key_changes() const override {
    std::vector<LogKeyNote> changes;
    for (auto& row : connection_.run("SELECT seq, note FROM log_key ORDER BY seq"))
      changes.push_back({row.integer(0), row.text(1)});
    return changes;
  }

  std::vector<std::int64_t> entries_of(book::AccountId account, std::int64_t before,
                                       std::int64_t limit) const override {
    std::vector<std::int64_t> numbers;
    for (auto& row : connection_.run(
             "SELECT seq FROM entry_account WHERE account = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
             {to_string(account), before, limit}))
      numbers.push_back(row.integer(0));
    return numbers;
  }

  void read_ahead(book::State& state) const override {
    read_ahead_of<book::Account>(state);
    read_ahead_of<book::KeyRow>(state);
  }

  sql::Connection& sql() const override { return connection_; }

#define DFB_READ(Row) \
  std::optional<book::Row> read(const book::Row::Key& key) const override { return read_row<book::Row>(key); }
  DFB_BOOK_ROWS(DFB_READ)
#undef DFB_READ

 protected:
  SqliteConnection& connection_;

 private:
  template <class Row>
  std::optional<Row> read_row(const typename Row::Key& key) const {
    static const KeptStatement statement(select_statement<Row>());
    Cursor cursor(connection_, statement);
    Bound bound(cursor);
    Row::Key::columns(key, bound);
    if (!cursor.step()) return std::nullopt;
    Row row{};
    book::set_key(row, key);
    Row::columns(row, Read(cursor, Row::kTable));
    return row;
  }

  template <class Row>
  void read_ahead_of(book::State& state) const {
    static const KeptStatement statement(select_all_statement<Row>());
    Cursor cursor(connection_, statement);
    cursor.bind(1, static_cast<std::int64_t>(state.kept_rows() / 2));
    while (cursor.step()) {
      Row row{};
      typename Row::Key key{};
      Read read(cursor, Row::kTable);
      Row::Key::columns(key, read);
      book::set_key(row, key);
      Row::columns(row, read);
      state.know(std::move(row));
    }
  }
};

class SqliteView final : public SqliteReads<View> {
 public:
  SqliteView(SqliteStore& store, std::unique_ptr<SqliteConnection> connection)
      : SqliteReads(*connection), store_(store), owned_(std::move(connection)) {
    owned_->run("BEGIN");
    (void)size();  // the first read fixes what this snapshot sees
  }
  ~SqliteView() override {
    try {
      owned_->run("COMMIT");
      store_.give_back(std::move(owned_));
    } catch (const sql::Error&) {
      // A connection that cannot even end a read is closed with this view.
    }
  }

 private:
  SqliteStore& store_;
  std::unique_ptr<SqliteConnection> owned_;
};

class SqliteTransaction final : public SqliteReads<Transaction> {
 public:
  SqliteTransaction(std::unique_lock<std::mutex> turn, SqliteConnection& connection)
      : SqliteReads(connection), turn_(std::move(turn)) {
    connection_.run("BEGIN IMMEDIATE");
    size_ = SqliteReads::size();
  }
  ~SqliteTransaction() override {
    if (committed_) return;
    try {
      connection_.run("ROLLBACK");
    } catch (const sql::Error&) {
      // After some errors (a full disk) the engine has rolled back by itself, and there is nothing left to
      // undo.
    }
  }

  std::int64_t size() const override { return size_; }

  void append(std::int64_t seq, std::string_view text, const Hash& leaf,
              const std::vector<book::AccountId>& touched) override {
    DFB_CHECK(seq == size_);
    {
      static const KeptStatement statement("INSERT INTO entry (seq, text, leaf) VALUES (?1, ?2, ?3)");
      Cursor cursor(connection_, statement);
      cursor.bind(1, seq), cursor.bind_bytes(2, text), cursor.bind_bytes(3, leaf.view());
      cursor.step();
    }
    ++size_;
    for (const auto& account : touched) {
      static const KeptStatement statement("INSERT INTO entry_account (account, seq) VALUES (?1, ?2)");
      const auto id = to_string(account);
      Cursor cursor(connection_, statement);
      cursor.bind_text(1, id), cursor.bind(2, seq);
      cursor.step();
    }
  }

  void put_tile(const log::FullTile& tile) override {
    connection_.run("INSERT INTO tile (level, idx, bytes) VALUES (?1, ?2, ?3)",
                    {std::int64_t{tile.level}, tile.index, sql::Bytes{tile.bytes}});
  }
  void put_checkpoint(std::string_view note) override {
    connection_.run("REPLACE INTO checkpoint (one, note) VALUES (1, ?1)", {std::string(note)});
  }
  void put_log_key_change(const LogKeyNote& change) override {
    connection_.run("REPLACE INTO log_key (seq, note) VALUES (?1, ?2)", {change.seq, change.note});
  }

  void begin_savepoint() override {
    DFB_CHECK(!savepoint_);
    connection_.run("SAVEPOINT one");
    savepoint_ = true;
    size_at_savepoint_ = size_;
  }
  void keep_savepoint() override {
    DFB_CHECK(savepoint_);
    connection_.run("RELEASE one");
    savepoint_ = false;
  }
  void undo_savepoint() override {
    DFB_CHECK(savepoint_);
    connection_.run("ROLLBACK TO one");
    connection_.run("RELEASE one");
    savepoint_ = false;
    size_ = size_at_savepoint_;
  }

  void commit() override {
    DFB_CHECK(!savepoint_ && !committed_);
    // A crash on this line leaves a write-ahead log with or without the whole transaction; SQLite keeps the
    // whole or nothing when the file is next opened. synchronous=FULL makes it durable before this returns.
    connection_.run("COMMIT");
    committed_ = true;
  }

#define DFB_PUT(Row) \
  void put(const book::Row& row) override { put_row(row); }
  DFB_BOOK_ROWS(DFB_PUT)
#undef DFB_PUT

 private:
  template <class Row>
  void put_row(const Row& row) {
    static const KeptStatement statement(replace_statement<Row>());
    Cursor cursor(connection_, statement);
    Bound bound(cursor);
    const auto key = row.key();
    Row::Key::columns(key, bound);
    Row::columns(row, bound);
    cursor.step();
  }

  std::unique_lock<std::mutex> turn_;
  std::int64_t size_ = 0;  // nobody else can change it meanwhile
  std::int64_t size_at_savepoint_ = 0;
  bool savepoint_ = false;
  bool committed_ = false;
};

}  // namespace

SqliteStore::SqliteStore(std::string path, FileLock lock, std::unique_ptr<SqliteConnection> writing)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      writing_(std::move(writing)),
      tidy_thread_([this] { tidy(); }) {}

SqliteStore::~SqliteStore() {
  {
    const std::lock_guard guard(tidy_mutex_);
    closing_ = true;
  }
  tidy_wake_.notify_all();
  tidy_thread_.join();
}

std::unique_ptr<Transaction> SqliteStore::begin() {
  return std::make_unique<SqliteTransaction>(std::unique_lock(writing_mutex_), *writing_);
}

std::unique_ptr<View> SqliteStore::snapshot() {
  std::unique_ptr<SqliteConnection> connection;
  {
    const std::lock_guard guard(pool_mutex_);
    if (!pool_.empty()) {
      connection = std::move(pool_.back());
      pool_.pop_back();
    }
  }
  if (!connection) {
    connection = std::make_unique<SqliteConnection>(path_);
    connection->configure();
    connection->script("PRAGMA query_only=ON");
  }
  return std::make_unique<SqliteView>(*this, std::move(connection));
}

void SqliteStore::give_back(std::unique_ptr<SqliteConnection> reading) {
  const std::lock_guard guard(pool_mutex_);
  if (pool_.size() < kPoolMax) pool_.push_back(std::move(reading));
}

bool SqliteStore::log_is_long() const {
  struct stat status {};
  return ::stat((path_ + "-wal").c_str(), &status) == 0 && status.st_size > kLogBytesMax;
}

// A failure here (a full disk) loses nothing, since the write-ahead log keeps what was not moved; the next
// round tries again, and a commit that cannot be written tells its writer.
void SqliteStore::tidy() {
  std::unique_ptr<SqliteConnection> connection;
  std::unique_lock guard(tidy_mutex_);
  while (!tidy_wake_.wait_for(guard, kTidyEvery, [this] { return closing_; })) {
    try {
      if (!connection) {
        connection = std::make_unique<SqliteConnection>(path_);
        connection->configure();
      }
      connection->checkpoint_wal(false);
      if (!log_is_long()) continue;
      const std::lock_guard turn(writing_mutex_);
      connection->checkpoint_wal(true);
    } catch (const sql::Error&) {
      connection.reset();
    }
  }
}

}  // namespace dfb::store
