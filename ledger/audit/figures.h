// What an audit counts while it replays, for the report: nothing here decides anything. Points are sums over
// entries. Threads: values; one at a time.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/memory_rows.h"
#include "ledger/book/outcome.h"
#include "ledger/book/state.h"

namespace dfb::audit {

struct Count {
  std::int64_t count = 0, points = 0;
  void add(std::int64_t by) { ++count, points += by; }
};

// Somebody in whose hands issuance lies: a key that enrolled residents, or one whose site codes were
// accepted.
struct Hand {
  book::KeyUse use = book::KeyUse::device;
  book::AccountId account;     // 0 for the server and the roots
  std::int64_t residents = 0;  // enrolled by this key, or raised to their level
  Count awards;                // to those residents; for site keys: by their codes
};

struct Gap {
  std::int64_t seq = 0;  // the entry after the gap
  TimeUs from_us = 0, to_us = 0;
};

struct Figures {
  std::int64_t entries = 0, refused = 0;
  TimeUs first_us = 0, last_us = 0;
  std::map<std::string, std::int64_t> operations;  // "transfer redeem" -> entries
  std::map<std::string, std::int64_t> refusals;    // "insufficient_points" -> entries
  std::map<book::AccountKind, Count> accounts;     // with their balances; at the end
  std::int64_t minted = 0, returned = 0;           // issuance <-> budgets
  Count awarded, redeemed, refunded, cancelled, reversed, settled;
  std::int64_t expired = 0, pending = 0, outstanding = 0;
  std::map<std::string, Count> by_rule;
  std::map<KeyId, Hand> by_enroller, by_site;
  std::map<KeyId, Count> by_till;
  std::map<KeyId, book::AccountId> shop_of_till;
  std::vector<Gap> gaps;  // the longest, at most kGapsKept, longest first

  static constexpr std::size_t kGapsKept = 10;
  static constexpr std::int64_t kPlainGapHours = 24;  // before the first policy says otherwise

  // After the entry's effects stand in `state`.
  void add(std::int64_t seq, TimeUs time_us, const book::Payload& payload, const book::Outcome& outcome,
           book::State& state);
  // What the final state says.
  void close(const book::MemoryRows& rows);

 private:
  void add_transfer(const book::Payload& payload, const book::Transfer& transfer, book::State& state);
  void add_award(book::AccountId account, const std::string& rule, std::int64_t points, book::State& state);
  void add_gap(std::int64_t seq, TimeUs time_us, book::State& state);
};

// "transfer redeem", "authority open", "cancel": the operation and its kind as payloads spell them.
std::string operation_of(const book::Body& body);

}  // namespace dfb::audit
