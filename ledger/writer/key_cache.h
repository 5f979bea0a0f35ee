// The ledger's public keys for check(): read from snapshots once, then kept parsed. A key id never changes
// its key, so nothing here goes stale; whether a key may still sign is apply()'s question. Threads: any, at
// once.
#pragma once
#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "ledger/check/checked_command.h"
#include "ledger/store/store.h"

namespace dfb {

class KeyCache final : public check::KeySource {
 public:
  explicit KeyCache(store::Store& store, std::size_t keys_max = 200'000)
      : store_(store), keys_max_(keys_max) {}
  std::optional<PublicKey> key(const KeyId& id) const override;

 private:
  store::Store& store_;
  std::size_t keys_max_;  // beyond it the cache is emptied and starts again
  mutable std::shared_mutex mutex_;
  mutable std::unordered_map<KeyId, PublicKey, HashOfHash> keys_;
};

}  // namespace dfb
