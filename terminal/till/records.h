// What stands in the journal's records. Source: docs/formats.md#journal. They are read by record_reader.h, and what a
// start makes of them is history.h.
//
// A record names points, ids and accounts, never a person: the masked name stays on the screen and on paper.
// Threads: values; pure functions.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "terminal/till/journal.h"
#include "terminal/till/sale.h"

namespace dfb::terminal {

// The journal's first record: whose it is.
struct Identity {
  std::string origin;
  book::AccountId shop;
  KeyId till;
  friend bool operator==(const Identity&, const Identity&) = default;
};

// The largest checkpoint that this till has verified.
struct Seen {
  std::int64_t size = 0;
  Hash root;
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::string open_text(const Identity& identity);
std::string seen_text(const Seen& seen);
std::string acknowledged_text(const Uuid& sale);
// Who stands at the till from then on, by their id in the shop; never a PIN.
std::string signin_text(std::string_view staff);
std::string signout_text(std::string_view staff);
std::string resumed_text(std::string_view staff);
struct RecordToWrite {
  What what;
  std::string text;
};
// REQUIRES: one of the write_ actions.
RecordToWrite record_of(Do what, const Sale& sale);

// The word in `cancelled`; none for another word.
std::optional<CancelEffect> cancel_effect(std::string_view word);

}  // namespace dfb::terminal
