// Roots and proofs made from tiles, by the recursive definitions of RFC 6962 §2.1.1 and §2.1.2.
#include <bit>
#include <map>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/log/merkle.h"
#include "ledger/log/tile.h"

namespace dfb::log {
namespace {

// Half-open range of leaves whose root is a node of the tree: begin is a multiple of every power of two up to
// size.
struct Range {
  std::int64_t begin;
  std::int64_t end;
  std::int64_t size() const { return end - begin; }
  // The largest power of two below the size. REQUIRES: size() > 1.
  std::int64_t split() const {
    return begin + static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size() - 1)));
  }
};

// The nodes of one tree; a proof asks for many from one tile, which is then read once.
class Nodes {
 public:
  Nodes(std::int64_t size, TileReader& reader) : size_(size), reader_(reader) {}

  // REQUIRES: range.size() > 0.
  Result<Hash> root(Range range) {
    if (std::has_single_bit(static_cast<std::uint64_t>(range.size()))) return complete(range);
    const std::int64_t middle = range.split();
    DFB_TRY(const Hash left, root({range.begin, middle}));
    DFB_TRY(const Hash right, root({middle, range.end}));
    return node_hash(left, right);
  }

 private:
  Result<Hash> complete(Range range) {
    const int height = std::countr_zero(static_cast<std::uint64_t>(range.size()));
    const int level = height / 8;
    const std::int64_t first = range.begin >> (8 * level);
    DFB_TRY(const std::string* const bytes, tile(level, first / kTileWidth));
    std::vector<Hash> hashes(std::size_t{1} << (height % 8));
    const auto offset = static_cast<std::size_t>(first % kTileWidth);
    DFB_CHECK((offset + hashes.size()) * kHashBytes <= bytes->size());
    for (std::size_t i = 0; i < hashes.size(); ++i)
      hashes[i] = Hash::from(std::string_view(*bytes).substr((offset + i) * kHashBytes, kHashBytes));
    for (; hashes.size() > 1; hashes.resize(hashes.size() / 2))
      for (std::size_t i = 0; i < hashes.size() / 2; ++i)
        hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    return hashes.front();
  }

  Result<const std::string*> tile(int level, std::int64_t index) {
    const auto found = tiles_.find({level, index});
    if (found != tiles_.end()) return &found->second;
    const int width = tile_width(level, index, size_);
    DFB_TRY(std::string bytes, reader_.tile(level, index, width));
    if (bytes.size() != static_cast<std::size_t>(width) * kHashBytes)
      return fail(Code::corrupt, format_tile_path({false, level, index, width}) + " has the wrong length");
    return &tiles_.emplace(std::pair(level, index), std::move(bytes)).first->second;
  }

  std::int64_t size_;
  TileReader& reader_;
  std::map<std::pair<int, std::int64_t>, std::string> tiles_;
};

}  // namespace

Result<Hash> root(std::int64_t size, TileReader& reader) {
  DFB_CHECK(size >= 0);
  if (size == 0) return empty_root();
  return Nodes(size, reader).root({0, size});
}

Result<std::vector<Hash>> inclusion_path(std::int64_t index, std::int64_t size, TileReader& reader) {
  if (index < 0 || index >= size) return fail(Code::not_found, "the tree has no leaf of that index");
  Nodes nodes(size, reader);
  std::vector<Range> siblings;  // from the root down
  for (Range range{0, size}; range.size() > 1;) {
    const std::int64_t middle = range.split();
    const Range left{range.begin, middle};
    const Range right{middle, range.end};
    siblings.push_back(index < middle ? right : left);
    range = index < middle ? left : right;
  }
  std::vector<Hash> path;
  for (auto sibling = siblings.rbegin(); sibling != siblings.rend(); ++sibling) {
    DFB_TRY(path.emplace_back(), nodes.root(*sibling));
  }
  return path;
}

Result<std::vector<Hash>> consistency_path(std::int64_t old_size, std::int64_t new_size, TileReader& reader) {
  if (old_size < 0 || old_size > new_size) return fail(Code::not_found, "the tree was never of that size");
  std::vector<Hash> path;
  if (old_size == 0 || old_size == new_size) return path;
  Nodes nodes(new_size, reader);
  std::vector<Range> ranges;
  Range range{0, new_size};
  while (old_size < range.end) {
    const std::int64_t middle = range.split();
    const Range left{range.begin, middle};
    const Range right{middle, range.end};
    ranges.push_back(old_size <= middle ? right : left);
    range = old_size <= middle ? left : right;
  }
  // The old tree's own root is known to whoever asks, and is left out.
  if (range.begin != 0) ranges.push_back(range);
  for (auto next = ranges.rbegin(); next != ranges.rend(); ++next) {
    DFB_TRY(path.emplace_back(), nodes.root(*next));
  }
  return path;
}

}  // namespace dfb::log
