// The code that a phone shows for a reservation: a link that names the hold. Form: docs/formats.md#pick-up-code.
// Threads: pure.
#pragma once
#include <string_view>

#include "ledger/base/result.h"
#include "ledger/base/uuid.h"

namespace dfb::terminal {

// From a link to any server: which one it names proves nothing. malformed.
Result<Uuid> parse_pickup_url(std::string_view text);

}  // namespace dfb::terminal
