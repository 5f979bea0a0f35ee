// People who keep turning up together: two accounts that check in at one place, or pay at one shop, within
// the same minute, again and again. Nothing is decided by it; a person should look.
// What met only once is forgotten when there are too many pairs to remember. Threads: one at a time.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/audit/archive.h"
#include "ledger/base/clock.h"
#include "ledger/book/types.h"

namespace dfb::audit {

struct Ring {
  std::vector<book::AccountId> accounts;
  std::int64_t meetings = 0;  // minutes in which two of them met, over all pairs
};

class Rings {
 public:
  static constexpr std::int64_t kMeetingsMin = 3;    // from so many shared minutes on a pair is named
  static constexpr std::size_t kCrowdMin = 9;        // so many in one minute are an event, not a ring
  static constexpr std::size_t kPairsMax = 100'000;  // some 10 MB

  // `place`: any number that stands for a site or a shop. REQUIRES: times that do not go backwards.
  void met(std::uint64_t place, book::AccountId who, TimeUs time_us);
  // Pairs from kMeetingsMin on, joined where they share a member, the most meetings first. `same` says
  // whether two accounts belong together anyway (one household).
  std::vector<Ring> rings(const std::function<bool(book::AccountId, book::AccountId)>& same) const;

  template <class Archive>
  void archive(Archive& a) {
    a(minute_, here_, pairs_);
  }

 private:
  void close_minute();
  void forget();

  using Pair = std::pair<book::AccountId, book::AccountId>;
  std::int64_t minute_ = 0;
  std::map<std::uint64_t, std::vector<book::AccountId>> here_;
  std::map<Pair, std::int64_t> pairs_;  // minutes shared
};

}  // namespace dfb::audit
