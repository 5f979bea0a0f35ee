#include "ledger/audit/merkle.h"

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"

namespace dfb::audit {
namespace {

std::int64_t split(std::int64_t count) {
  std::int64_t k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

}  // namespace

Hash leaf_hash(std::string_view entry) { return sha256({std::string_view("\x00", 1), entry}); }

Hash node_hash(const Hash& left, const Hash& right) { return sha256({"\x01", left.view(), right.view()}); }

Hash tree_hash(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves.front();
  const auto k = static_cast<std::size_t>(split(static_cast<std::int64_t>(leaves.size())));
  return node_hash(tree_hash(leaves.first(k)), tree_hash(leaves.subspan(k)));
}

void Tree::append(std::span<const Hash> leaves) {
  DFB_CHECK(size_ % kTileLeaves == 0);
  DFB_CHECK(!leaves.empty() && leaves.size() <= static_cast<std::size_t>(kTileLeaves));
  const std::int64_t tile = size_ / kTileLeaves;
  const bool full = leaves.size() == static_cast<std::size_t>(kTileLeaves);
  if (full) tiles_.push_back(tree_hash(leaves));
  if (!full || is_marked(tile)) leaves_[tile].assign(leaves.begin(), leaves.end());
  size_ += static_cast<std::int64_t>(leaves.size());
}

Hash Tree::root(std::int64_t size) const {
  DFB_CHECK(size >= 0 && size <= size_);
  return size == 0 ? tree_hash({}) : range(0, size);
}

Hash Tree::subtree(int level, std::int64_t index) const {
  DFB_CHECK(level >= 1 && index >= 0);
  if (level == 1) return tiles_.at(static_cast<std::size_t>(index));
  std::vector<Hash> below;
  for (std::int64_t i = 0; i < kTileLeaves; ++i) below.push_back(subtree(level - 1, index * kTileLeaves + i));
  return tree_hash(below);
}

const Hash& Tree::leaf(std::int64_t index) const {
  return leaves_.at(index / kTileLeaves).at(static_cast<std::size_t>(index % kTileLeaves));
}

// Splits are powers of two, so `begin` is a multiple of 256 down to the last incomplete tile.
Hash Tree::range(std::int64_t begin, std::int64_t end) const {
  const std::int64_t count = end - begin;
  if (count == kTileLeaves) return tiles_.at(static_cast<std::size_t>(begin / kTileLeaves));
  if (count < kTileLeaves)
    return tree_hash(std::span(leaves_.at(begin / kTileLeaves)).first(static_cast<std::size_t>(count)));
  const std::int64_t k = split(count);
  return node_hash(range(begin, begin + k), range(begin + k, end));
}

std::vector<Hash> Tree::take_last(std::set<std::int64_t> marks) {
  marks_ = std::move(marks);
  std::vector<Hash> last;
  if (const auto it = leaves_.find(size_ / kTileLeaves); it != leaves_.end()) last = std::move(it->second);
  leaves_.clear();
  size_ -= size_ % kTileLeaves;
  return last;
}

bool Tree::restore(std::int64_t tile, std::span<const Hash> leaves) {
  if (leaves.size() != static_cast<std::size_t>(kTileLeaves) ||
      tree_hash(leaves) != tiles_.at(static_cast<std::size_t>(tile)))
    return false;
  leaves_[tile].assign(leaves.begin(), leaves.end());
  return true;
}

bool Tree::is_marked(std::int64_t tile) const {
  const auto mark = marks_.lower_bound(tile * kTileLeaves);
  return mark != marks_.end() && *mark < (tile + 1) * kTileLeaves;
}

}  // namespace dfb::audit
