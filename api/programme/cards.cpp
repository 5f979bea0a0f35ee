#include "api/programme/cards.h"

#include <algorithm>

#include "ledger/base/digits.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/pin.h"

namespace dfb::programme {
namespace {

constexpr std::size_t kPinDigits = 6, kSaltBytes = 16, kTokenBytes = 16;

// 123456, 987654, 000000: what everybody tries first.
bool is_row(std::string_view pin) {
  for (int step : {-1, 0, 1}) {
    bool all = true;
    for (std::size_t i = 1; i < pin.size(); ++i) all = all && pin[i] - pin[i - 1] == step;
    if (all) return true;
  }
  return false;
}

}  // namespace

Result<void> check_pin(std::string_view pin) {
  if (pin.size() != kPinDigits || !is_digits(pin)) return fail(Code::malformed, "pin: 6 digits");
  if (is_row(pin)) return fail(Code::malformed, "pin: not all the same, and not in a row");
  return ok();
}

HashedPin hash_pin(std::string_view pin, Random& random) {
  HashedPin out{random.bytes(kSaltBytes), {}};
  out.hash = pin_hash(pin, out.salt);
  return out;
}

void put_card_pin(sql::Connection& sql, book::AccountId card, book::AccountId account, const HashedPin& pin,
                  TimeUs now_us) {
  sql.run(
      "INSERT INTO card_pin (card, account, salt, pin, tries, set_us) VALUES (?1, ?2, ?3, ?4, 0, ?5) "
      "ON CONFLICT (card) DO UPDATE SET salt = excluded.salt, pin = excluded.pin, tries = 0, set_us = "
      "excluded.set_us",
      {to_string(card), to_string(account), sql::Bytes{pin.salt}, sql::Bytes{std::string(pin.hash.view())},
       now_us});
}

std::vector<Card> cards_of(sql::Connection& sql, book::AccountId account) {
  std::vector<Card> cards;
  for (const auto& row :
       sql.run("SELECT card, tries FROM card_pin WHERE account = ?1 ORDER BY set_us", {to_string(account)}))
    if (const auto card = book::parse_account(row.text(0)))
      cards.push_back({*card, account, row.integer(1) >= kPinTriesMax});
  return cards;
}

Result<HashedPin> take_pin_try(sql::Connection& sql, book::AccountId card) {
  const auto rows = sql.run("SELECT salt, pin, tries FROM card_pin WHERE card = ?1", {to_string(card)});
  if (rows.empty() || rows[0].integer(2) >= kPinTriesMax)
    return fail(Code::card_locked, "too many wrong PINs; an officer can issue a new card");
  sql.run("UPDATE card_pin SET tries = tries + 1 WHERE card = ?1", {to_string(card)});
  return HashedPin{rows[0].bytes(0), Hash::from(rows[0].bytes(1))};
}

void forgive_pin_tries(sql::Connection& sql, book::AccountId card) {
  sql.run("UPDATE card_pin SET tries = 0 WHERE card = ?1", {to_string(card)});
}

std::string PinTokens::issue(const Sale& sale, Random& random, TimeUs now_us) {
  const std::string token = base64url_encode(random.bytes(kTokenBytes));
  std::lock_guard lock(mutex_);
  if (held_.size() >= sweep_at_) {
    std::erase_if(held_, [now_us](const auto& item) { return item.second.until_us <= now_us; });
    sweep_at_ = std::max<std::size_t>(1024, held_.size() * 2);
  }
  held_[token] = {sale, now_us + kPinTokenLifeUs};
  return token;
}

Result<void> PinTokens::check(const std::string& token, const Sale& sale, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  const auto it = held_.find(token);
  if (it == held_.end() || it->second.until_us <= now_us || it->second.sale != sale)
    return fail(Code::pin_not_attested, "enter the PIN for this sale");
  return ok();
}

}  // namespace dfb::programme
