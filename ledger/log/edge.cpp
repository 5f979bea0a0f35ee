#include "ledger/log/edge.h"

#include <optional>

#include "ledger/base/check.h"
#include "ledger/log/merkle.h"

namespace dfb::log {
namespace {

// The root over hashes whose number is a power of two.
Hash complete_root(std::string_view hashes) {
  if (hashes.size() == kHashBytes) return Hash::from(hashes);
  const std::size_t half = hashes.size() / 2;
  return node_hash(complete_root(hashes.substr(0, half)), complete_root(hashes.substr(half)));
}

}  // namespace

Result<Edge> Edge::rebuild(std::int64_t size, TileReader& tiles, const std::vector<Hash>& last_leaves) {
  DFB_CHECK(size >= 0);
  if (last_leaves.size() != static_cast<std::size_t>(size % kTileWidth))
    return fail(Code::corrupt, "the tree's last leaves are not as many as its size says");
  Edge edge;
  edge.size_ = size;
  std::string hashes;
  for (const Hash& leaf : last_leaves) hashes += leaf.view();
  for (int level = 0; size >> (8 * level) > 0; ++level) {
    edge.levels_.push_back(std::move(hashes));
    hashes.clear();
    const std::int64_t full = size >> (8 * (level + 1));  // full tiles of this level, hashes of the next
    for (std::int64_t index = full - full % kTileWidth; index < full; ++index) {
      DFB_TRY(const std::string bytes, tiles.tile(level, index, kTileWidth));
      if (bytes.size() != kFullTileBytes)
        return fail(Code::corrupt,
                    format_tile_path({false, level, index, kTileWidth}) + " has the wrong length");
      hashes += complete_root(bytes).view();
    }
    if (8 * (level + 1) >= 63) break;
  }
  return edge;
}

std::vector<FullTile> Edge::append(const Hash& leaf) {
  std::vector<FullTile> completed;
  Hash hash = leaf;
  ++size_;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    std::string& tile = levels_[level];
    tile += hash.view();
    if (tile.size() < kFullTileBytes) return completed;
    hash = complete_root(tile);
    const auto index = (size_ >> (8 * (level + 1))) - 1;
    completed.push_back({static_cast<int>(level), index, std::move(tile)});
    tile.clear();
  }
}

Hash Edge::root() const {
  // Complete subtrees from the right, smallest first: the binary digits of each width, the levels from the
  // leaves up.
  std::optional<Hash> hash;
  for (const std::string& tile : levels_) {
    std::string_view rest = tile;
    for (std::size_t size = kHashBytes; !rest.empty(); size *= 2) {
      if ((rest.size() & size) == 0) continue;
      const Hash left = complete_root(rest.substr(rest.size() - size));
      hash = hash ? node_hash(left, *hash) : left;
      rest.remove_suffix(size);
    }
  }
  return hash ? *hash : empty_root();
}

std::string_view Edge::partial(int level) const {
  DFB_CHECK(level >= 0);
  return static_cast<std::size_t>(level) < levels_.size()
             ? std::string_view(levels_[static_cast<std::size_t>(level)])
             : std::string_view();
}

}  // namespace dfb::log
