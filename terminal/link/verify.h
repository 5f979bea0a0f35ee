// What has to hold before the till believes an answer: the town's signature, the entry's inclusion, the
// payload byte for byte, this till's own signature on it, and that the log still contains all that the till
// has seen of it.
//
// Threads: pure functions; what is read through a TileReader is the reader's to protect.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "ledger/book/outcome.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/note.h"
#include "ledger/log/tile.h"
#include "terminal/link/answer.h"
#include "terminal/till/records.h"

namespace dfb::terminal {

// What the till knew before: none of it comes from the answer. `log` was pinned at enrolment, or followed
// from there.
struct Pinned {
  log::Vkey log;
  PublicKey signer;  // this till's key; at enrolment the ticket's
};

struct Proven {
  log::EntryText entry;
  log::Checkpoint checkpoint;
  book::Outcome outcome;
};

// malformed, unknown_key, bad_signature, bad_path or wrong_entry: the first that applies. wrong_entry also
// when the entry's outcome and `refused` of the answer disagree.
Result<Proven> verify_answer(const CommandAnswer& answer, std::string_view payload, const Pinned& pinned);

// The log's newest key that its changes prove from `pinned` on: each change is an entry of the log, in a
// checkpoint that the key before it and the one that it names have both signed. A line under a checkpoint
// alone proves nothing, since whoever hands the note on can add one. Gives `pinned` itself when nothing
// follows it. `checkpoints` gets those of the proofs: the log has to continue them too.
log::Vkey follow_log_key(const log::Vkey& pinned, std::span<const LogKeyChange> changes,
                         std::vector<log::Checkpoint>& checkpoints);

// That one of `seen` and `checkpoint` continues the other. inconsistent when history was changed, bad_path
// when the tiles do not prove it; else what the reader fails with.
Result<void> verify_continues(const Seen& seen, const log::Checkpoint& checkpoint, log::TileReader& tiles);

}  // namespace dfb::terminal
