// A second, plain ledger: what each entry moves, read from its payload and outcome alone, in arithmetic of
// its own. The replayed state must agree with it account by account. What entries moved goes to a temporary
// file beyond the limit; balances and open holds stay in memory. Threads: one at a time.
//
// An entry's legs add up to zero:
//   transfer   from -points, to +points; what lapsed on arrival goes to `expired` instead
//   record     budget -points, resident +points; nothing while the award waits for review
//   resolve    capture: holder -points, to +points; what lapsed leaves the holder for `expired`, and of a
//              review never reaches `to`
//   cancel     shop -points, resident +points of the sale that it undoes, less what lapsed; of a hold only
//              what lapsed
//   reverse    resident -(points - unrecovered), budget + the same, or `expired` where that lapsed
//   others, and whatever was refused: none
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "ledger/audit/archive.h"
#include "ledger/audit/spilling_table.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"

namespace dfb::audit {

inline std::int64_t points_or_zero(const std::optional<book::Points>& points) {
  return points ? points->value : 0;
}

struct Leg {
  book::AccountId account;
  std::int64_t points = 0;
};

class PlainLedger {
 public:
  explicit PlainLedger(const MemoryLimit& limit = {}) : acts_(limit) {}

  // Adds the entry's legs to the balances. malformed when its outcome lacks what its legs need, names an
  // entry that moved nothing, or a sum leaves the range of balances; then nothing was added. Throws
  // TempError.
  Result<std::vector<Leg>> post(std::int64_t seq, const book::Payload& payload, const book::Outcome& outcome);

  std::int64_t balance(book::AccountId account) const;
  std::int64_t sum() const;  // over all accounts
  std::size_t accounts() const { return points_.size(); }
  bool knows(book::AccountId account) const { return numbers_.count(account.value) != 0; }

  template <class Archive>
  void archive(Archive& a) {
    a(ids_, points_, holds_, held_by_);
    if constexpr (Archive::kReads) {
      number_anew();
      if (!holds_together()) a.refuse();
    }
    acts_.archive(a, ids_.size());
  }

 private:
  // What an entry moved, for the entry that takes it back: kept for redemptions and awards.
  struct Act {
    std::uint32_t from = 0, to = 0;  // numbers of accounts
  };
  struct Held {
    book::AccountId holder;
    bool review = false;
    std::int64_t seq = 0;
    template <class Archive>
    void archive(Archive& a) {
      a(holder, review, seq);
    }
  };
  // By entry.
  class Acts {
   public:
    explicit Acts(const MemoryLimit& limit);
    void put(std::int64_t seq, Act act);
    std::optional<Act> find(std::int64_t seq) const;
    template <class Archive>
    void archive(Archive& a, std::size_t accounts) {
      if constexpr (Archive::kReads)
        read(a, accounts);
      else
        write(a);
    }

   private:
    void write(ArchiveWriter& a) const;
    void read(ArchiveReader& a, std::size_t accounts);

    std::size_t bytes_max_;
    RunSpace space_;
    SpillingTable table_;
  };

  Result<std::vector<Leg>> legs(std::int64_t seq, const book::Payload& payload, const book::Outcome& outcome);
  Result<std::vector<Leg>> legs_of_undoing(const book::Outcome& outcome, bool cancels);
  Result<std::vector<Leg>> legs_of_resolving(std::int64_t seq, const book::Resolve& resolve,
                                             const book::Outcome& outcome);
  std::uint32_t number(book::AccountId account);
  void act(std::int64_t seq, book::AccountId from, book::AccountId to);
  void number_anew();
  bool holds_together() const;

  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::vector<book::AccountId> ids_;
  std::vector<std::int64_t> points_;
  Acts acts_;
  std::map<Uuid, Held> holds_;            // those that are open, by the hold's command id
  std::map<std::int64_t, Uuid> held_by_;  // reservations and allowances among them, by their entry
};

}  // namespace dfb::audit
