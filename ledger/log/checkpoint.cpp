#include "ledger/log/checkpoint.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"

namespace dfb::log {

std::string format_checkpoint(const Checkpoint& checkpoint) {
  DFB_CHECK(valid_key_name(checkpoint.origin) && checkpoint.size >= 0);
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         base64_encode(checkpoint.root.view()) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const std::size_t first = text.find('\n');
  const std::size_t second = first == std::string_view::npos ? first : text.find('\n', first + 1);
  if (second == std::string_view::npos || text.find('\n', second + 1) != text.size() - 1)
    return fail(Code::malformed, "a checkpoint has three lines");
  Checkpoint checkpoint;
  checkpoint.origin = text.substr(0, first);
  if (!valid_key_name(checkpoint.origin)) return fail(Code::malformed, "a checkpoint's origin");
  DFB_TRY(checkpoint.size, parse_decimal(text.substr(first + 1, second - first - 1)));
  DFB_TRY(const std::string root, base64_decode(text.substr(second + 1, text.size() - second - 2)));
  if (root.size() != checkpoint.root.bytes.size())
    return fail(Code::malformed, "a checkpoint's root is 32 bytes");
  checkpoint.root = Hash::from(root);
  return checkpoint;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& log_key) {
  const Vkey vkey = make_vkey(checkpoint.origin, NoteKeyType::ed25519, log_key.public_key());
  std::string text = format_checkpoint(checkpoint);
  std::string signature = log_key.sign(text);
  return format_note({std::move(text), {{vkey.name, vkey.key_id, std::move(signature)}}});
}

Result<Checkpoint> open_checkpoint(const Note& note, const Vkey& log) {
  if (log.type != NoteKeyType::ed25519)
    return fail(Code::unknown_key, "a witness's key cannot sign for a log");
  DFB_TRY_VOID(verify_note(note, {&log, 1}));
  DFB_TRY(Checkpoint checkpoint, parse_checkpoint(note.text));
  if (checkpoint.origin != log.name)
    return fail(Code::unknown_key, "the checkpoint is of " + checkpoint.origin);
  return checkpoint;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const Vkey& log) {
  DFB_TRY(const Note parsed, parse_note(note));
  return open_checkpoint(parsed, log);
}

}  // namespace dfb::log
