// A checkpoint: the log's signed statement of its size and root. Source: c2sp.org/tlog-checkpoint.
//
//   <origin>
//   <size, decimal>
//   <root, base64>
//
// It is the text of a signed note; the log's key bears the origin's name. Lines beyond these three are
// refused. Whoever signs answers for it: two checkpoints of one size, or one that does not extend the last,
// break the log's word for good, so sign only what is committed. Threads: values; pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/note.h"

namespace dfb::log {

struct Checkpoint {
  std::string origin;  // a valid key name
  std::int64_t size = 0;
  Hash root;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// REQUIRES: a valid origin, size >= 0.
std::string format_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(std::string_view text);  // malformed

// The note under the log's own signature. REQUIRES: an Ed25519 key.
std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& log_key);

// The signature is checked before the text is read. malformed, too_large; bad_signature; unknown_key when
// `log` signed nothing here, is a witness's key, or does not bear the origin's name.
Result<Checkpoint> open_checkpoint(const Note& note, const Vkey& log);
Result<Checkpoint> open_checkpoint(std::string_view note, const Vkey& log);

}  // namespace dfb::log
