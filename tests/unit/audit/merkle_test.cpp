#include "ledger/audit/merkle.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "ledger/base/encoding.h"

namespace dfb::audit {
namespace {

const boost::json::object& golden() {
  static const boost::json::value document = [] {
    std::ostringstream text;
    text << std::ifstream(DFB_GOLDEN_DIR "/merkle-log.json").rdbuf();
    return boost::json::parse(text.str());
  }();
  return document.as_object();
}

Hash hash_of(const boost::json::value& value) {
  return Hash::from(base64_decode(std::string_view(value.as_string())).value());
}

// As the vectors' field `about` says.
std::string golden_entry(std::int64_t i) {
  std::string entry = "entry " + std::to_string(i) + "\n";
  while (entry.size() < 16 + static_cast<std::size_t>(i % 97))
    entry += static_cast<char>('a' + entry.size() % 26);
  return entry;
}

const std::vector<Hash>& golden_leaves() {
  static const std::vector<Hash> leaves = [] {
    std::vector<Hash> made;
    for (std::int64_t i = 0; i < 70000; ++i) made.push_back(leaf_hash(golden_entry(i)));
    return made;
  }();
  return leaves;
}

Tree grow(std::int64_t size, std::set<std::int64_t> marks) {
  Tree tree(std::move(marks));
  const std::span<const Hash> leaves = golden_leaves();
  for (std::int64_t at = 0; at < size; at += kTileLeaves)
    tree.append(leaves.subspan(static_cast<std::size_t>(at),
                               static_cast<std::size_t>(std::min(kTileLeaves, size - at))));
  return tree;
}

TEST(AuditMerkle, PlainRecursionGivesTheGoldenRoots) {
  const std::span<const Hash> leaves = golden_leaves();
  for (const auto& [size, root] : golden().at("roots").as_object())
    EXPECT_EQ(tree_hash(leaves.first(std::stoul(std::string(size)))), hash_of(root)) << size;
}

TEST(AuditMerkle, AStreamGivesTheRootOfEveryMarkedSize) {
  std::set<std::int64_t> marks;
  for (const auto& [size, root] : golden().at("roots").as_object())
    marks.insert(std::stol(std::string(size)));
  const Tree tree = grow(70000, marks);
  for (const auto& [size, root] : golden().at("roots").as_object())
    EXPECT_EQ(tree.root(std::stol(std::string(size))), hash_of(root)) << size;
}

TEST(AuditMerkle, AStreamOfEverySizeGivesItsRoot) {
  for (std::int64_t size : {0, 1, 2, 255, 256, 257, 511, 512, 513, 4095, 4096, 65535, 65536, 65537, 70000}) {
    const auto& root = golden().at("roots").as_object().at(std::to_string(size));
    EXPECT_EQ(grow(size, {}).root(size), hash_of(root)) << size;
  }
}

TEST(AuditMerkle, SubtreesAreTheHashesOfUpperTiles) {
  const Tree tree = grow(70000, {});
  const std::span<const Hash> leaves = golden_leaves();
  EXPECT_EQ(tree.subtree(1, 3), tree_hash(leaves.subspan(768, 256)));
  EXPECT_EQ(tree.subtree(2, 0), tree_hash(leaves.first(65536)));
}

TEST(AuditMerkle, MarkedLeavesAreKept) {
  const Tree tree = grow(1000, {300});
  EXPECT_EQ(tree.leaf(300), golden_leaves()[300]);
}

TEST(AuditMerkle, InclusionVectorsHoldByOwnHashing) {
  for (const auto& item : golden().at("inclusion").as_array()) {
    const auto index = item.at("index").to_number<std::size_t>();
    EXPECT_EQ(golden_leaves()[index], hash_of(item.at("leaf_hash"))) << index;
  }
}

}  // namespace
}  // namespace dfb::audit
