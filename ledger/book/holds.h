// Points set aside and their way back. Internal to the book. Rules: docs/formats.md#hold-resolve.
#pragma once
#include "ledger/book/rows.h"
#include "ledger/book/ruling.h"

namespace dfb::book {

// Gives what is still held back to the hold's account, of which `account` is the row in hand: a resident's
// lots with their days, or to `expired` where they have passed or the account is closed; a budget's points.
// Frees what the hold counted. Puts account and hold, and says in the outcome what became of the lots.
Result<void> free_hold(Ruling& ruling, HoldRow hold, Account account);

// A sale that is paid from what is held: the lots of the earliest days. Puts both accounts and the sale; the
// hold is changed in hand. REQUIRES: points <= hold.points.
Result<void> pay_from_hold(Ruling& ruling, HoldRow& hold, Account& resident, Account& shop, Points points,
                           const char* proof);

// `by` is a device of `account`. Notes key_wrong_use, signer_not_allowed.
void needs_own_device(Ruling& ruling, AccountId account);

// Sets the rule's points aside on the budget for the resident. `counters`: the caps that were counted.
Result<void> hold_for_review(Ruling& ruling, const Rule& rule, Account budget, const Account& resident,
                             std::string fact, std::vector<std::string> counters);

}  // namespace dfb::book
