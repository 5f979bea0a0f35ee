// What one entry did to one account, read from the entry itself and, where its payload names a hold by id
// alone, from that hold's rows. Threads: as the view.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/store/store.h"

namespace dfb::programme {

struct Effect {
  std::int64_t balance = 0, held = 0;  // points gained or, negative, lost
  book::Lots gained, lost;             // of a resident's free lots; a day may stand twice
  bool opens = false;                  // the account begins with this entry
  // What it is from then on; nothing where the entry leaves it as it was.
  std::optional<book::AccountState> state;
  std::optional<book::Level> level;
  std::optional<std::string> scope, household;
};

// REQUIRES: the entry is one of the view's, and `account` (its id and kind are read) one that it touches.
Effect effect_of(const store::View& view, const book::Account& account, const book::Payload& payload,
                 const book::Outcome& outcome);

}  // namespace dfb::programme
