#include "ledger/log/tile.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/log/golden.h"

namespace dfb::log {
namespace {

using namespace test;

TEST(TilePath, KnownSpellings) {
  const std::pair<const char*, TilePath> known[] = {
      {"tile/0/000", {false, 0, 0, 256}},
      {"tile/0/001.p/1", {false, 0, 1, 1}},
      {"tile/0/x001/234.p/112", {false, 0, 1234, 112}},
      {"tile/63/x001/x234/067", {false, 63, 1234067, 256}},
      {"tile/2/x001/000.p/255", {false, 2, 1000, 255}},
      {"tile/entries/000.p/7", {true, 0, 0, 7}},
      {"tile/entries/x999/999", {true, 0, 999999, 256}},
      {"tile/0/x036/x028/x797/x018/x963/967", {false, 0, 36028797018963967, 256}},
  };
  for (const auto& [text, path] : known) {
    EXPECT_EQ(format_tile_path(path), text);
    EXPECT_EQ(parse_tile_path(text).value(), path) << text;
  }
}

TEST(TilePath, RefusesEveryOtherSpelling) {
  for (const char* text : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/64/000",
                           "tile/00/000",
                           "tile/-1/000",
                           "tile/+1/000",
                           "tile//000",
                           "tile/x/000",
                           "/tile/0/000",
                           "tile/0/000/",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/01",
                           "tile/0/000.p/256",
                           "tile/0/000.p/-1",
                           "tile/0/000.p/1/",
                           "tile/0/000.P/1",
                           "tile/0/x000/123",
                           "tile/0/x001",
                           "tile/0/x001/",
                           "tile/0/x001/23",
                           "tile/0/001/234",
                           "tile/0/x001/x234",
                           "tile/0/x001x234",
                           "tile/0/X001/234",
                           "tile/0/x001/2 4",
                           "tile/entries",
                           "tile/entries/",
                           "tile/entries/0/000",
                           "tile/entry/000",
                           "tile/0/x036/x028/x797/x018/x963/968",
                           "tile/0/x036/x028/x797/x018/x963/x967/000",  // past 64 bits with the next group
                           "tile/0/x999/x999/x999/x999/x999/x999/999",
                           "tile/0/000\n",
                           "tile/0/../000",
                           "tile/data/000"})
    EXPECT_EQ(parse_tile_path(text).error().code, Code::malformed) << text;
}

TEST(Tile, WidthsOfTheDocumentedTree) {
  EXPECT_EQ(tile_width(0, 272, 70000), 256);
  EXPECT_EQ(tile_width(0, 273, 70000), 112);
  EXPECT_EQ(tile_width(0, 274, 70000), 0);
  EXPECT_EQ(tile_width(1, 0, 70000), 256);
  EXPECT_EQ(tile_width(1, 1, 70000), 17);
  EXPECT_EQ(tile_width(2, 0, 70000), 1);
  EXPECT_EQ(tile_width(3, 0, 70000), 0);
  EXPECT_EQ(tile_width(0, 0, 256), 256);
  EXPECT_EQ(tile_width(1, 0, 256), 1);
  EXPECT_EQ(tile_width(0, 0, 0), 0);
  EXPECT_EQ(tile_width(63, 0, std::numeric_limits<std::int64_t>::max()), 0);
  EXPECT_EQ(tile_width(7, 0, std::numeric_limits<std::int64_t>::max()), 127);
}

TEST(Tile, GoldenTiles) {
  int tiles = 0;
  for (const auto& item : golden().at("rightmost_tiles").as_array()) {
    const auto size = item.at("tree_size").to_number<std::int64_t>();
    const std::string text = text_of(item.at("path"));
    const TilePath path = parse_tile_path(text).value();
    EXPECT_EQ(format_tile_path(path), text);
    EXPECT_EQ(tile_width(path.level, path.index, size), path.width) << text << " of " << size;
    const std::string bytes = golden_tree().tile(path.level, path.index, path.width).value();
    EXPECT_EQ(bytes.size(), item.at("bytes").to_number<std::size_t>());
    EXPECT_EQ(hex_encode(sha256(bytes).view()), text_of(item.at("sha256_of_tile"))) << text << " of " << size;
    // The same from an edge that grew to that size only.
    Tree small;
    small.grow(size);
    if (path.width < kTileWidth) {
      EXPECT_EQ(small.edge().partial(path.level), bytes) << text;
    }
    ++tiles;
  }
  EXPECT_EQ(tiles, 47);
}

TEST(Tile, OneTileIsReadOnceForAProof) {
  Tree tree;
  tree.grow(70000);
  ASSERT_TRUE(inclusion_path(69999, 70000, tree).has_value());
  EXPECT_LE(tree.reads(), 4);
}

TEST(Tile, ProofsOutsideTheTree) {
  Tree tree;
  tree.grow(3);
  EXPECT_EQ(inclusion_path(3, 3, tree).error().code, Code::not_found);
  EXPECT_EQ(inclusion_path(-1, 3, tree).error().code, Code::not_found);
  EXPECT_EQ(consistency_path(4, 3, tree).error().code, Code::not_found);
  EXPECT_EQ(consistency_path(-1, 3, tree).error().code, Code::not_found);
  EXPECT_EQ(root(0, tree).value(), empty_root());
  EXPECT_EQ(root(4, tree).error().code, Code::corrupt) << "the source is shorter than the size asked for";
}

TEST(Bundle, RoundTripAndRefusals) {
  std::string bundle;
  std::vector<std::string> entries = {"", "a", std::string(kEntryBytesMax, 'x')};
  for (const std::string& entry : entries) append_to_bundle(bundle, entry);
  EXPECT_EQ(bundle.substr(0, 5), std::string("\0\0\0\1a", 5));
  const std::vector<std::string_view> parsed = parse_bundle(bundle, 3).value();
  EXPECT_TRUE(std::equal(parsed.begin(), parsed.end(), entries.begin(), entries.end()));
  for (const int width : {0, 2, 4, -1}) EXPECT_EQ(parse_bundle(bundle, width).error().code, Code::malformed);
  EXPECT_FALSE(parse_bundle(bundle + '\0', 3).has_value());
  EXPECT_FALSE(parse_bundle(std::string_view(bundle).substr(0, bundle.size() - 1), 3).has_value());
  std::string many;
  for (int i = 0; i < 300; ++i) append_to_bundle(many, "");
  EXPECT_FALSE(parse_bundle(many, 300).has_value());
  many.resize(512);
  EXPECT_EQ(parse_bundle(many, 256).value().size(), 256U);
}

}  // namespace
}  // namespace dfb::log
