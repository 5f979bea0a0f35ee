// An account as it stood right after an entry of the past, or at a moment of it.
//
// It is derived from entries alone: from the account as it is now, the account's own entries are undone, the
// newest first, down to the one that was asked for; where one of them changed state, level or place, reading
// goes on to the entry that had set it before. Cost: the account's entries from now back to there, each read
// once, at most kStandingEntriesMax of them. Threads: as the view.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/base/result.h"
#include "ledger/book/types.h"
#include "ledger/store/store.h"

namespace dfb::programme {

inline constexpr std::int64_t kStandingEntriesMax = 20'000;

struct Standing {
  std::int64_t seq = 0;  // the last entry of the ledger that it counts
  TimeUs at_us = 0;      // the moment: that entry's time, or the one that was asked for
  book::AccountState state = book::AccountState::open;
  book::Level level = book::Level::none;
  std::string scope, household;
  book::Points balance, available, held;  // available: on the civil day of `at_us`
  book::Lots lots;                        // residents: what may be spent, and what has passed and waits
};

// Points that the account may spend on `today`: lots whose day has passed no longer count.
book::Points available(const book::Account& account, Day today);

// Right after entry `seq` of the ledger, whoever it is about. not_found: there is no such entry, or the
// account was not open yet; too_large: more than `entries_max` entries of the account would have to be read.
Result<Standing> standing_after(const store::View& view, const book::Account& account, std::int64_t seq,
                                std::int64_t entries_max = kStandingEntriesMax);

// At the moment `at_us`: after the last entry that is not later. As above, and not_found before the first
// entry. REQUIRES: `at_us` is not in the future, whose entries nobody knows.
Result<Standing> standing_at(const store::View& view, const book::Account& account, TimeUs at_us);

// The last entry whose time is not after `at_us`; -1 before the first. Reads a few dozen entries.
std::int64_t last_entry_at(const store::View& view, TimeUs at_us);

}  // namespace dfb::programme
