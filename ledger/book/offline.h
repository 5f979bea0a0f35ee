// Sales by offline code. Internal to the book. Rules: docs/formats.md#transfer, "Offline sales".
#pragma once
#include "ledger/book/ruling.h"

namespace dfb::book {

// Takes the sale from its allowance. A refusal that convicts the phone is noted as the ruling's conviction.
Result<void> decide_offline(Ruling& ruling, const Transfer& transfer, const OfflineProof& proof, Account from,
                            Account to);

// What a conviction leaves beside its entry: the account's offline right is lost, and the shop's loss may be
// covered.
void convict(Ruling& ruling, const Transfer& transfer);

}  // namespace dfb::book
