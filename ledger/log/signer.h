// The private keys that a log signs its checkpoints with: the present one and, around a change, the next.
//
// Threads: immutable; any.
#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"

namespace dfb::log {

class Signer {
 public:
  // REQUIRES: a valid key name; one key or more, all Ed25519.
  Signer(std::string origin, std::vector<PrivateKey> keys);

  const std::string& origin() const { return origin_; }
  const std::vector<std::string>& vkeys() const { return vkeys_; }  // in the order that was given
  bool has(std::string_view vkey) const;
  // The note under one line for each vkey, in that order. REQUIRES: one vkey or more, and has() each.
  std::string sign(const Checkpoint& checkpoint, std::span<const std::string> vkeys) const;

 private:
  std::string origin_;
  std::vector<PrivateKey> keys_;
  std::vector<std::string> vkeys_;  // of keys_
};

}  // namespace dfb::log
