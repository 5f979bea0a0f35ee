// A period in a person's words. Threads: pure.
#pragma once
#include <string_view>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"

namespace dfb::terminal {

struct Period {
  Day from = 0, to = 0;  // both included
};
// 2026-11-28, 2026-11, or two days with .. between; nothing: `today`. malformed.
Result<Period> parse_period(std::string_view text, Day today);

}  // namespace dfb::terminal
