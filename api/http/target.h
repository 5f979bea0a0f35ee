// The request target, decoded strictly: one resource has no second spelling that a check could miss.
// Threads: pure functions.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace dfb::http {

struct Target {
  std::string path;   // decoded; begins with /
  std::string query;  // raw
};

// Origin form (/path?query) or absolute form (https://host/path?query). malformed for any other form, a bad
// or truncated %XX, an encoded slash or NUL, a control character, a fragment, or a path that is not UTF-8.
Result<Target> parse_target(std::string_view target);

// %XX decoded; nothing for a bad or truncated triplet. decode_form also reads + as a space.
std::optional<std::string> decode_percent(std::string_view text);
std::optional<std::string> decode_form(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace dfb::http
