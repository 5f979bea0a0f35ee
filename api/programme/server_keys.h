// The server's own private keys, as the configuration names them: the present one and, around a change, the
// next. Which of them count is the ledger's word. Threads: immutable; any.
#pragma once
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/crypto/keys.h"
#include "ledger/store/store.h"

namespace dfb::programme {

class ServerKeys {
 public:
  // REQUIRES: one key or more, all P-256.
  explicit ServerKeys(std::vector<PrivateKey> keys);

  // Of those that are here, the one that the ledger named last and that is in force at `now_us`; before the
  // genesis the first. unknown_key: there is none.
  Result<PrivateKey> newest(const store::View& view, TimeUs now_us) const;
  // The private half, in force or not; nullptr where it is not here.
  const PrivateKey* find(const KeyId& id) const;

 private:
  std::vector<PrivateKey> keys_;
};

}  // namespace dfb::programme
