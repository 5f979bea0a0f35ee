// Lots as payloads and outcomes write them: [["2026-12-31",20],["2026-12-24",5,1]], the 1 marking a grace
// lot.
#pragma once
#include "ledger/base/strict_json.h"
#include "ledger/book/types.h"

namespace dfb::book {

void write_lots(json::Writer& writer, const Lots& lots);
// malformed for anything that write_lots() would not write of positive points up to kBalanceMax. Keeps the
// order.
Result<Lots> read_lots(const json::Array& array);

}  // namespace dfb::book
