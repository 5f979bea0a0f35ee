// The right edge of a growing tree: the incomplete tile of each level, held in memory by whoever appends.
//
// Everything left of the edge is full tiles, which never change again. A copy is cheap (at most 8 KiB a
// level), so a batch works on a copy and a failed batch drops it. Threads: a value type.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/log/tile.h"

namespace dfb::log {

struct FullTile {
  int level = 0;
  std::int64_t index = 0;
  std::string bytes;  // kFullTileBytes
};

class Edge {
 public:
  Edge() = default;  // the empty tree

  // The edge of a tree of `size` leaves from its full tiles and the hashes of its last size % 256 leaves.
  // `tiles` is asked for full tiles only. Fails as the reader does; corrupt when it answers with another
  // length or the number of last leaves is not size % 256. REQUIRES: size >= 0.
  static Result<Edge> rebuild(std::int64_t size, TileReader& tiles, const std::vector<Hash>& last_leaves);

  // Adds one leaf; what it completed, lowest level first, is the caller's to keep.
  std::vector<FullTile> append(const Hash& leaf);

  std::int64_t size() const { return size_; }
  Hash root() const;
  // The hashes of the level's incomplete tile, 0..255 of them; the tile's index is its level's width / 256.
  std::string_view partial(int level) const;

 private:
  std::int64_t size_ = 0;
  std::vector<std::string> levels_;
};

}  // namespace dfb::log
