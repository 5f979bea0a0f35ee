#include "api/programme/text.h"

#include <boost/json.hpp>

namespace dfb::programme {

std::optional<std::size_t> character_count(std::string_view text) {
  // Boost.JSON validates UTF-8 while it parses a string; quotes and backslashes would need escapes there.
  std::string quoted = "\"";
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  boost::system::error_code error;
  boost::json::parse(quoted + "\"", error);
  if (error) return std::nullopt;
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string_view first_character(std::string_view text) {
  std::size_t end = text.empty() ? 0 : 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return text.substr(0, end);
}

}  // namespace dfb::programme
