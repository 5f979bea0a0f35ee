#include "ledger/log/cosignature.h"

#include <limits>

#include "ledger/base/bytes.h"
#include "ledger/base/check.h"

namespace dfb::log {
namespace {

constexpr std::size_t kTimeBytes = 8;

std::string cosigned_message(std::string_view checkpoint, std::uint64_t unix_s) {
  return "cosignature/v1\ntime " + std::to_string(unix_s) + "\n" + std::string(checkpoint);
}

}  // namespace

std::string cosign(std::string_view checkpoint, std::string_view name, const PrivateKey& key,
                   std::int64_t unix_s) {
  DFB_CHECK(unix_s >= 0);
  const Vkey vkey = make_vkey(name, NoteKeyType::cosignature, key.public_key());
  std::string bytes;
  put_be(bytes, static_cast<std::uint64_t>(unix_s), kTimeBytes);
  bytes += key.sign(cosigned_message(checkpoint, static_cast<std::uint64_t>(unix_s)));
  return format_note_signature({vkey.name, vkey.key_id, std::move(bytes)});
}

Result<std::int64_t> verify_cosignature(std::string_view checkpoint, const NoteSignature& signature,
                                        const Vkey& witness) {
  DFB_CHECK(witness.type == NoteKeyType::cosignature);
  if (signature.name != witness.name || signature.key_id != witness.key_id)
    return fail(Code::unknown_key, "a cosignature of another witness");
  const std::string_view bytes = signature.bytes;
  const Error refusal = fail(Code::bad_signature, "the cosignature of " + signature.name + " does not hold");
  if (bytes.size() <= kTimeBytes) return refusal;
  const std::uint64_t unix_s = get_be(bytes.substr(0, kTimeBytes));
  if (unix_s > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return refusal;
  if (!witness.key.verify(cosigned_message(checkpoint, unix_s), bytes.substr(kTimeBytes))) return refusal;
  return static_cast<std::int64_t>(unix_s);
}

}  // namespace dfb::log
