// A second, plain ledger: what each entry moves, read from its payload and outcome alone, in arithmetic of
// its own. The replayed state must agree with it account by account. Threads: one at a time.
//
// An entry's legs add up to zero:
//   transfer   from -points, to +points; what lapsed on arrival goes to `expired` instead
//   record     budget -points, resident +points; nothing while the award waits for review
//   resolve    capture: holder -points, to +points; what lapsed leaves the holder for `expired`, and of a
//   review
//              never reaches `to`
//   cancel     shop -points, resident +points of the sale that it undoes, less what lapsed; of a hold only
//   what lapsed reverse    resident -(points - unrecovered), budget + the same, or `expired` where that
//   lapsed others, and whatever was refused: none
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"

namespace dfb::audit {

struct Leg {
  book::AccountId account;
  std::int64_t points = 0;
};

class PlainLedger {
 public:
  // Adds the entry's legs to the balances. malformed when its outcome lacks what its legs need, names an
  // entry that moved nothing, or a sum leaves the range of balances; then nothing was added.
  Result<std::vector<Leg>> post(std::int64_t seq, const book::Payload& payload, const book::Outcome& outcome);

  std::int64_t balance(book::AccountId account) const;
  std::int64_t sum() const;  // over all accounts
  const std::unordered_map<std::uint64_t, std::int64_t>& balances() const { return balances_; }

 private:
  // What an entry moved, for the entry that takes it back. 16 + 8 bytes, kept for redemptions and awards.
  struct Act {
    book::AccountId from, to;
  };
  Result<std::vector<Leg>> legs(std::int64_t seq, const book::Payload& payload, const book::Outcome& outcome);
  Result<Act> undone_act(const book::Outcome& outcome) const;

  std::unordered_map<std::uint64_t, std::int64_t> balances_;
  std::unordered_map<std::int64_t, Act> acts_;  // by entry
  struct Held {
    book::AccountId holder;
    bool review = false;
  };
  std::map<Uuid, Held> holds_;                                 // by the hold's command id
  std::unordered_map<std::int64_t, book::AccountId> held_by_;  // by the entry of a reservation or allowance
};

}  // namespace dfb::audit
