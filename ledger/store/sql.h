// SQL for the programme's own tables, in the portable subset: parameters ?1, ?2, …; integers, text and bytes.
//
// Errors of the engine throw sql::Error: a read fails alone, a write takes its savepoint or batch with it.
// Threads: one at a time; a connection belongs to the View or Transaction that lent it.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dfb::sql {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Bytes {
  std::string data;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

// One result row. The getters throw sql::Error when the column has another type.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  std::size_t size() const { return values_.size(); }
  const Value& at(std::size_t column) const { return values_.at(column); }
  bool null(std::size_t column) const { return std::holds_alternative<std::monostate>(at(column)); }
  std::int64_t integer(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  const std::string& bytes(std::size_t column) const;

 private:
  std::vector<Value> values_;
};

class Connection {
 public:
  virtual ~Connection() = default;
  // Runs one statement to its end. Statements are prepared once and kept by their text.
  virtual std::vector<Row> run(std::string_view statement, const std::vector<Value>& parameters) = 0;
  std::vector<Row> run(std::string_view statement, std::initializer_list<Value> parameters = {}) {
    return run(statement, std::vector<Value>(parameters));
  }
};

}  // namespace dfb::sql
