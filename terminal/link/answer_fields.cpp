#include "terminal/link/answer_fields.h"

#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

namespace js = boost::json;

constexpr std::size_t kAnswerTextMax = 200'000;

const js::value* find(const js::object& object, std::string_view field) {
  return object.if_contains({field.data(), field.size()});
}

std::string as_text(const js::value& value) { return {value.get_string().data(), value.get_string().size()}; }

}  // namespace

Result<AnswerFields> AnswerFields::of(std::string_view body) {
  js::parse_options options;
  options.max_depth = 16;
  boost::system::error_code error;
  js::value value = js::parse({body.data(), body.size()}, error, {}, options);
  if (error || !value.is_object())
    return fail(Code::malformed, "the town's answer is not the JSON that was expected");
  return AnswerFields(std::make_shared<const js::object>(std::move(value.get_object())));
}

Error AnswerFields::missing(std::string_view field) {
  return fail(Code::malformed, "the town's answer lacks a good `" + std::string(field) + "`");
}

bool AnswerFields::has(std::string_view field) const { return find(*object_, field) != nullptr; }

bool AnswerFields::holds(std::string_view field) const {
  const js::value* value = find(*object_, field);
  return value != nullptr && !value->is_null();
}

Result<std::string> AnswerFields::text(std::string_view field) const {
  const js::value* value = find(*object_, field);
  if (value == nullptr || !value->is_string() || value->get_string().size() > kAnswerTextMax) return missing(field);
  return as_text(*value);
}

Result<std::string> AnswerFields::shown(std::string_view field, int columns_max) const {
  DFB_TRY(const auto value, text(field));
  return cut(printable(value), columns_max);
}

Result<std::vector<std::string>> AnswerFields::texts(std::string_view field) const {
  const js::value* value = find(*object_, field);
  if (value == nullptr || !value->is_array()) return missing(field);
  std::vector<std::string> out;
  for (const js::value& one : value->get_array()) {
    if (!one.is_string()) return missing(field);
    out.push_back(as_text(one));
  }
  return out;
}

Result<std::int64_t> AnswerFields::integer(std::string_view field) const {
  const js::value* value = find(*object_, field);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return missing(field);
  return value->get_int64();
}

Result<book::Points> AnswerFields::points(std::string_view field) const {
  DFB_TRY(const auto value, integer(field));
  if (value > book::kBalanceMax) return missing(field);
  return book::Points{value};
}

Result<book::AccountId> AnswerFields::account(std::string_view field) const {
  DFB_TRY(const auto value, text(field));
  const auto parsed = book::parse_account(value);
  if (!parsed) return missing(field);
  return parsed.value();
}

Result<KeyId> AnswerFields::key(std::string_view field) const {
  DFB_TRY(const auto value, text(field));
  const auto parsed = parse_hash_text(value);
  if (!parsed) return missing(field);
  return parsed.value();
}

Result<Uuid> AnswerFields::uuid(std::string_view field) const {
  DFB_TRY(const auto value, text(field));
  return parse_uuid(value);
}

Result<bool> AnswerFields::boolean(std::string_view field) const {
  const js::value* value = find(*object_, field);
  if (value == nullptr || !value->is_bool()) return missing(field);
  return value->get_bool();
}

std::optional<AnswerFields> AnswerFields::object(std::string_view field) const {
  const js::value* value = find(*object_, field);
  if (value == nullptr || !value->is_object()) return std::nullopt;
  return AnswerFields({object_, &value->get_object()});
}

Result<std::vector<AnswerFields>> AnswerFields::objects(std::string_view field, std::size_t count_max) const {
  const js::value* value = find(*object_, field);
  if (value == nullptr || !value->is_array() || value->get_array().size() > count_max) return missing(field);
  std::vector<AnswerFields> out;
  for (const js::value& one : value->get_array()) {
    if (!one.is_object()) return missing(field);
    out.push_back(AnswerFields({object_, &one.get_object()}));
  }
  return out;
}

}  // namespace dfb::terminal
