// Sales that wait for the customer's word, and codes that are typed instead of scanned. Both live in memory
// for minutes: what they lead to is an entry, and after a restart the cashier begins again.
//
// A quote is offered by the till that presented the customer's code, shown on the customer's phone, and
// signed there or declined. Only its till learns the answer. Threads: any.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/programme/rate_limit.h"
#include "ledger/base/random.h"
#include "ledger/base/uuid.h"
#include "ledger/book/goods.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace dfb::programme {

struct Quote {
  enum class State : std::uint8_t { waiting, confirmed, declined };
  Uuid id;
  KeyId till, device;
  book::AccountId shop, account;
  std::string line;  // what the phone signs (docs/formats.md#quote)
  std::vector<book::GoodsLine> goods;  // the list that the line has the digest of; empty where points were typed
  TimeUs expires_us = 0;
  State state = State::waiting;
  std::string signature;  // confirmed
};

class Quotes {
 public:
  // A till has one open quote for a customer: a new one takes the former's place.
  // exists_with_different_content: the id was offered with other words; the same again changes nothing.
  Result<void> offer(Quote quote, TimeUs now_us);
  std::vector<Quote> waiting(book::AccountId account, TimeUs now_us);
  // not_found: no such quote of this account, or answered otherwise; quote_expired.
  Result<Quote> find(const Uuid& id, book::AccountId account, TimeUs now_us);
  // The first word stands; returns the one that does.
  Quote::State answer(const Uuid& id, Quote::State state, std::string signature);
  // For the till that offered it. not_found.
  Result<Quote> of_till(const Uuid& id, const KeyId& till);

 private:
  void sweep(TimeUs now_us);
  std::mutex mutex_;
  std::map<Uuid, Quote> quotes_;
  std::size_t sweep_at_ = 256;
};

inline constexpr TimeUs kHandleLifeUs = kMinuteUs;
inline constexpr std::size_t kHandleDigits = 8;
inline constexpr std::int64_t kWrongHandlesAnHour = 60;

// Eight digits that stand for a pay code for a minute: for a phone whose screen cannot be read. What was typed wrong is
// counted for its till: a program that tries digits through would come upon somebody's code in the end.
class Handles {
 public:
  struct Handle {
    std::string digits;
    TimeUs expires_us = 0;
  };
  // A later handle of the same account ends its earlier ones.
  Handle give(book::AccountId account, std::string code, Random& random, TimeUs now_us);
  // not_found; rate_limited, also for digits that are right.
  Result<std::string> code(const std::string& digits, const KeyId& till, TimeUs now_us);

 private:
  struct Held {
    book::AccountId account;
    std::string code;
    TimeUs expires_us = 0;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Held> held_;
  RateLimit wrong_{kWrongHandlesAnHour, kHourUs};  // by the till
};

}  // namespace dfb::programme
