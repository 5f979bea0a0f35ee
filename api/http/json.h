// Bodies as plain structs: BOOST_DESCRIBE_STRUCT(T, (), (a, b, c)) gives reading, writing and the schema.
//
// Members may be bool, integers, double, std::string, described enums (by their enumerators' names),
// described structs, std::vector, std::optional (left out when empty, never null), std::map<std::string, …>,
// and boost::json::object or value for what is passed on as it is. Reading is strict: a field that is
// unknown, missing, there twice, null, or of the wrong type or range is malformed, and the detail names it
// (lots[2].points). Threads: pure functions.
#pragma once
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::http {

// Any JSON text of at most 16 levels, in UTF-8, no field twice in one object; malformed otherwise. For
// numbers past 2^63-1 the value is a double or unsigned and no integer member takes it unless it fits.
Result<boost::json::value> parse_json(std::string_view text);

template <class T>
Result<T> from_json(std::string_view body);
template <class T>
std::string to_json(const T& value);
// The schema of T, inline and whole. REQUIRES: T does not contain itself.
template <class T>
boost::json::object schema_of();

namespace json_detail {

template <class T>
using Members =
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
template <class T>
concept Struct = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;
template <class T>
concept Enum = boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

Error wrong(const std::string& where, std::string_view what);  // where: empty for the body itself
std::string below(const std::string& where, std::string_view field);
std::string below(const std::string& where, std::size_t index);
Result<void> read(const boost::json::value& from, const std::string& where, bool& to);
Result<void> read(const boost::json::value& from, const std::string& where, double& to);
Result<void> read(const boost::json::value& from, const std::string& where, std::string& to);
Result<void> read(const boost::json::value& from, const std::string& where, boost::json::object& to);
Result<void> read(const boost::json::value& from, const std::string& where, boost::json::value& to);
// The object's fields must be among `known`.
Result<void> refuse_unknown(const boost::json::object& object, const std::string& where,
                            const std::vector<std::string_view>& known);

template <Integer T>
Result<void> read(const boost::json::value& from, const std::string& where, T& to) {
  if (from.is_int64() && std::in_range<T>(from.get_int64())) {
    to = static_cast<T>(from.get_int64());
  } else if (from.is_uint64() && std::in_range<T>(from.get_uint64())) {
    to = static_cast<T>(from.get_uint64());
  } else {
    return wrong(where, from.is_int64() || from.is_uint64() ? "is out of range" : "must be an integer");
  }
  return ok();
}

template <Enum T>
Result<void> read(const boost::json::value& from, const std::string& where, T& to) {
  if (!from.is_string()) return wrong(where, "must be a string");
  const std::string_view text(from.get_string().data(), from.get_string().size());
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto word) {
    if (text != word.name) return;
    to = word.value;
    found = true;
  });
  return found ? ok() : Result<void>(wrong(where, "is none of the words that may stand there"));
}

template <class T>
Result<void> read(const boost::json::value& from, const std::string& where, std::vector<T>& to);
template <class T>
Result<void> read(const boost::json::value& from, const std::string& where, std::map<std::string, T>& to);

template <Struct T>
Result<void> read(const boost::json::value& from, const std::string& where, T& to) {
  if (!from.is_object()) return wrong(where, "must be an object");
  const boost::json::object& object = from.get_object();
  std::vector<std::string_view> known;
  Result<void> result = ok();
  boost::mp11::mp_for_each<Members<T>>([&](auto member) {
    known.push_back(member.name);
    if (result.has_error()) return;
    auto& field = to.*member.pointer;
    using Field = std::remove_reference_t<decltype(field)>;
    const boost::json::value* value = object.if_contains(member.name);
    if constexpr (is_optional<Field>) {
      if (value) result = read(*value, below(where, member.name), field.emplace());
    } else {
      result = value ? read(*value, below(where, member.name), field)
                     : Result<void>(wrong(below(where, member.name), "is missing"));
    }
  });
  if (result.has_error()) return result;
  return refuse_unknown(object, where, known);
}

template <class T>
Result<void> read(const boost::json::value& from, const std::string& where, std::vector<T>& to) {
  if (!from.is_array()) return wrong(where, "must be an array");
  for (const boost::json::value& element : from.get_array()) {
    T value{};  // not a reference into the vector, which std::vector<bool> would not give
    DFB_TRY_VOID(read(element, below(where, to.size()), value));
    to.push_back(std::move(value));
  }
  return ok();
}

template <class T>
Result<void> read(const boost::json::value& from, const std::string& where, std::map<std::string, T>& to) {
  if (!from.is_object()) return wrong(where, "must be an object");
  for (const auto& member : from.get_object()) {
    DFB_TRY_VOID(read(member.value(), below(where, member.key()), to[std::string(member.key())]));
  }
  return ok();
}

inline boost::json::value write(bool value) { return value; }
inline boost::json::value write(double value) { return value; }
inline boost::json::value write(const std::string& value) { return boost::json::value(value); }
inline boost::json::value write(const boost::json::object& value) { return value; }
inline boost::json::value write(const boost::json::value& value) { return value; }
boost::json::value write(Integer auto value) { return value; }

template <Enum T>
boost::json::value write(T value) {
  return boost::json::value(boost::describe::enum_to_string(value, ""));
}

template <class T>
boost::json::value write(const std::vector<T>& value);
template <class T>
boost::json::value write(const std::map<std::string, T>& value);

template <Struct T>
boost::json::value write(const T& value) {
  boost::json::object object;
  boost::mp11::mp_for_each<Members<T>>([&](auto member) {
    const auto& field = value.*member.pointer;
    if constexpr (is_optional<std::remove_cvref_t<decltype(field)>>) {
      if (field) object.emplace(member.name, write(*field));
    } else {
      object.emplace(member.name, write(field));
    }
  });
  return object;
}

template <class T>
boost::json::value write(const std::vector<T>& value) {
  boost::json::array array;
  for (const T& element : value) array.push_back(write(element));
  return array;
}

template <class T>
boost::json::value write(const std::map<std::string, T>& value) {
  boost::json::object object;
  for (const auto& [name, element] : value) object.emplace(name, write(element));
  return object;
}

template <class T>
struct Schema;

template <Struct T>
struct Schema<T> {
  static boost::json::object make() {
    boost::json::object properties;
    boost::json::array required;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
      using Field = std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>;
      if constexpr (is_optional<Field>) {
        properties.emplace(member.name, Schema<typename Field::value_type>::make());
      } else {
        properties.emplace(member.name, Schema<Field>::make());
        required.push_back(member.name);
      }
    });
    boost::json::object out{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) out.emplace("required", std::move(required));
    out.emplace("additionalProperties", false);
    return out;
  }
};

template <Enum T>
struct Schema<T> {
  static boost::json::object make() {
    boost::json::array words;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto word) { words.push_back(word.name); });
    return {{"type", "string"}, {"enum", std::move(words)}};
  }
};

template <Integer T>
struct Schema<T> {
  static boost::json::object make() {
    boost::json::object out{{"type", "integer"}, {"format", sizeof(T) > 4 ? "int64" : "int32"}};
    if (std::is_unsigned_v<T>) out.emplace("minimum", 0);
    return out;
  }
};

template <>
struct Schema<bool> {
  static boost::json::object make() { return {{"type", "boolean"}}; }
};
template <>
struct Schema<double> {
  static boost::json::object make() { return {{"type", "number"}}; }
};
template <>
struct Schema<std::string> {
  static boost::json::object make() { return {{"type", "string"}}; }
};
template <>
struct Schema<boost::json::object> {
  static boost::json::object make() { return {{"type", "object"}}; }
};
template <>
struct Schema<boost::json::value> {
  static boost::json::object make() { return {}; }
};
template <class T>
struct Schema<std::vector<T>> {
  static boost::json::object make() { return {{"type", "array"}, {"items", Schema<T>::make()}}; }
};
template <class T>
struct Schema<std::map<std::string, T>> {
  static boost::json::object make() {
    return {{"type", "object"}, {"additionalProperties", Schema<T>::make()}};
  }
};

}  // namespace json_detail

template <class T>
Result<T> from_json(std::string_view body) {
  DFB_TRY(const boost::json::value value, parse_json(body));
  T out{};
  DFB_TRY_VOID(json_detail::read(value, "", out));
  return out;
}

template <class T>
std::string to_json(const T& value) {
  return boost::json::serialize(json_detail::write(value));
}

template <class T>
boost::json::object schema_of() {
  return json_detail::Schema<T>::make();
}

}  // namespace dfb::http
