// What a till sold and gave back since its last Z report, by the ledger's entries alone: the second opinion
// on what the till says. Threads: as the view.
#pragma once
#include <cstdint>
#include <optional>

#include "ledger/book/command.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"
#include "ledger/store/store.h"

namespace dfb::programme {

struct ShiftFigures {
  std::int64_t count = 0, total = 0;       // sales that were not undone, and their points
  std::int64_t refunds = 0, refunded = 0;  // and what was given back
  std::optional<book::Record> last;        // the Z report before
  std::optional<book::Record> reading;     // the newest X report since
};

// Of the entries that this till signed for its shop, counted as docs/formats.md#totals says. Reads each entry of the shop since the till's last Z report once.
ShiftFigures shift_figures(const store::View& view, book::AccountId shop, const KeyId& till);

}  // namespace dfb::programme
