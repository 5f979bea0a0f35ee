// What has to hold before the till takes an allowance or a policy for selling without a line, or hands out a reservation:
// the entry is in the log that the town has signed, and the ledger accepted it. Of an allowance besides: the phone itself
// asked for it, and the key that was sent is the one that the entry names.
//
// Threads: pure functions.
#pragma once
#include <vector>

#include "ledger/book/command.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"
#include "terminal/link/answer.h"
#include "terminal/till/pins.h"

namespace dfb::terminal {

// Puts one page of news into `pins`, all of it or, when a proof does not hold, nothing. `checkpoints` gets
// those of the proofs: the log has to continue them. malformed, unknown_key, bad_signature, bad_path or
// wrong_entry. An older policy than the one that is pinned is passed over.
Result<void> take_news(Pins& pins, const OfflineNews& news, const std::string& origin, const log::Vkey& log,
                       std::vector<log::Checkpoint>& checkpoints);

// The reservation of that id. `checkpoints` as above. malformed, unknown_key, bad_signature, bad_path or wrong_entry.
Result<book::Hold> proven_reservation(const OfflineNews::Proof& proof, const Uuid& id, const log::Vkey& log,
                                      std::vector<log::Checkpoint>& checkpoints);

}  // namespace dfb::terminal
