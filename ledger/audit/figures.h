// What an audit counts while it replays, for the report: nothing here decides anything. Points are sums over
// entries. Threads: values; one at a time.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/audit/compact_rows.h"
#include "ledger/audit/rings.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/state.h"

namespace dfb::audit {

struct Count {
  std::int64_t count = 0, points = 0;
  void add(std::int64_t by) { ++count, points += by; }
  template <class Archive>
  void archive(Archive& a) {
    a(count, points);
  }
};

// Somebody in whose hands issuance lies: a key that enrolled residents, or one whose site codes were
// accepted.
struct Hand {
  book::KeyUse use = book::KeyUse::device;
  book::AccountId account;     // 0 for the server and the roots
  std::int64_t residents = 0;  // enrolled by this key, or raised to their level
  Count awards;                // to those residents; for site keys: by their codes
  template <class Archive>
  void archive(Archive& a) {
    a(use, account, residents, awards);
  }
};

struct Gap {
  std::int64_t seq = 0;  // the entry after the gap
  TimeUs from_us = 0, to_us = 0;
  template <class Archive>
  void archive(Archive& a) {
    a(seq, from_us, to_us);
  }
};

// Points by month or by grid. `back`: refunded, cancelled and reversed.
struct Flow {
  std::int64_t issued = 0, redeemed = 0, back = 0, expired = 0;
  template <class Archive>
  void archive(Archive& a) {
    a(issued, redeemed, back, expired);
  }
};

// A shop's sales by what the resident signed: the sum itself, a bare limit, or nothing at all.
struct ShopSales {
  Count confirmed, by_code, offline, unsigned_;
  std::int64_t back = 0, settled = 0;
  std::int64_t points() const {
    return confirmed.points + by_code.points + offline.points + unsigned_.points;
  }
  std::int64_t count() const { return confirmed.count + by_code.count + offline.count + unsigned_.count; }
  template <class Archive>
  void archive(Archive& a) {
    a(confirmed, by_code, offline, unsigned_, back, settled);
  }
};

// A till's sales, and the largest sum of offline sales that it brought in without one online between them.
struct TillSales {
  Count sales;
  book::AccountId shop;
  std::int64_t offline_run = 0, offline_run_max = 0;
  template <class Archive>
  void archive(Archive& a) {
    a(sales, shop, offline_run, offline_run_max);
  }
};

struct Figures {
  std::int64_t entries = 0, refused = 0;
  TimeUs first_us = 0, last_us = 0;
  std::map<std::string, std::int64_t> operations;  // "transfer redeem" -> entries
  std::map<std::string, std::int64_t> refusals;    // "insufficient_points" -> entries
  std::map<book::AccountKind, Count> accounts;     // with their balances; at the end
  std::int64_t minted = 0, returned = 0;           // issuance <-> budgets
  Count awarded, redeemed, refunded, cancelled, reversed, settled, covered;
  std::int64_t expired = 0, pending = 0, outstanding = 0;
  std::map<std::string, Count> by_rule;
  std::map<std::string, Flow> by_month, by_grid;  // "2026-11", "/lijing/03"
  std::map<std::string, std::int64_t> liability;  // month of expiry -> what residents hold; at the end
  std::map<KeyId, Hand> by_enroller, by_site;
  std::map<KeyId, TillSales> by_till;
  std::map<book::AccountId, ShopSales> by_shop;
  std::vector<Gap> gaps;                         // the longest, at most kGapsKept, longest first
  std::vector<Ring> rings;                       // at the end
  std::map<std::string, std::int64_t> advisory;  // limits in force whose input no log holds; at the end

  static constexpr std::size_t kGapsKept = 10;
  static constexpr std::int64_t kPlainGapHours = 24;  // before the first policy says otherwise

  // After the entry's effects stand in `state`.
  void add(std::int64_t seq, TimeUs time_us, const book::Payload& payload, const book::Outcome& outcome,
           book::State& state);
  // With what the final state says; these go on counting as they are.
  Figures closed(const CompactRows& rows) const;

  // What was counted so far; nothing of closed().
  template <class Archive>
  void archive(Archive& a) {
    a(entries, refused, first_us, last_us, operations, refusals, minted, returned);
    a(awarded, redeemed, refunded, cancelled, reversed, settled, covered, expired);
    a(by_rule, by_month, by_grid, by_enroller, by_site, by_till, by_shop, gaps, meetings_, reviewed_);
  }

 private:
  void close(const CompactRows& rows);
  // A record that waits for its review.
  struct Reviewed {
    std::string rule;
    KeyId site;  // all zero without a site code
    template <class Archive>
    void archive(Archive& a) {
      a(rule, site);
    }
  };
  void add_transfer(const book::Payload& payload, const book::Transfer& transfer, book::State& state);
  void add_record(const book::Payload& payload, const book::Record& record, const book::Outcome& outcome,
                  book::State& state);
  void add_resolve(const book::Payload& payload, const book::Resolve& resolve, const book::Outcome& outcome,
                   book::State& state);
  void add_sale(const KeyId& till, book::AccountId resident, book::AccountId shop, std::int64_t points,
                Count ShopSales::*proof, book::State& state);
  void add_back(book::AccountId resident, book::AccountId shop, std::int64_t points, book::State& state);
  void add_award(book::AccountId account, const std::string& rule, const KeyId& site, std::int64_t points,
                 book::State& state);
  void add_gap(std::int64_t seq, TimeUs time_us, book::State& state);
  void add_flow(book::AccountId resident, std::int64_t Flow::*what, std::int64_t points, book::State& state);

  Rings meetings_;
  std::map<Uuid, Reviewed> reviewed_;
};

// "transfer redeem", "authority open", "cancel": the operation and its kind as payloads spell them.
std::string operation_of(const book::Body& body);

}  // namespace dfb::audit
