// The Merkle tree of RFC 6962 §2.1: hashes and the checking of proofs.
//
//   leaf = SHA-256(0x00 || entry)   node = SHA-256(0x01 || left || right)   root of nothing = SHA-256("")
//
// A tree splits at the largest power of two below its size. Proofs are lists of hashes, the nearest to the
// leaf first. Threads: pure functions.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace dfb::log {

// No tree of up to 2^63-1 leaves needs a longer proof.
inline constexpr std::size_t kInclusionPathMax = 63;

Hash leaf_hash(std::string_view entry);
Hash node_hash(const Hash& left, const Hash& right);
Hash empty_root();

// That `leaf` is the leaf number `index` of the tree with this size and root.
// Fails with bad_path: also when the path has not exactly the length that index and size ask for.
Result<void> verify_inclusion(const Hash& leaf, std::int64_t index, std::int64_t size,
                              const std::vector<Hash>& path, const Hash& root);

// That the larger tree begins with all leaves of the smaller one.
// Fails with bad_path when the path is not of the form that the sizes ask for (old_size > new_size included),
// and with inconsistent when it is and the roots still do not follow: somebody changed history.
Result<void> verify_consistency(std::int64_t old_size, const Hash& old_root, std::int64_t new_size,
                                const Hash& new_root, const std::vector<Hash>& path);

}  // namespace dfb::log
