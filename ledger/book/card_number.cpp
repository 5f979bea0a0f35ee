#include "ledger/book/card_number.h"

#include "ledger/base/check.h"

namespace dfb::book {
namespace {

constexpr std::string_view kPrefix = "DFBCARD";
constexpr std::size_t kDigits = 13;

// Luhn's sum over the digits, the last of which is the check digit.
int luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10;
}

}  // namespace

std::string card_digits(AccountId card) {
  DFB_CHECK(card.value < kCardNumbers);
  std::string digits = std::to_string(card.value);
  digits.insert(0, kDigits - 1 - digits.size(), '0');
  const int rest = luhn(digits + "0");
  return digits + static_cast<char>('0' + (10 - rest) % 10);
}

std::string card_text(AccountId card) { return std::string(kPrefix) + card_digits(card); }

Result<AccountId> parse_card(std::string_view text) {
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  std::string digits;
  for (char c : text) {
    if (c == ' ') continue;
    if (c < '0' || c > '9' || digits.size() == kDigits) return fail(Code::malformed, "no card's number");
    digits += c;
  }
  if (digits.size() != kDigits) return fail(Code::malformed, "a card's number has 13 digits");
  if (luhn(digits) != 0) return fail(Code::malformed, "the card's number is mistyped; read it again");
  return AccountId{std::stoull(digits.substr(0, kDigits - 1))};
}

}  // namespace dfb::book
