#include "api/witness/record.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/base/files.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/merkle.h"

namespace dfb::witness {
namespace {

constexpr std::string_view kHeading = "defenbao/witness/v1\n";
constexpr mode_t kOwnerOnly = 0600;

std::string digest_line(std::string_view note) { return base64_encode(sha256(note).view()) + "\n"; }

Result<log::Checkpoint> read_record(std::string_view text, const std::string& origin,
                                    std::span<const log::Vkey> keys) {
  if (!text.starts_with(kHeading)) return fail(Code::corrupt, "no witness record");
  text.remove_prefix(kHeading.size());
  const std::size_t digest_size = digest_line("").size();
  if (text.size() < digest_size) return fail(Code::corrupt, "cut short");
  const std::string_view note_text = text.substr(digest_size);
  if (text.substr(0, digest_size) != digest_line(note_text))
    return fail(Code::corrupt, "the digest does not fit");
  DFB_TRY(const log::Note note, log::parse_note(note_text));
  DFB_TRY(log::Checkpoint checkpoint, log::parse_checkpoint(note.text));
  if (checkpoint.origin != origin) return fail(Code::corrupt, "it is of the log " + checkpoint.origin);
  // No signature of the log would mean that nothing was remembered here, or for another log of that name.
  DFB_TRY_VOID(log::verify_note(note, keys));
  return checkpoint;
}

}  // namespace

Result<Record> Record::open(const std::string& folder, const std::string& origin,
                            std::span<const log::Vkey> keys) {
  DFB_CHECK(!keys.empty());
  std::string path = folder + "/" + hex_encode(sha256(origin).view()) + ".checkpoint";
  if (!file_exists(path)) return Record(std::move(path), {origin, 0, log::empty_root()});
  DFB_TRY(const std::string text, read_file(path, kHeading.size() + 64 + log::kNoteBytesMax));
  auto checkpoint = read_record(text, origin, keys);
  if (!checkpoint)
    return fail(Code::corrupt, path + ": " + checkpoint.error().detail +
                                   "; a witness that has lost what it signed begins anew under another key");
  return Record(std::move(path), *std::move(checkpoint));
}

Result<void> Record::advance(const log::Checkpoint& checkpoint, const log::Note& note,
                             const std::function<void()>& after_step) {
  DFB_CHECK(checkpoint.origin == latest_.origin && checkpoint.size >= latest_.size);
  const std::string text = log::format_note(note);
  DFB_TRY_VOID(replace_file(path_, std::string(kHeading) + digest_line(text) + text, kOwnerOnly, after_step));
  latest_ = checkpoint;
  return ok();
}

}  // namespace dfb::witness
