// Every public key that payloads have brought in so far, by id. Knowing a key says nothing about what it may
// do: a key id is the hash of its key, so a key in here too early harms nobody, and whether it was enrolled
// at an entry is the replay's question. Threads: any, at once.
#pragma once
#include <array>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "ledger/check/checked_command.h"

namespace dfb::audit {

// The keys that a payload brings in: genesis, open, key, roots, server_key. SPKI, DER.
std::vector<std::string> keys_brought(const book::Body& body);
// The keys that a payload leans on besides its signers: the device of a proof, the site of a site code.
std::vector<KeyId> keys_named(const book::Body& body);

class KeyDirectory final : public check::KeySource {
 public:
  void learn(const book::Body& body);
  void learn_key(const KeyId& id, std::string spki);
  std::optional<PublicKey> key(const KeyId& id) const override;

 private:
  // Parsed keys weigh some 2 kB each, so only so many are kept at a time.
  static constexpr std::size_t kParsedMax = 25'000;
  // Keys in parts by a byte of their id, so that threads seldom meet at one lock.
  struct Part {
    std::shared_mutex mutex;
    std::unordered_map<KeyId, std::string, HashOfHash> spki;
    std::unordered_map<KeyId, PublicKey, HashOfHash> parsed;
  };
  static constexpr std::size_t kParts = 32;
  Part& part(const KeyId& id) const { return parts_[id.bytes.back() % kParts]; }
  mutable std::array<Part, kParts> parts_;
};

}  // namespace dfb::audit
