// The book's basic values. All are plain values; text forms are those of docs/formats.md#basic-values.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"

namespace dfb::book {

// An account's number. Reserved: 1 issuance, 2 expired, 3 settled, 4 offline loss; others are >= 2^32.
struct AccountId {
  std::uint64_t value = 0;
  friend auto operator<=>(const AccountId&, const AccountId&) = default;
};
inline constexpr AccountId kIssuance{1}, kExpired{2}, kSettled{3}, kOfflineLoss{4};
inline constexpr std::uint64_t kFirstFreeAccount = std::uint64_t{1} << 32;
std::string to_string(AccountId id);
Result<AccountId> parse_account(std::string_view text);  // malformed

// Points: a signed count that only adds up through checked arithmetic. One entry moves at most kPointsMax.
struct Points {
  std::int64_t value = 0;
  friend auto operator<=>(const Points&, const Points&) = default;
};
inline constexpr Points kPointsMax{1'000'000'000};
inline constexpr std::int64_t kBalanceMax = std::int64_t{1} << 52;
// amount_too_large when the sum leaves +-kBalanceMax.
Result<Points> add(Points a, Points b);
Result<Points> subtract(Points a, Points b);

// Points of one account that expire together, at the end of `day`.
struct Lot {
  Day day = 0;
  Points points;
  bool grace = false;  // made by a refund after its day; gets no second grace
  friend auto operator<=>(const Lot&, const Lot&) = default;  // by day first
};
using Lots = std::vector<Lot>;  // sorted, no two with equal (day, grace), none empty
Points total(const Lots& lots);

enum class AccountKind : std::uint8_t { issuance, budget, resident, shop, expired, settled, offline_loss };
enum class AccountState : std::uint8_t { open, frozen, closed };
enum class Level : std::uint8_t { none, phone, verified };
enum class KeyUse : std::uint8_t { root, server, device, site, till, ticket };
enum class Role : std::uint8_t { administrator, officer, reviewer, auditor };

enum class HoldPurpose : std::uint8_t { reserve, allowance, review };  // a command makes the first two

std::string_view name(HoldPurpose);
std::string_view name(AccountKind);
std::string_view name(AccountState);
std::string_view name(Level);
std::string_view name(KeyUse);
std::string_view name(Role);
// malformed for an unknown word. One overload a type: parse(text, out).
Result<void> parse(std::string_view text, HoldPurpose& out);
Result<void> parse(std::string_view text, AccountKind& out);
Result<void> parse(std::string_view text, AccountState& out);
Result<void> parse(std::string_view text, Level& out);
Result<void> parse(std::string_view text, KeyUse& out);
Result<void> parse(std::string_view text, Role& out);

// Names, scopes, memos and households: checks of the text's form.
bool is_name(std::string_view text);       // 1..32 of a-z 0-9 -
bool is_scope(std::string_view text);      // "/" or up to three "/name"
bool is_household(std::string_view text);  // 0..16 of A-Z 0-9
// True when `outer` is `inner` or lies above it.
bool covers(std::string_view outer, std::string_view inner);

}  // namespace dfb::book
