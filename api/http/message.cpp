#include "api/http/message.h"

#include <algorithm>

#include "api/http/target.h"

namespace dfb::http {

std::string_view Request::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

std::string Request::query_value(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const auto key = decode_form(pair.substr(0, equals));
    if (!key || *key != name) continue;
    if (equals == std::string_view::npos) return {};
    return decode_form(pair.substr(equals + 1)).value_or(std::string());
  }
  return {};
}

}  // namespace dfb::http
