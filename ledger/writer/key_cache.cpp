#include "ledger/writer/key_cache.h"

#include <mutex>

namespace dfb {

std::optional<PublicKey> KeyCache::key(const KeyId& id) const {
  {
    const std::shared_lock guard(mutex_);
    if (auto it = keys_.find(id); it != keys_.end()) return it->second;
  }
  // Unknown ids are asked for each time: the next commit may enrol them.
  auto row = store_.snapshot()->get<book::KeyRow>({id});
  if (!row) return std::nullopt;
  auto key = PublicKey::from_spki(row->spki);
  if (!key || key->id() != id) throw sql::Error("signing_key.spki is not the key of its id");
  const std::lock_guard guard(mutex_);
  if (keys_.size() >= keys_max_) keys_.clear();
  return keys_.emplace(id, *std::move(key)).first->second;
}

}  // namespace dfb
