// A printed card's number as people read, type and scan it: 12 decimal digits and a check digit (Luhn's), in
// the QR code behind "DFBCARD". Bytes: docs/formats.md#card.
#pragma once
#include <string>
#include <string_view>

#include "ledger/base/result.h"
#include "ledger/book/types.h"

namespace dfb::book {

inline constexpr std::uint64_t kCardNumbers = 1'000'000'000'000;  // from here on a number has no such text

std::string card_digits(AccountId card);  // 13 digits. REQUIRES: card.value < kCardNumbers
std::string card_text(AccountId card);    // what its QR code says
// Either of them; spaces between digits are let pass. malformed: not a card's number, or mistyped.
Result<AccountId> parse_card(std::string_view text);

}  // namespace dfb::book
