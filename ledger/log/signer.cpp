#include "ledger/log/signer.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace dfb::log {

Signer::Signer(std::string origin, std::vector<PrivateKey> keys)
    : origin_(std::move(origin)), keys_(std::move(keys)) {
  DFB_CHECK(valid_key_name(origin_) && !keys_.empty());
  for (const PrivateKey& key : keys_)
    vkeys_.push_back(format_vkey(make_vkey(origin_, NoteKeyType::ed25519, key.public_key())));
}

bool Signer::has(std::string_view vkey) const {
  return std::find(vkeys_.begin(), vkeys_.end(), vkey) != vkeys_.end();
}

std::string Signer::sign(const Checkpoint& checkpoint, std::span<const std::string> vkeys) const {
  DFB_CHECK(checkpoint.origin == origin_ && !vkeys.empty());
  Note note{format_checkpoint(checkpoint), {}};
  for (const std::string& text : vkeys) {
    const auto at = std::find(vkeys_.begin(), vkeys_.end(), text);
    DFB_CHECK(at != vkeys_.end());
    const Vkey vkey = parse_vkey(text).value();
    const PrivateKey& key = keys_[static_cast<std::size_t>(at - vkeys_.begin())];
    note.signatures.push_back({vkey.name, vkey.key_id, key.sign(note.text)});
  }
  return format_note(note);
}

}  // namespace dfb::log
