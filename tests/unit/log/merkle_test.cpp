#include "ledger/log/merkle.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/log/golden.h"

namespace dfb::log {
namespace {

using namespace test;

Hash flipped(Hash hash) {
  hash.bytes[17] ^= 4;
  return hash;
}

TEST(Merkle, EmptyTreeAndLeafOfNothing) {
  EXPECT_EQ(base64_encode(empty_root().view()), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(hex_encode(leaf_hash("").view()),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST(Merkle, GoldenEntries) {
  for (const auto& [index, entry] : golden().at("entry_examples_b64").as_object())
    EXPECT_EQ(base64_encode(golden_entry(std::stoll(std::string(index)))), text_of(entry)) << index;
}

TEST(Merkle, GoldenRoots) {
  Tree growing;
  for (const auto& [size_text, expected] : golden().at("roots").as_object()) {
    const std::int64_t size = std::stoll(std::string(size_text));
    EXPECT_EQ(root(size, golden_tree()).value(), hash_of(expected)) << size;
  }
  for (std::int64_t size = 0; size <= 4096; ++size) {
    growing.grow(size);
    const auto* expected = golden().at("roots").as_object().if_contains(std::to_string(size));
    if (expected != nullptr) {
      EXPECT_EQ(growing.edge().root(), hash_of(*expected)) << size;
    }
  }
  EXPECT_EQ(golden_tree().edge().root(), golden_root(70000));
}

TEST(Merkle, GoldenInclusion) {
  int proofs = 0;
  for (const auto& item : golden().at("inclusion").as_array()) {
    const auto size = item.at("size").to_number<std::int64_t>();
    const auto index = item.at("index").to_number<std::int64_t>();
    const Hash leaf = hash_of(item.at("leaf_hash"));
    const std::vector<Hash> path = hashes_of(item.at("path"));
    const Hash expected_root = golden_root(size);
    EXPECT_EQ(leaf_hash(golden_entry(index)), leaf);
    EXPECT_EQ(inclusion_path(index, size, golden_tree()).value(), path) << index << " of " << size;
    ASSERT_TRUE(verify_inclusion(leaf, index, size, path, expected_root).has_value())
        << index << " of " << size;

    const auto refused = [&](const Hash& l, std::int64_t i, std::int64_t s, const std::vector<Hash>& p,
                             const Hash& r) {
      const Result<void> result = verify_inclusion(l, i, s, p, r);
      EXPECT_TRUE(result.has_error() && result.error().code == Code::bad_path) << i << " of " << s;
    };
    refused(flipped(leaf), index, size, path, expected_root);
    refused(leaf, index, size, path, flipped(expected_root));
    refused(leaf, -1, size, path, expected_root);
    refused(leaf, size, size, path, expected_root);
    refused(leaf, index, 0, path, expected_root);
    for (const int bit : {0, 3, 9}) {
      const std::int64_t other = index ^ (std::int64_t{1} << bit);
      if (other < size) refused(leaf, other, size, path, expected_root);
    }
    for (std::size_t i = 0; i < path.size(); ++i) {
      std::vector<Hash> bad = path;
      bad[i] = flipped(bad[i]);
      refused(leaf, index, size, bad, expected_root);
      bad = path;
      bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
      refused(leaf, index, size, bad, expected_root);
      bad.push_back(path[i]);
      if (bad != path) refused(leaf, index, size, bad, expected_root);
    }
    std::vector<Hash> longer = path;
    longer.push_back(leaf);
    refused(leaf, index, size, longer, expected_root);
    longer = path;
    longer.insert(longer.begin(), leaf);
    refused(leaf, index, size, longer, expected_root);
    ++proofs;
  }
  EXPECT_EQ(proofs, 190);
}

TEST(Merkle, GoldenConsistency) {
  int proofs = 0;
  for (const auto& item : golden().at("consistency").as_array()) {
    const auto old_size = item.at("old_size").to_number<std::int64_t>();
    const auto new_size = item.at("new_size").to_number<std::int64_t>();
    const std::vector<Hash> path = hashes_of(item.at("path"));
    const Hash old_root = golden_root(old_size);
    const Hash new_root = golden_root(new_size);
    EXPECT_EQ(consistency_path(old_size, new_size, golden_tree()).value(), path)
        << old_size << " " << new_size;
    ASSERT_TRUE(verify_consistency(old_size, old_root, new_size, new_root, path).has_value())
        << old_size << " to " << new_size;

    EXPECT_EQ(verify_consistency(old_size, flipped(old_root), new_size, new_root, path).error().code,
              Code::inconsistent);
    EXPECT_EQ(verify_consistency(old_size, old_root, new_size, flipped(new_root), path).error().code,
              Code::inconsistent);
    for (std::size_t i = 0; i < path.size(); ++i) {
      std::vector<Hash> bad = path;
      bad[i] = flipped(bad[i]);
      EXPECT_EQ(verify_consistency(old_size, old_root, new_size, new_root, bad).error().code,
                Code::inconsistent);
      bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_EQ(verify_consistency(old_size, old_root, new_size, new_root, bad).error().code, Code::bad_path);
    }
    std::vector<Hash> longer = path;
    longer.push_back(new_root);
    EXPECT_EQ(verify_consistency(old_size, old_root, new_size, new_root, longer).error().code,
              Code::bad_path);
    if (old_size != new_size) {
      EXPECT_EQ(verify_consistency(new_size, new_root, old_size, old_root, path).error().code,
                Code::bad_path);
    }
    ++proofs;
  }
  EXPECT_EQ(proofs, 281);
}

TEST(Merkle, ConsistencyWithTheEmptyTree) {
  const Hash any = leaf_hash("x");
  EXPECT_TRUE(verify_consistency(0, empty_root(), 5, any, {}).has_value());
  EXPECT_TRUE(verify_consistency(0, empty_root(), 0, empty_root(), {}).has_value());
  EXPECT_EQ(verify_consistency(0, any, 5, any, {}).error().code, Code::inconsistent);
  EXPECT_EQ(verify_consistency(0, empty_root(), 5, any, {any}).error().code, Code::bad_path);
  EXPECT_EQ(verify_consistency(-1, empty_root(), 5, any, {}).error().code, Code::bad_path);
}

// Every proof of every small tree, made and checked; and no proof holds for another leaf or size.
TEST(Merkle, AllProofsOfSmallTrees) {
  Tree tree;
  tree.grow(70);
  for (std::int64_t size = 1; size <= 70; ++size) {
    const Hash now = root(size, tree).value();
    for (std::int64_t index = 0; index < size; ++index) {
      const std::vector<Hash> path = inclusion_path(index, size, tree).value();
      const Hash& leaf = tree.leaves()[static_cast<std::size_t>(index)];
      EXPECT_TRUE(verify_inclusion(leaf, index, size, path, now).has_value());
      if (index > 0) {
        EXPECT_FALSE(verify_inclusion(leaf, index - 1, size, path, now).has_value());
      }
    }
    for (std::int64_t old_size = 0; old_size <= size; ++old_size) {
      const std::vector<Hash> path = consistency_path(old_size, size, tree).value();
      const Hash before = root(old_size, tree).value();
      EXPECT_TRUE(verify_consistency(old_size, before, size, now, path).has_value())
          << old_size << " " << size;
      if (old_size > 1) {
        EXPECT_FALSE(verify_consistency(old_size - 1, before, size, now, path).has_value()) << old_size;
      }
    }
  }
}

TEST(Merkle, HugeSizesDoNotOverflow) {
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const Hash any = leaf_hash("x");
  EXPECT_FALSE(
      verify_inclusion(any, huge - 1, huge, std::vector<Hash>(kInclusionPathMax, any), any).has_value());
  EXPECT_FALSE(verify_inclusion(any, 0, huge, std::vector<Hash>(kInclusionPathMax, any), any).has_value());
  EXPECT_FALSE(verify_consistency(1, any, huge, any, std::vector<Hash>(kInclusionPathMax, any)).has_value());
  EXPECT_FALSE(verify_consistency(huge - 1, any, huge, any, std::vector<Hash>(2, any)).has_value());
}

}  // namespace
}  // namespace dfb::log
