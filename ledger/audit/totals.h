// What a till's X and Z reports and a shop's statements say that they add up, against what the entries add up to.
// The book takes these numbers as they were signed; nothing that follows depends on them, so a wrong one does
// not end the replay. What each number counts: docs/formats.md#record and #transfer. Threads: one at a time.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/finding.h"
#include "ledger/audit/legs.h"
#include "ledger/book/state.h"

namespace dfb::audit {

class Totals {
 public:
  // The next entry, whose effects stand in `state`. A finding names the numbers that differ.
  std::optional<Finding> add(std::int64_t seq, const book::Payload& payload, const book::Outcome& outcome,
                             const std::vector<Leg>& legs, book::State& state);

  template <class Archive>
  void archive(Archive& a) {
    a(shifts_, lines_);
  }

 private:
  // What a till did since its last Z report.
  struct Shift {
    std::int64_t begins = 0;  // the entry of that report
    std::int64_t count = 0, total = 0, refunds = 0, refunded = 0;
    std::int64_t day = 0, lines = 0;  // what its last report of either kind said; 0 without one
    template <class Archive>
    void archive(Archive& a) {
      a(begins, count, total, refunds, refunded, day, lines);
    }
  };
  // Entries that moved a shop's points and no statement covers yet, packed: varint of the distance to the
  // entry before, zigzag varint of the points.
  struct Lines {
    std::int64_t before = 0, last = 0;
    std::string packed;
    void push_back(std::int64_t seq, std::int64_t points);
    // Number and sum of those up to an entry, which then are gone.
    std::pair<std::int64_t, std::int64_t> take(std::int64_t through);
    template <class Archive>
    void archive(Archive& a) {
      a(before, last, packed);
    }
  };

  void count_sale(const book::Payload& payload, book::State& state);
  void count_cancel(const book::Payload& payload, const book::Cancel& cancel, const book::Outcome& outcome,
                    book::State& state);
  std::optional<Finding> compare_report(std::int64_t seq, const KeyId& till, const book::Record& report,
                                        book::State& state);
  std::optional<Finding> close_statement(std::int64_t seq, const book::Transfer& settle);

  std::map<KeyId, Shift> shifts_;
  std::map<book::AccountId, Lines> lines_;
};

}  // namespace dfb::audit
