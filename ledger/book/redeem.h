// Internal to the book: the parts of a redemption that others need.
#pragma once
#include "ledger/book/ruling.h"

namespace dfb::book {

// The device or card that proves the redemption is the account's and may prove now. Notes key_not_enrolled,
// key_wrong_use, signer_not_allowed, key_revoked, key_outside_dates.
void judge_prover(Ruling& ruling, const Transfer& transfer);

// The spellings of SaleRow::proof; also the names of the day's counters.
inline constexpr const char* kByCode = "code";
inline constexpr const char* kByQuote = "quote";
inline constexpr const char* kByCard = "card";
inline constexpr const char* kByHold = "hold";
inline constexpr const char* kByOffline = "offline";

// What a phone's confirmation may spend, at once or by a reservation. Notes limit_per_sale, limit_per_day.
// REQUIRES: ruling.policy.
void judge_quote_limits(Ruling& ruling, AccountId account, Points points);

// Puts the sale under the command's id, both accounts, and what the shop sold today.
void put_sale(Ruling& ruling, Account from, Account to, Points points, Lots ate, const char* proof);

}  // namespace dfb::book
