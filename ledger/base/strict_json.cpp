#include "ledger/base/strict_json.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace dfb::json {
namespace {

constexpr int kDepthMax = 4;
constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;
const Object kNoObject;
const Array kNoArray;

bool plain(char c) { return c >= 0x20 && c <= 0x7e && c != '\\' && c != '"'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Value> whole() {
    DFB_TRY(auto value, any(0));
    if (at_ != text_.size()) return bad("something after the end");
    return value;
  }

 private:
  Error bad(std::string_view what) const {
    return fail(Code::malformed, "at byte " + std::to_string(at_) + ": " + std::string(what));
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool eat(char c) { return peek() == c && at_ < text_.size() ? (++at_, true) : false; }

  Result<Value> any(int depth) {
    switch (peek()) {
      case '{': return object(depth + 1);
      case '[': return array(depth + 1);
      case '"': {
        DFB_TRY(auto value, string());
        return Value{std::move(value)};
      }
      default: return integer();
    }
  }

  Result<Value> object(int depth) {
    if (depth > kDepthMax) return bad("nested too deep");
    ++at_;
    Object fields;
    if (eat('}')) return Value{std::move(fields)};
    do {
      if (peek() != '"') return bad("a field's name expected");
      DFB_TRY(auto name, string());
      if (std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }))
        return bad("field " + name + " stands twice");
      if (!eat(':')) return bad("':' expected");
      DFB_TRY(auto value, any(depth));
      fields.emplace_back(std::move(name), std::move(value));
    } while (eat(','));
    if (!eat('}')) return bad("',' or '}' expected");
    return Value{std::move(fields)};
  }

  Result<Value> array(int depth) {
    if (depth > kDepthMax) return bad("nested too deep");
    ++at_;
    Array items;
    if (eat(']')) return Value{std::move(items)};
    do {
      DFB_TRY(auto value, any(depth));
      items.push_back(std::move(value));
    } while (eat(','));
    if (!eat(']')) return bad("',' or ']' expected");
    return Value{std::move(items)};
  }

  Result<std::string> string() {
    std::size_t begin = ++at_;
    while (at_ < text_.size() && plain(text_[at_])) ++at_;
    std::string value(text_.substr(begin, at_ - begin));
    if (!eat('"')) return bad("a character that a string may not hold");
    return value;
  }

  Result<Value> integer() {
    bool negative = eat('-');
    std::size_t begin = at_;
    std::int64_t value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + (peek() - '0');
      if (value > kIntegerMax) return bad("an integer of 2^53 or more");
      ++at_;
    }
    if (at_ == begin) return bad("a value expected");
    if (at_ - begin > 1 && text_[begin] == '0') return bad("a leading zero");
    if (negative && value == 0) return bad("a negative zero");
    return Value{negative ? -value : value};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Value> parse(std::string_view text) { return Reader(text).whole(); }

bool is_plain(std::string_view text) { return std::all_of(text.begin(), text.end(), plain); }

Fields::Fields(const Value& value)
    : object_(std::holds_alternative<Object>(value.data) ? std::get<Object>(value.data) : kNoObject),
      used_(object_.size(), false) {
  if (!std::holds_alternative<Object>(value.data)) refuse("an object expected");
}

bool Fields::has(std::string_view name) const {
  return std::any_of(object_.begin(), object_.end(), [&](const auto& field) { return field.first == name; });
}

const Value* Fields::take(std::string_view name) {
  for (std::size_t i = 0; i < object_.size(); ++i)
    if (object_[i].first == name) {
      used_[i] = true;
      return &object_[i].second;
    }
  refuse("field " + std::string(name) + " is missing");
  return nullptr;
}

std::int64_t Fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const Value* value = take(name);
  if (!value) return 0;
  const auto* number = std::get_if<std::int64_t>(&value->data);
  if (!number || *number < min || *number > max) {
    refuse("field " + std::string(name) + " wants an integer from " + std::to_string(min) + " to " +
           std::to_string(max));
    return 0;
  }
  return *number;
}

std::string Fields::text(std::string_view name, std::size_t max_size) {
  const Value* value = take(name);
  if (!value) return {};
  const auto* string = std::get_if<std::string>(&value->data);
  if (!string || string->size() > max_size) {
    refuse("field " + std::string(name) + " wants a string of at most " + std::to_string(max_size));
    return {};
  }
  return *string;
}

const Array& Fields::array(std::string_view name, std::size_t max_count) {
  const Value* value = take(name);
  if (!value) return kNoArray;
  const auto* items = std::get_if<Array>(&value->data);
  if (!items || items->size() > max_count) {
    refuse("field " + std::string(name) + " wants an array of at most " + std::to_string(max_count));
    return kNoArray;
  }
  return *items;
}

const Object& Fields::object(std::string_view name) {
  const Value* value = take(name);
  if (!value) return kNoObject;
  if (const auto* fields = std::get_if<Object>(&value->data)) return *fields;
  refuse("field " + std::string(name) + " wants an object");
  return kNoObject;
}

void Fields::refuse(std::string detail) {
  if (problem_.empty()) problem_ = std::move(detail);
}

Result<void> Fields::done() {
  for (std::size_t i = 0; i < object_.size(); ++i)
    if (!used_[i]) refuse("field " + object_[i].first + " is unknown");
  if (!problem_.empty()) return fail(Code::malformed, problem_);
  return ok();
}

void Writer::separate() {
  if (out_.empty()) return;
  char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  return *this;
}

Writer& Writer::value(std::string_view text) {
  DFB_CHECK(is_plain(text));
  separate();
  out_ += '"';
  out_ += text;
  out_ += '"';
  return *this;
}

Writer& Writer::value(std::int64_t number) {
  DFB_CHECK(number >= -kIntegerMax && number <= kIntegerMax);
  separate();
  out_ += std::to_string(number);
  return *this;
}

}  // namespace dfb::json
