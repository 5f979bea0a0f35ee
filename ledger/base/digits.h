// Decimal digits in texts: PINs, codes that are typed, barcodes. Threads: pure.
#pragma once
#include <algorithm>
#include <string_view>

namespace dfb {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Digits alone, and at least one; for their value see parse_decimal() in encoding.h.
constexpr bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace dfb
