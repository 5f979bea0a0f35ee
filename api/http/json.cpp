#include "api/http/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <set>

namespace dfb::http {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// Builds the value, and keeps each open object's fields to see one come twice: Boost.JSON's own parser
// silently keeps the last.
struct Builder {
  static constexpr std::size_t max_object_size = 4096;
  static constexpr std::size_t max_array_size = 100'000;
  static constexpr std::size_t max_key_size = 256;
  static constexpr std::size_t max_string_size = 1 << 24;

  boost::json::value_stack stack;
  std::vector<std::set<std::string>> fields;
  std::string key;
  std::string twice;

  bool on_document_begin(error_code&) {
    stack.reset();
    return true;
  }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    fields.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, error_code&) {
    fields.pop_back();
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    key.append(part.data(), part.size());
    stack.push_chars(part);
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code& error) {
    key.append(part.data(), part.size());
    stack.push_key(part);
    if (!fields.back().insert(key).second) {
      twice = key;
      error = boost::json::error::extra_data;
      return false;
    }
    key.clear();
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(string_view part, std::size_t, error_code&) {
    stack.push_string(part);
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) {
    stack.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    stack.push_uint64(number);
    return true;
  }
  bool on_double(double number, string_view, error_code& error) {
    if (!std::isfinite(number)) error = boost::json::error::exponent_overflow;
    stack.push_double(number);
    return !error;
  }
  bool on_bool(bool value, error_code&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

// A name from outside, cut and without what could break a log line.
std::string shown(std::string_view name) {
  std::string out(name.substr(0, 60));
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return out;
}

}  // namespace

Result<boost::json::value> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 16;
  boost::json::basic_parser<Builder> parser(options);
  error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!parser.handler().twice.empty()) {
    return fail(Code::malformed, "the field " + shown(parser.handler().twice) + " stands there twice");
  }
  if (!error && used < text.size()) error = boost::json::error::extra_data;
  if (error)
    return fail(Code::malformed,
                "the body is no JSON: " + error.message() + " at byte " + std::to_string(used));
  return parser.handler().stack.release();
}

namespace json_detail {

Error wrong(const std::string& where, std::string_view what) {
  return fail(Code::malformed,
              (where.empty() ? "the body " : "the field " + where + " ") + std::string(what));
}

std::string below(const std::string& where, std::string_view field) {
  return where.empty() ? shown(field) : where + "." + shown(field);
}

std::string below(const std::string& where, std::size_t index) {
  return where + "[" + std::to_string(index) + "]";
}

Result<void> read(const boost::json::value& from, const std::string& where, bool& to) {
  if (!from.is_bool()) return wrong(where, "must be true or false");
  to = from.get_bool();
  return ok();
}

Result<void> read(const boost::json::value& from, const std::string& where, double& to) {
  if (!from.is_number()) return wrong(where, "must be a number");
  to = from.to_number<double>();
  return ok();
}

Result<void> read(const boost::json::value& from, const std::string& where, std::string& to) {
  if (!from.is_string()) return wrong(where, "must be a string");
  to.assign(from.get_string().data(), from.get_string().size());
  return ok();
}

Result<void> read(const boost::json::value& from, const std::string& where, boost::json::object& to) {
  if (!from.is_object()) return wrong(where, "must be an object");
  to = from.get_object();
  return ok();
}

Result<void> read(const boost::json::value& from, const std::string&, boost::json::value& to) {
  to = from;
  return ok();
}

Result<void> refuse_unknown(const boost::json::object& object, const std::string& where,
                            const std::vector<std::string_view>& known) {
  for (const auto& member : object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return wrong(below(where, name), "is unknown");
    }
  }
  return ok();
}

}  // namespace json_detail
}  // namespace dfb::http
