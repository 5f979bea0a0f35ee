// Tiles: the tree's hashes cut into immutable files of up to 256 hashes, and the proofs made from them.
// Source of the layout: c2sp.org/tlog-tiles; docs/formats.md#tiles.
//
//   tile/<level>/<index>[.p/<width>]     width * 32 bytes; hash i of tile (l, n) is the root over the leaves
//                                        [(n*256+i)*256^l, (n*256+i+1)*256^l)
//   tile/entries/<index>[.p/<width>]     up to 256 entries, each uint16 big-endian length || bytes
//   <index> in groups of three digits, all but the last after an x: x001/x234/067
//
// Sizes and indexes count leaves or tiles; widths count hashes or entries, 1..256, and 256 is a full tile.
// Threads: pure functions; what they read through a TileReader is the reader's to protect.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace dfb::log {

inline constexpr int kTileWidth = 256;
inline constexpr std::size_t kHashBytes = 32;
inline constexpr std::size_t kFullTileBytes = kTileWidth * kHashBytes;
inline constexpr std::size_t kEntryBytesMax = 65535;

// Names one tile or, with `entries`, one bundle (level is then 0).
struct TilePath {
  bool entries = false;
  int level = 0;           // 0..63
  std::int64_t index = 0;  // below 2^55
  int width = kTileWidth;
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

// REQUIRES: the ranges above, width in 1..256.
std::string format_tile_path(const TilePath& path);
// Accepts exactly what format_tile_path writes; malformed.
Result<TilePath> parse_tile_path(std::string_view text);

// How many hashes tile (level, index) holds in a tree of `size` leaves: 0..256. REQUIRES: no negative
// argument.
int tile_width(int level, std::int64_t index, std::int64_t size);

// Where tiles come from: a store, a folder, a server.
class TileReader {
 public:
  virtual ~TileReader() = default;
  // The first `width` hashes of a tile, width * 32 bytes. A reader may cut them from a wider tile. Fails as
  // its source does; the functions below pass that on, and turn any other length into corrupt.
  virtual Result<std::string> tile(int level, std::int64_t index, int width) = 0;
};

// The root of the first `size` leaves. REQUIRES: size >= 0.
Result<Hash> root(std::int64_t size, TileReader& reader);
// The leaf's sibling first. not_found when index is not below size.
Result<std::vector<Hash>> inclusion_path(std::int64_t index, std::int64_t size, TileReader& reader);
// Empty when old_size is 0 or new_size. not_found when old_size is not in 0..new_size.
Result<std::vector<Hash>> consistency_path(std::int64_t old_size, std::int64_t new_size, TileReader& reader);

// REQUIRES: entry.size() <= kEntryBytesMax.
void append_to_bundle(std::string& bundle, std::string_view entry);
// The entries lie in `bundle`. malformed unless it holds exactly `width` entries.
Result<std::vector<std::string_view>> parse_bundle(std::string_view bundle, int width);

}  // namespace dfb::log
