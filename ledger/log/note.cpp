#include "ledger/log/note.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/cosignature.h"

namespace dfb::log {
namespace {

constexpr std::size_t kKeyIdBytes = 4;

// The next code point, taken off the front; negative if these bytes are no UTF-8 (RFC 3629: no surrogates, no
// overlong forms, nothing past U+10FFFF).
std::int32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return -1;
  std::int32_t point = lead & (0x7f >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  constexpr std::int32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < kSmallest[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return -1;
  text.remove_prefix(size);
  return point;
}

bool is_space(std::int32_t point) {
  return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 ||
         point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
         point == 0x202f || point == 0x205f || point == 0x3000;
}

bool is_note_text(std::string_view text) {
  while (!text.empty()) {
    const std::int32_t point = take_code_point(text);
    if (point < 0 || (point < 0x20 && point != '\n')) return false;
  }
  return true;
}

std::uint32_t key_id_of(std::string_view name, std::string_view typed_key) {
  return static_cast<std::uint32_t>(get_be(sha256({name, "\n", typed_key}).view().substr(0, kKeyIdBytes)));
}

std::string typed_key(NoteKeyType type, const PublicKey& key) {
  return static_cast<char>(type) + key.raw_ed25519();
}

std::string key_id_bytes(std::uint32_t id) {
  std::string bytes;
  put_be(bytes, id, kKeyIdBytes);
  return bytes;
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignatureDash)) return fail(Code::malformed, "a signature line begins with a dash");
  line.remove_prefix(kSignatureDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos)
    return fail(Code::malformed, "a signature line has a name and a signature");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  if (!valid_key_name(signature.name)) return fail(Code::malformed, "a signature's key name");
  DFB_TRY(const std::string bytes, base64_decode(line.substr(space + 1)));
  if (bytes.size() <= kKeyIdBytes) return fail(Code::malformed, "a signature is too short");
  signature.key_id = static_cast<std::uint32_t>(get_be(std::string_view(bytes).substr(0, kKeyIdBytes)));
  signature.bytes = bytes.substr(kKeyIdBytes);
  return signature;
}

}  // namespace

bool valid_key_name(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const std::int32_t point = take_code_point(name);
    if (point < 0x20 || point == '+' || is_space(point)) return false;
  }
  return true;
}

Result<std::vector<NoteSignature>> parse_note_signatures(std::string_view lines) {
  if (lines.size() > kNoteBytesMax) return fail(Code::too_large, "signature lines");
  if (!lines.ends_with('\n')) return fail(Code::malformed, "signature lines end with a line feed");
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    if (signatures.size() == kNoteSignaturesMax) return fail(Code::too_large, "more than 100 signatures");
    const std::size_t end = lines.find('\n');
    DFB_TRY(signatures.emplace_back(), parse_signature_line(lines.substr(0, end)));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

Result<Note> parse_note(std::string_view text) {
  if (text.size() > kNoteBytesMax) return fail(Code::too_large, "a note of more than 64 KiB");
  if (!is_note_text(text)) return fail(Code::malformed, "a note is UTF-8 without control characters");
  const std::size_t split = text.rfind("\n\n");
  if (split == std::string_view::npos)
    return fail(Code::malformed, "a note has an empty line before its signatures");
  Note note;
  note.text = text.substr(0, split + 1);
  DFB_TRY(note.signatures, parse_note_signatures(text.substr(split + 2)));
  return note;
}

std::string format_note_signature(const NoteSignature& signature) {
  DFB_CHECK(valid_key_name(signature.name) && !signature.bytes.empty());
  return std::string(kSignatureDash) + signature.name + " " +
         base64_encode(key_id_bytes(signature.key_id) + signature.bytes) + "\n";
}

std::string format_note(const Note& note) {
  DFB_CHECK(note.text.ends_with('\n') && !note.signatures.empty());
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) text += format_note_signature(signature);
  return text;
}

Vkey make_vkey(std::string_view name, NoteKeyType type, const PublicKey& key) {
  DFB_CHECK(valid_key_name(name));
  return {std::string(name), key_id_of(name, typed_key(type, key)), type, key};
}

std::string format_vkey(const Vkey& vkey) {
  return vkey.name + "+" + hex_encode(key_id_bytes(vkey.key_id)) + "+" +
         base64_encode(typed_key(vkey.type, vkey.key));
}

Result<Vkey> parse_vkey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return fail(Code::malformed, "a vkey is name+id+key");
  const std::string_view name = text.substr(0, first);
  if (!valid_key_name(name)) return fail(Code::malformed, "a vkey's name");
  DFB_TRY(const std::string id, hex_decode(text.substr(first + 1, second - first - 1)));
  DFB_TRY(const std::string typed, base64_decode(text.substr(second + 1)));
  if (id.size() != kKeyIdBytes || typed.empty()) return fail(Code::malformed, "a vkey's id or key");
  const auto type = static_cast<NoteKeyType>(typed.front());
  if (type != NoteKeyType::ed25519 && type != NoteKeyType::cosignature)
    return fail(Code::unsupported_version, "a vkey of another type than Ed25519 and cosignature");
  if (get_be(id) != key_id_of(name, typed))
    return fail(Code::malformed, "a vkey's id does not belong to its key");
  DFB_TRY(const PublicKey key, PublicKey::from_ed25519(std::string_view(typed).substr(1)));
  return make_vkey(name, type, key);
}

Result<std::vector<Verified>> verify_note(const Note& note, std::span<const Vkey> known) {
  std::vector<Verified> verified;
  for (const NoteSignature& signature : note.signatures) {
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known[i].name != signature.name || known[i].key_id != signature.key_id) continue;
      std::int64_t time_s = 0;
      if (known[i].type == NoteKeyType::cosignature) {
        DFB_TRY(time_s, verify_cosignature(note.text, signature, known[i]));
      } else if (!known[i].key.verify(note.text, signature.bytes)) {
        return fail(Code::bad_signature, "the signature of " + signature.name + " does not hold");
      }
      verified.push_back({i, time_s});
    }
  }
  if (verified.empty()) return fail(Code::unknown_key, "no signature by a known key");
  return verified;
}

}  // namespace dfb::log
