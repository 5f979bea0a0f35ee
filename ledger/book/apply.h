// The rules. apply(state, command, time) decides one command; it reads no clock, no disk and nothing but the
// state.
//
// Result:
//   - a new Outcome: an entry is to be appended. The state holds its effects; the caller accept()s or drop()s
//   them.
//     An Outcome with `refused` moves nothing but burns the id, so that a retry can never charge anyone
//     later.
//   - known: the id was answered before with the same payload; `known_seq` is the entry that holds the
//   answer. Nothing changed.
//   - an Error: refused without an entry. Nothing changed, except that the caller must drop().
// The first refusal in the order of their numbers that applies is returned (docs/refusals.md).
// Threads: as the State. Source of the rules: docs/formats.md, docs/refusals.md.
#pragma once
#include <optional>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/state.h"

namespace dfb::book {

struct Applied {
  std::optional<Outcome> outcome;  // empty when known
  std::int64_t known_seq = -1;
};

// `now_us`: the entry's time; the caller keeps it from going backwards.
Result<Applied> apply(State& state, const Command& command, TimeUs now_us);

}  // namespace dfb::book
