// What tills say they have seen of the log: the newest cosignature of each, for anybody to compare with what
// they see themselves. Gossip, kept in memory: a till sends it anew when it has seen more. Threads: any.
#pragma once
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"

namespace dfb::programme {

struct TillCosignature {
  KeyId till;
  std::string vkey;       // of the till's witness key; its name is till_witness_name()
  std::string signature;  // by the till's key, of the kind `witness`, over the vkey
  log::Checkpoint checkpoint;
  std::string line;  // the note's signature line
  std::int64_t time_s = 0;
};

// <origin>/till/<key id>
std::string till_witness_name(const std::string& origin, const KeyId& till);

// That this till's witness key cosigned this checkpoint of this log. malformed, bad_signature, unknown_key.
// Whether the log ever had that root is not asked here.
Result<TillCosignature> check_till_cosignature(const std::string& origin, const PublicKey& till,
                                               const std::string& checkpoint, const std::string& line,
                                               const std::string& vkey, const std::string& signature);

class TillCosignatures {
 public:
  explicit TillCosignatures(std::size_t tills_max = 500) : tills_max_(tills_max) {}
  // Kept unless a larger tree of that till is; of too many tills, the one that saw least is dropped.
  void put(TillCosignature cosignature);
  std::vector<TillCosignature> newest() const;  // the largest trees first

 private:
  const std::size_t tills_max_;
  mutable std::mutex mutex_;
  std::unordered_map<KeyId, TillCosignature, HashOfHash> by_till_;
};

}  // namespace dfb::programme
