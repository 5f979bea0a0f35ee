// A cosignature: a witness says that at this time this was the largest consistent tree it had seen.
// Source: c2sp.org/tlog-cosignature, Ed25519.
//
//   signed: "cosignature/v1" LF  "time " <unix seconds> LF  <checkpoint's text>
//   line:   a note signature whose bytes are uint64 big-endian unix seconds || signature
//
// A witness persists what it signs before it signs. Threads: pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/result.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"

namespace dfb::log {

// The signature line with its LF. `checkpoint` is the note's text, without signature lines.
// REQUIRES: a valid name, an Ed25519 key, unix_s >= 0.
std::string cosign(std::string_view checkpoint, std::string_view name, const PrivateKey& key,
                   std::int64_t unix_s);

// The time that the witness signed. Fails with unknown_key when the line is another key's, else with
// bad_signature. REQUIRES: a witness of the cosignature type.
Result<std::int64_t> verify_cosignature(std::string_view checkpoint, const NoteSignature& signature,
                                        const Vkey& witness);

// A checkpoint's note with cosignatures behind the log's own lines.
struct Cosigned {
  Checkpoint checkpoint;
  std::string note;
  std::size_t count = 0;  // of cosignatures, each by another witness
};

}  // namespace dfb::log
