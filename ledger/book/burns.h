// Which refusals burn a command's id by an entry, and how many a key may cause. Source: docs/refusals.md.
// Internal to the book.
#pragma once
#include "ledger/book/ruling.h"

namespace dfb::book {

// True for refusals of a redemption that the same bytes might not meet again a moment later. What can never
// change for the better (a code that was used, a limit inside the code) needs no entry.
constexpr bool depends_on_moment(Code code) {
  switch (code) {
    case Code::not_after_too_far:
    case Code::account_frozen:
    case Code::level_too_low:
    case Code::code_not_valid_now:
    case Code::limit_per_sale:
    case Code::limit_per_day:
    case Code::limit_count_per_day:
    case Code::balance_minimum:
    case Code::insufficient_points:
      return true;
    default:
      return false;
  }
}

// The refusal `code` of this command becomes an entry: a redemption or hold by a key in good standing that
// another moment might have allowed, or an offline sale that convicts the phone.
bool burns(const Ruling& ruling, Code code);

bool burns_exhausted(Ruling& ruling);
void count_burn(Ruling& ruling);

}  // namespace dfb::book
