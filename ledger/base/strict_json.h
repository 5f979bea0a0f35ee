// The strict subset of JSON that payloads, outcomes and quotes are written in.
//
// Objects, arrays, strings, integers with |n| < 2^53; no true, false, null, fractions, exponents or
// white space; nesting at most 4; no field twice in one object. Strings are the ASCII characters
// 0x20 to 0x7E without \ and ". Source: docs/formats.md#strict-json.
// Threads: values; parse() is pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::json {

struct Value;
using Array = std::vector<Value>;
using Object = std::vector<std::pair<std::string, Value>>;  // in the order written

struct Value {
  using Data = std::variant<std::int64_t, std::string, Array, Object>;
  Data data;
  // Declared here and defined below: clang 14 with libstdc++ 12 would else need Value whole inside itself.
  Value();
  explicit Value(Data value);
};
inline Value::Value() = default;
inline Value::Value(Data value) : data(std::move(value)) {}

// The whole text must be one value. Fails with malformed, naming the offset.
Result<Value> parse(std::string_view text);

// Reads one object's fields by name and then refuses what nobody asked for. The first failure is
// kept; getters after it answer with empty values, so that a reader may fetch all and ask once.
class Fields {
 public:
  explicit Fields(const Object& object) : object_(object), used_(object.size(), false) {}
  // For `value` that is not an object, done() fails.
  explicit Fields(const Value& value);

  bool has(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::string text(std::string_view name, std::size_t max_size);
  const Array& array(std::string_view name, std::size_t max_count);
  const Object& object(std::string_view name);
  void refuse(std::string detail);  // a field's content was wrong

  // malformed if a field was missing, of the wrong type or range, or unknown.
  Result<void> done();

 private:
  const Value* take(std::string_view name);
  const Object& object_;
  std::vector<bool> used_;
  std::string problem_;
};

// Writes the same subset. Fields stand in the order of the calls.
// REQUIRES: texts hold only allowed characters; |integers| < 2^53 (checked).
class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& value(std::string_view text);
  Writer& value(std::int64_t number);
  Writer& field(std::string_view name, std::string_view text) { return key(name).value(text); }
  Writer& field(std::string_view name, std::int64_t number) { return key(name).value(number); }
  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void separate();
  std::string out_;
};

// True when every character may stand in a strict string.
bool is_plain(std::string_view text);

}  // namespace dfb::json
