// The offline allowances that tills have to know of. Reads the ledger's tables; keeps nothing.
// Threads: any, on a view of one's own.
#pragma once
#include <vector>

#include "ledger/book/rows.h"
#include "ledger/store/store.h"

namespace dfb::programme {

struct Allowances {
  std::vector<book::HoldRow> live;  // that may be spent, in the order of their entries
  std::vector<Uuid> stopped;        // all whose time is not over and that may not: released, or the phone or the
                                    // account may not spend
  bool more = false;                // live ones follow
};

// Those that were made after entry `after`, at most `most`.
Allowances allowances_after(const store::View& view, std::int64_t after, std::size_t most, TimeUs now_us);

// Tills that may be selling without a line: their keys are in force, or were revoked after `since_us`, which who has no
// line has not heard of.
std::int64_t count_tills(const store::View& view, TimeUs since_us);

// The newest sale, pick-up, refund or Z report that this till has signed, among the shop's newest entries;
// nothing when it is not there. Reads back to the till's enrolment, at most 20,000 of them.
std::optional<Uuid> last_of_till(const store::View& view, book::AccountId shop, const KeyId& till);

}  // namespace dfb::programme
