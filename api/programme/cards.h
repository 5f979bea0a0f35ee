// PINs of printed cards: kept hashed, tried at most five times in a row, attested for one sale at a time.
//
// A PIN is never in a command, an entry or a log line. That a card exists, and whose it is, stands in the
// ledger; here is only how its holder is known. Threads: functions as the connection; PinTokens any.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/base/uuid.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"
#include "ledger/store/sql.h"

namespace dfb::programme {

inline constexpr int kPinTriesMax = 5;
inline constexpr TimeUs kPinTokenLifeUs = kMinuteUs;

// malformed: a PIN has 6 digits, not all the same and not in a row.
Result<void> check_pin(std::string_view pin);

struct HashedPin {
  std::string salt;
  Hash hash;
};
HashedPin hash_pin(std::string_view pin, Random& random);  // some 50 ms: not on the writer's thread

struct Card {
  book::AccountId card, account;
  bool locked = false;
};

// Sets the PIN of a card, and unlocks it.
void put_card_pin(sql::Connection& sql, book::AccountId card, book::AccountId account, const HashedPin& pin,
                  TimeUs now_us);
std::vector<Card> cards_of(sql::Connection& sql, book::AccountId account);

// A try is counted before the PIN is looked at, so that many at once are no way around the limit. A crash
// before forgive_pin_tries() leaves one try too many counted, which the next right PIN forgives. The kept
// PIN, or card_locked.
Result<HashedPin> take_pin_try(sql::Connection& sql, book::AccountId card);
void forgive_pin_tries(sql::Connection& sql, book::AccountId card);  // after the right one

// What a right PIN allows: one sale, by its id, at this till, of these points, for a minute. In memory: after
// a restart the PIN is entered again.
class PinTokens {
 public:
  struct Sale {
    book::AccountId card;
    KeyId till;
    Uuid id;
    book::Points points;
    friend bool operator==(const Sale&, const Sale&) = default;
  };
  std::string issue(const Sale& sale, Random& random, TimeUs now_us);
  // pin_not_attested: none, another sale's, or too old.
  Result<void> check(const std::string& token, const Sale& sale, TimeUs now_us);

 private:
  struct Held {
    Sale sale;
    TimeUs until_us = 0;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Held> held_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace dfb::programme
