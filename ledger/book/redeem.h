// Internal to the book: the parts of a redemption that others need.
#pragma once
#include "ledger/book/ruling.h"

namespace dfb::book {

// The device that proves the redemption is a live device of the account. Notes key_not_enrolled,
// key_wrong_use, signer_not_allowed, key_revoked, key_outside_dates.
void judge_proof_device(Ruling& ruling, const Transfer& transfer);

// The spellings of SaleRow::proof; also the names of the day's counters.
inline constexpr const char* kByCode = "code";
inline constexpr const char* kByQuote = "quote";

}  // namespace dfb::book
