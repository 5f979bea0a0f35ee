// Numbers in a request's query. Threads: pure.
#pragma once
#include <optional>
#include <string_view>

#include "api/routes/route.h"
#include "ledger/base/encoding.h"

namespace dfb::routes {

// None where it is not given; malformed where it is no decimal.
inline Result<std::optional<std::int64_t>> number_in_query(const Call& call, std::string_view name) {
  const std::string text = call.request.query_value(name);
  if (text.empty()) return std::optional<std::int64_t>();
  DFB_TRY(const std::int64_t value, parse_decimal(text));
  return std::optional(value);
}

}  // namespace dfb::routes
