// Answers against the API's document: every successful answer that a test gets is one that the document
// describes.
#pragma once
#include <boost/json.hpp>
#include <string>

#include "api/http/message.h"
#include "api/routes/table.h"

namespace dfb::routes {

// Where a value departs from a schema; empty when it does not.
inline std::string departs(const boost::json::value& value, const boost::json::object& schema,
                           const std::string& where) {
  const auto* type = schema.if_contains("type");
  if (!type) return "";
  const std::string name(type->as_string());
  const bool fits = name == "string"    ? value.is_string()
                    : name == "integer" ? value.is_int64()
                    : name == "boolean" ? value.is_bool()
                    : name == "array"   ? value.is_array()
                                        : value.is_object();
  if (!fits) return where + " is no " + name;
  if (name == "array")
    for (const auto& item : value.as_array())
      if (auto wrong = departs(item, schema.at("items").as_object(), where + "[]"); !wrong.empty())
        return wrong;
  if (name != "object" || !schema.contains("properties")) return "";
  const auto& properties = schema.at("properties").as_object();
  if (const auto* required = schema.if_contains("required"))
    for (const auto& member : required->as_array())
      if (!value.as_object().contains(member.as_string()))
        return where + "." + std::string(member.as_string()) + " is missing";
  for (const auto& member : value.as_object()) {
    const std::string inner = where + "." + std::string(member.key());
    const auto* known = properties.if_contains(member.key());
    if (!known) return inner + " is not in the document";
    if (auto wrong = departs(member.value(), known->as_object(), inner); !wrong.empty()) return wrong;
  }
  return "";
}

// How many of the pattern's segments the path bears word for word, or -1 where it is not the pattern's.
inline int match(std::string_view pattern, std::string_view path) {
  int same = 0;
  while (!pattern.empty() && !path.empty()) {
    const auto cut = [](std::string_view& text) {
      const auto end = std::min(text.find('/', 1), text.size());
      const auto segment = text.substr(0, end);
      text.remove_prefix(end);
      return segment;
    };
    const auto wanted = cut(pattern), found = cut(path);
    if (wanted.ends_with("...}")) return same;
    if (wanted == found)
      ++same;
    else if (!wanted.starts_with("/{"))
      return -1;
  }
  return pattern.empty() && path.empty() ? same : -1;
}

// The route that a request is for, or nullptr.
inline const Route* route_of(const http::Request& request) {
  const Route* best = nullptr;
  int most = -1;
  for (const Route& route : table())
    if (const int same = route.method == request.method ? match(route.pattern, request.path) : -1;
        same > most)
      best = &route, most = same;
  return best;
}

// How the answer departs from what the document says of its route; empty for nothing.
inline std::string undocumented(const http::Request& request, const http::Response& answer) {
  const Route* route = route_of(request);
  if (!route || answer.status >= 300 || route->output.empty()) return "";
  return departs(boost::json::parse(answer.body), route->output, route->method + " " + route->pattern);
}

}  // namespace dfb::routes
