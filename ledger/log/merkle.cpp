#include "ledger/log/merkle.h"

#include <bit>

#include "ledger/crypto/hash.h"

namespace dfb::log {
namespace {

constexpr std::string_view kLeafPrefix("\x00", 1);
constexpr std::string_view kNodePrefix("\x01", 1);

// RFC 9162 §2.1.3.2 read from the bits: below the level where the leaf's way and the last leaf's way part,
// every level has a sibling; above it only where the index has a one (a left neighbour that is complete).
std::size_t inclusion_length(std::uint64_t index, std::uint64_t size) {
  const auto inner = static_cast<int>(std::bit_width(index ^ (size - 1)));
  const std::uint64_t above = inner >= 64 ? 0 : index >> inner;
  return static_cast<std::size_t>(inner + std::popcount(above));
}

}  // namespace

Hash leaf_hash(std::string_view entry) { return sha256({kLeafPrefix, entry}); }
Hash node_hash(const Hash& left, const Hash& right) {
  return sha256({kNodePrefix, left.view(), right.view()});
}
Hash empty_root() { return sha256(""); }

Result<void> verify_inclusion(const Hash& leaf, std::int64_t index, std::int64_t size,
                              const std::vector<Hash>& path, const Hash& root) {
  if (index < 0 || index >= size) return fail(Code::bad_path, "the index is not in the tree");
  if (path.size() != inclusion_length(static_cast<std::uint64_t>(index), static_cast<std::uint64_t>(size)))
    return fail(Code::bad_path, "the inclusion path has the wrong length");
  Hash hash = leaf;
  std::int64_t node = index;
  std::int64_t last = size - 1;  // the last node of the level
  for (const Hash& sibling : path) {
    // A last node without a sibling rises unchanged until it is somebody's right child.
    while (node == last && (node & 1) == 0 && node > 0) {
      node >>= 1;
      last >>= 1;
    }
    hash = (node & 1) != 0 ? node_hash(sibling, hash) : node_hash(hash, sibling);
    node >>= 1;
    last >>= 1;
  }
  if (hash != root) return fail(Code::bad_path, "the inclusion path does not lead to the root");
  return ok();
}

Result<void> verify_consistency(std::int64_t old_size, const Hash& old_root, std::int64_t new_size,
                                const Hash& new_root, const std::vector<Hash>& path) {
  if (old_size < 0 || old_size > new_size) return fail(Code::bad_path, "the sizes are out of order");
  if (old_size == 0 || old_size == new_size) {
    if (!path.empty()) return fail(Code::bad_path, "the consistency path must be empty");
    if (old_size == 0 && old_root != empty_root())
      return fail(Code::inconsistent, "not the root of an empty tree");
    if (old_size == new_size && old_root != new_root)
      return fail(Code::inconsistent, "two roots for one size of " + std::to_string(new_size));
    return ok();
  }
  // The walk begins at the largest complete subtree that ends the old tree; when that is the whole old tree,
  // its hash is not in the path, being the old root itself.
  std::int64_t node = old_size - 1;
  std::int64_t last = new_size - 1;
  const int shift = std::countr_one(static_cast<std::uint64_t>(node));
  node >>= shift;
  last >>= shift;
  const bool starts_at_root = node == 0;
  const std::size_t length =
      inclusion_length(static_cast<std::uint64_t>(node), static_cast<std::uint64_t>(last) + 1) +
      (starts_at_root ? 0 : 1);
  if (path.size() != length) return fail(Code::bad_path, "the consistency path has the wrong length");
  Hash old_hash = starts_at_root ? old_root : path.front();
  Hash new_hash = old_hash;
  for (std::size_t i = starts_at_root ? 0 : 1; i < path.size(); ++i) {
    while (node == last && (node & 1) == 0 && node > 0) {
      node >>= 1;
      last >>= 1;
    }
    if ((node & 1) != 0) {
      old_hash = node_hash(path[i], old_hash);
      new_hash = node_hash(path[i], new_hash);
    } else {
      new_hash = node_hash(new_hash, path[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (old_hash != old_root || new_hash != new_root)
    return fail(Code::inconsistent, "the tree of " + std::to_string(new_size) +
                                        " does not begin with the tree of " + std::to_string(old_size));
  return ok();
}

}  // namespace dfb::log
