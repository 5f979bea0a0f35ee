// An account's entries as lines that its holder can read: when, what for, how many points.
// Threads: as the view.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/book/types.h"
#include "ledger/store/store.h"

namespace dfb::programme {

struct StatementLine {
  std::int64_t seq = 0;
  TimeUs time_us = 0;
  std::string id, op, kind;  // as in the payload; kind is its `kind`, `act` or `purpose`
  std::int64_t points = 0;   // what the account gained (or, negative, lost)
  std::string reason_zh, reason_en;
  std::string refused;  // the refusal's name; such an entry moves nothing
};

// Below `before`, newest first, at most `limit`.
std::vector<StatementLine> statement(const store::View& view, const book::Account& account,
                                     std::int64_t before, std::int64_t limit);

}  // namespace dfb::programme
