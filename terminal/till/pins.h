// What a till has to know to sell without a line, as it was when it last reached the town: the policy's
// limits, and who may spend how much with which key. Kept in the terminal's folder as `offline`, strict JSON.
//
// Each allowance and the policy were proven to be in the log before they came in here (terminal/link/pinned.h).
// What is only said, such as that an allowance was stopped, can make this till refuse and never makes it sell.
// Threads: values; pure functions.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "ledger/base/uuid.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace dfb::terminal {

struct PinnedAllowance {
  std::string spki;  // of the phone's key
  book::AccountId account;
  book::Points points;  // as it was held; what is left of it, a till without a line cannot know
  TimeUs until_us = 0;  // the town's clock
  std::string name = {};  // the holder's, masked, as the town gave it; only shown
  friend bool operator==(const PinnedAllowance&, const PinnedAllowance&) = default;
};

struct Pins {
  std::int64_t policy_version = 0;  // 0: never fetched
  book::Points till_points;         // what this till may sell before it has to reach the town again
  std::int64_t hours = 0;           // how long after `synced_us` it may
  TimeUs synced_us = 0;             // the town's clock
  TimeUs off_us = 0;                // the town's clock minus this machine's, then
  std::int64_t last_seq = -1;       // entry of the newest allowance
  std::int64_t tills = 0;           // of the town, as it says
  bool suspended = false;           // the shop: nothing may be sold
  std::map<Uuid, PinnedAllowance> allowances;
  std::set<Uuid> stopped;  // revoked phones, released allowances
  // Masked names of customers whose sales wait for the town or were refused, also when their allowances are over.
  std::map<book::AccountId, std::string> names;
  friend bool operator==(const Pins&, const Pins&) = default;

  book::Points allowed() const;  // what all allowances together were made for
  void drop_expired(TimeUs town_us);
  std::string name_of(book::AccountId account) const;  // empty when it is not known
  void keep_names(const std::set<book::AccountId>& of);  // of these, and of no others but live allowances' holders
};

std::string format_pins(const Pins& pins);
Result<Pins> parse_pins(std::string_view text);  // malformed

}  // namespace dfb::terminal
