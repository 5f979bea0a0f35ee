#include "ledger/book/types.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/book/words.h"

namespace dfb::book {
namespace {

constexpr std::size_t kNameMax = 32, kHouseholdMax = 16, kScopeLevelsMax = 3;

constexpr Words<7> kAccountKinds{"issuance", "budget",  "resident",    "shop",
                                 "expired",  "settled", "offline_loss"};
constexpr Words<3> kAccountStates{"open", "frozen", "closed"};
constexpr Words<3> kHoldPurposes{"reserve", "allowance", "review"};
constexpr Words<3> kLevels{"none", "phone", "verified"};
constexpr Words<6> kKeyUses{"root", "server", "device", "site", "till", "ticket"};
constexpr Words<4> kRoles{"administrator", "officer", "reviewer", "auditor"};

Result<Points> within_balance(bool overflow, std::int64_t sum) {
  if (overflow || sum > kBalanceMax || sum < -kBalanceMax)
    return fail(Code::amount_too_large, "a balance would pass 2^52 points");
  return Points{sum};
}

}  // namespace

std::string to_string(AccountId id) { return crockford_encode(id.value); }

Result<AccountId> parse_account(std::string_view text) {
  DFB_TRY(auto value, crockford_decode(text));
  return AccountId{value};
}

Result<Points> add(Points a, Points b) {
  std::int64_t sum = 0;
  bool overflow = __builtin_add_overflow(a.value, b.value, &sum);
  return within_balance(overflow, sum);
}

Result<Points> subtract(Points a, Points b) {
  std::int64_t difference = 0;
  bool overflow = __builtin_sub_overflow(a.value, b.value, &difference);
  return within_balance(overflow, difference);
}

Points total(const Lots& lots) {
  Points sum;
  for (const auto& lot : lots) {
    // Every lot is part of a balance, which add() has kept within its bounds.
    DFB_CHECK(!__builtin_add_overflow(sum.value, lot.points.value, &sum.value));
  }
  return sum;
}

std::string_view name(HoldPurpose value) { return word(kHoldPurposes, value); }
std::string_view name(AccountKind value) { return word(kAccountKinds, value); }
std::string_view name(AccountState value) { return word(kAccountStates, value); }
std::string_view name(Level value) { return word(kLevels, value); }
std::string_view name(KeyUse value) { return word(kKeyUses, value); }
std::string_view name(Role value) { return word(kRoles, value); }

Result<void> parse(std::string_view text, HoldPurpose& out) {
  return parse_word(kHoldPurposes, text, "purpose", out);
}
Result<void> parse(std::string_view text, AccountKind& out) {
  return parse_word(kAccountKinds, text, "kind of account", out);
}
Result<void> parse(std::string_view text, AccountState& out) {
  return parse_word(kAccountStates, text, "state of an account", out);
}
Result<void> parse(std::string_view text, Level& out) { return parse_word(kLevels, text, "level", out); }
Result<void> parse(std::string_view text, KeyUse& out) {
  return parse_word(kKeyUses, text, "use of a key", out);
}
Result<void> parse(std::string_view text, Role& out) { return parse_word(kRoles, text, "role", out); }

bool is_name(std::string_view text) {
  auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= kNameMax && std::all_of(text.begin(), text.end(), allowed);
}

bool is_scope(std::string_view text) {
  if (text == "/") return true;
  std::size_t levels = 0;
  while (!text.empty()) {
    if (text.front() != '/' || ++levels > kScopeLevelsMax) return false;
    text.remove_prefix(1);
    auto end = std::min(text.find('/'), text.size());
    if (!is_name(text.substr(0, end))) return false;
    text.remove_prefix(end);
  }
  return levels > 0;
}

bool is_household(std::string_view text) {
  auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return text.size() <= kHouseholdMax && std::all_of(text.begin(), text.end(), allowed);
}

bool covers(std::string_view outer, std::string_view inner) {
  if (outer == "/" || outer == inner) return true;
  return !outer.empty() && inner.size() > outer.size() && inner.starts_with(outer) &&
         inner[outer.size()] == '/';
}

}  // namespace dfb::book
