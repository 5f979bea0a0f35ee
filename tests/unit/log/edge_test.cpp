#include "ledger/log/edge.h"

#include <gtest/gtest.h>

#include "tests/unit/log/golden.h"

namespace dfb::log {
namespace {

using namespace test;

// Hands out full tiles only, as a store does.
class FullTiles final : public TileReader {
 public:
  Result<std::string> tile(int level, std::int64_t index, int width) override {
    const auto& full = golden_tree().full();
    const auto found = full.find({level, index});
    if (width != kTileWidth || found == full.end()) return fail(Code::not_found);
    return found->second.substr(0, cut_);
  }
  std::size_t cut_ = kFullTileBytes;
};

std::vector<Hash> last_leaves(std::int64_t size) {
  const auto& leaves = golden_tree().leaves();
  return {leaves.begin() + (size - size % kTileWidth), leaves.begin() + size};
}

TEST(Edge, RebuiltAtAnySizeItGrowsOnTheSame) {
  FullTiles tiles;
  for (const std::int64_t size : {0, 1, 2, 255, 256, 257, 511, 512, 65535, 65536, 65537, 65792, 69999}) {
    Edge edge = Edge::rebuild(size, tiles, last_leaves(size)).value();
    EXPECT_EQ(edge.size(), size);
    EXPECT_EQ(edge.root(), root(size, golden_tree()).value()) << size;
    for (std::int64_t next = size; next < std::min<std::int64_t>(size + 600, 70000); ++next)
      for (const FullTile& tile : edge.append(golden_tree().leaves()[static_cast<std::size_t>(next)])) {
        const std::string& expected = golden_tree().full().at({tile.level, tile.index});
        EXPECT_EQ(tile.bytes, expected) << "level " << tile.level << " tile " << tile.index;
      }
    EXPECT_EQ(edge.root(), root(edge.size(), golden_tree()).value()) << size;
  }
}

TEST(Edge, CompletesTilesLowestLevelFirst) {
  FullTiles tiles;
  Edge edge = Edge::rebuild(65535, tiles, last_leaves(65535)).value();
  const std::vector<FullTile> completed = edge.append(golden_tree().leaves()[65535]);
  ASSERT_EQ(completed.size(), 2U);
  EXPECT_EQ(completed[0].level, 0);
  EXPECT_EQ(completed[0].index, 255);
  EXPECT_EQ(completed[1].level, 1);
  EXPECT_EQ(completed[1].index, 0);
  EXPECT_EQ(edge.partial(0), "");
  EXPECT_EQ(edge.partial(1), "");
  EXPECT_EQ(edge.partial(2).size(), 32U);
  EXPECT_EQ(edge.partial(9), "");
}

TEST(Edge, ACopyLeavesTheOriginalAlone) {
  Edge edge;
  edge.append(leaf_hash("a"));
  const Hash before = edge.root();
  Edge batch = edge;
  for (int i = 0; i < 300; ++i) batch.append(leaf_hash("b"));
  EXPECT_EQ(edge.root(), before);
  EXPECT_EQ(edge.size(), 1);
  EXPECT_NE(batch.root(), before);
}

TEST(Edge, RebuildRefusesWhatDoesNotFit) {
  FullTiles tiles;
  EXPECT_EQ(Edge::rebuild(257, tiles, {}).error().code, Code::corrupt);
  EXPECT_EQ(Edge::rebuild(256, tiles, last_leaves(257)).error().code, Code::corrupt);
  EXPECT_EQ(Edge::rebuild(100000, tiles, std::vector<Hash>(100000 % 256)).error().code, Code::not_found);
  tiles.cut_ = 8000;
  EXPECT_EQ(Edge::rebuild(256, tiles, {}).error().code, Code::corrupt);
}

}  // namespace
}  // namespace dfb::log
