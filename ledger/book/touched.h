// Whose statement shows an entry: pure, from the entry itself and what its payload names only by id.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/rows.h"

namespace dfb::book {

// Every account that the entry moved, held, opened, changed or was refused to, in order of mention, none
// twice. The ledger's own accounts (issuance, expired …) stand among them where they are a side of the move.
//
// `target`: the accounts of what the payload names only by id, which the caller knows: the two sides of the
// sale that a cancel undid, the account of the hold that a resolve ended, of the record that a reverse took
// back, of the key that was revoked. They come after those of the payload.
std::vector<AccountId> touched(const Payload& payload, const Outcome& outcome,
                               std::span<const AccountId> target = {});

// The two sides of a sale, hold or award, as `target` of what undoes or resolves it.
inline std::array<AccountId, 2> parties(const SaleRow& sale) { return {sale.resident, sale.shop}; }

// The holder, and the shop or resident for whom; an allowance has no other side than its holder.
inline std::array<AccountId, 2> parties(const HoldRow& hold) {
  return {hold.account, hold.purpose == HoldPurpose::allowance ? hold.account : hold.to};
}
inline std::array<AccountId, 2> parties(const AwardRow& award) { return {award.resident, award.budget}; }

}  // namespace dfb::book
