// What the ledger derived for one entry. Bytes: docs/formats.md#outcomes.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/uuid.h"
#include "ledger/book/types.h"

namespace dfb::book {

struct Outcome {
  std::optional<Code> refused;
  std::optional<std::int64_t> policy;
  std::optional<Points> points;
  std::optional<AccountId> budget;
  Lots ate, got;  // in the order of eating and of putting back
  std::optional<Points> held, lapsed;
  std::optional<std::int64_t> undone;
  std::optional<Uuid> burnt;
  std::optional<Points> unrecovered;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

std::string format_outcome(const Outcome& outcome);
Result<Outcome> parse_outcome(std::string_view line);  // malformed

}  // namespace dfb::book
