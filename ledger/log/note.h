// Signed notes: a text with signature lines under it, and the one-line spelling of the keys that check it.
// Source: c2sp.org/signed-note; docs/formats.md#log.
//
//   <text, ends in LF>
//   <empty line>
//   — <key name> <base64(key id, 4 bytes big-endian || signature)>      one or more; the dash is U+2014
//
//   vkey: <name>+<key id, 8 hex digits>+<base64(type || public key)>
//   key id = SHA-256(name || LF || type || public key)[0:4]
//
// The text ends before the last empty line of the note. The whole is UTF-8 without control characters but LF.
// Threads: values; pure functions.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/crypto/keys.h"

namespace dfb::log {

inline constexpr std::string_view kSignatureDash = "\xe2\x80\x94 ";  // begins a signature line
inline constexpr std::size_t kNoteBytesMax = 64 * 1024;
inline constexpr std::size_t kNoteSignaturesMax = 100;

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string bytes;  // what follows the key id; at least 1 byte
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // with its last LF
  std::vector<NoteSignature> signatures;
  friend bool operator==(const Note&, const Note&) = default;
};

// Not empty, valid UTF-8 without control characters, Unicode spaces or '+'.
bool valid_key_name(std::string_view name);

// malformed, or too_large past the caps above. format_note(parse_note(x)) == x.
Result<Note> parse_note(std::string_view text);
// REQUIRES: a text and names that parse_note would accept.
std::string format_note(const Note& note);
std::string format_note_signature(const NoteSignature& signature);  // one line with its LF
// One or more signature lines and nothing else, as a witness answers; malformed, too_large.
Result<std::vector<NoteSignature>> parse_note_signatures(std::string_view lines);

enum class NoteKeyType : std::uint8_t { ed25519 = 0x01, cosignature = 0x04 };

struct Vkey {
  std::string name;
  std::uint32_t key_id = 0;
  NoteKeyType type = NoteKeyType::ed25519;
  PublicKey key;
};

// REQUIRES: valid_key_name(name), an Ed25519 key.
Vkey make_vkey(std::string_view name, NoteKeyType type, const PublicKey& key);
std::string format_vkey(const Vkey& vkey);
// malformed, also when the id is not the key's; unsupported_version for other types of key.
Result<Vkey> parse_vkey(std::string_view text);

// A signature that held. `time_s` is the cosignature's, in Unix seconds; 0 for the other type.
struct Verified {
  std::size_t known = 0;  // index into the known keys
  std::int64_t time_s = 0;
};

// Every signature by one of the known keys, in the note's order; lines of other keys are ignored.
// Fails with bad_signature if any line of a known key does not hold, and with unknown_key if there is none.
Result<std::vector<Verified>> verify_note(const Note& note, std::span<const Vkey> known);

}  // namespace dfb::log
