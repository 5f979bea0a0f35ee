// Tiles and proofs cut from a store, against the golden tree that another program computed.
#include "ledger/store/log_reader.h"

#include <gtest/gtest.h>

#include "ledger/log/merkle.h"
#include "tests/unit/log/golden.h"

namespace dfb::store {
namespace {

using namespace log::test;

// A memory store with the first entries of the golden tree, and the head over them.
struct Grown {
  explicit Grown(std::int64_t size) : store(open_memory()) {
    const auto key = PrivateKey::generate(Algorithm::ed25519);
    auto transaction = store->begin();
    for (std::int64_t seq = 0; seq < size; ++seq) {
      const auto entry = golden_entry(seq);
      const auto leaf = log::leaf_hash(entry);
      transaction->append(seq, entry, leaf, {});
      for (const auto& tile : head.edge.append(leaf)) transaction->put_tile(tile);
    }
    head.checkpoint = {"town.example/points", size, head.edge.root()};
    head.note = log::sign_checkpoint(head.checkpoint, key);
    transaction->commit();
    view = store->snapshot();
  }
  std::unique_ptr<Store> store;
  Head head;
  std::unique_ptr<View> view;
};

Grown& big() {
  static Grown grown(70000);
  return grown;
}

TEST(LogReader, GivesTheGoldenRoots) {
  for (std::int64_t size : {0, 1, 2, 255, 256, 257, 1000}) {
    if (!golden().at("roots").as_object().contains(std::to_string(size))) continue;
    Grown grown(size);
    LogReader reader(*grown.view, grown.head);
    EXPECT_EQ(log::root(size, reader).value(), golden_root(size)) << size;
  }
  LogReader reader(*big().view, big().head);
  EXPECT_EQ(log::root(70000, reader).value(), golden_root(70000));
  EXPECT_EQ(big().head.checkpoint.root, golden_root(70000));
}

TEST(LogReader, GivesTheTilesOfEveryEarlierSize) {
  LogReader reader(*big().view, big().head);
  for (std::int64_t size : {1, 255, 256, 65535, 65536, 65537, 69999}) {
    if (!golden().at("roots").as_object().contains(std::to_string(size))) continue;
    EXPECT_EQ(log::root(size, reader).value(), golden_root(size)) << size;
  }
  EXPECT_EQ(reader.tile(0, 273, 112).value().size(), 112u * 32);
  EXPECT_EQ(reader.tile(1, 1, 17).value().size(), 17u * 32);
  EXPECT_EQ(reader.tile(2, 0, 1).value().size(), 32u);
  EXPECT_EQ(reader.tile(0, 0, 3).value(), reader.tile(0, 0, 256).value().substr(0, 96));
}

TEST(LogReader, ReceiptsVerify) {
  LogReader reader(*big().view, big().head);
  for (std::int64_t seq : {0, 255, 256, 65535, 65536, 69887, 69888, 69999}) {
    auto receipt = reader.receipt(seq);
    ASSERT_TRUE(receipt) << to_string(receipt.error());
    EXPECT_EQ(receipt->index, seq);
    EXPECT_TRUE(log::verify_inclusion(log::leaf_hash(golden_entry(seq)), seq, 70000, receipt->path,
                                      golden_root(70000)))
        << seq;
    EXPECT_EQ(log::format_note(receipt->checkpoint), big().head.note);
  }
}

TEST(LogReader, ConsistencyPathsVerify) {
  LogReader reader(*big().view, big().head);
  for (std::int64_t size : {1, 2, 255, 256, 257, 65536, 69999}) {
    auto path = reader.consistency(size);
    ASSERT_TRUE(path) << to_string(path.error());
    EXPECT_TRUE(
        log::verify_consistency(size, log::root(size, reader).value(), 70000, golden_root(70000), *path))
        << size;
  }
  EXPECT_TRUE(reader.consistency(0).value().empty());
  EXPECT_TRUE(reader.consistency(70000).value().empty());
}

TEST(LogReader, BundlesHoldTheEntries) {
  LogReader reader(*big().view, big().head);
  for (auto [index, width] : {std::pair{0, 256}, {273, 112}, {273, 1}, {1, 5}}) {
    const auto bundle = reader.bundle(index, width).value();
    const auto entries = log::parse_bundle(bundle, width).value();
    EXPECT_EQ(entries.front(), golden_entry(index * 256));
    EXPECT_EQ(entries.back(), golden_entry(index * 256 + width - 1));
  }
}

TEST(LogReader, NothingLiesBeyondTheHead) {
  LogReader reader(*big().view, big().head);
  const auto code = [](const auto& result) { return result ? Code::internal : result.error().code; };
  EXPECT_EQ(code(reader.tile(0, 273, 113)), Code::not_found);
  EXPECT_EQ(code(reader.tile(0, 274, 1)), Code::not_found);
  EXPECT_EQ(code(reader.tile(0, 0, 0)), Code::not_found);
  EXPECT_EQ(code(reader.tile(0, 0, 257)), Code::not_found);
  EXPECT_EQ(code(reader.tile(3, 0, 1)), Code::not_found);
  EXPECT_EQ(code(reader.tile(-1, 0, 1)), Code::not_found);
  EXPECT_EQ(code(reader.tile(64, 0, 1)), Code::not_found);
  EXPECT_EQ(code(reader.tile(0, -1, 1)), Code::not_found);
  EXPECT_EQ(code(reader.bundle(273, 113)), Code::not_found);
  EXPECT_EQ(code(reader.bundle(274, 1)), Code::not_found);
  EXPECT_EQ(code(reader.receipt(70000)), Code::not_found);
  EXPECT_EQ(code(reader.receipt(-1)), Code::not_found);
  EXPECT_EQ(code(reader.consistency(70001)), Code::not_found);
  EXPECT_EQ(code(reader.consistency(-1)), Code::not_found);
}

TEST(LogReader, ALaterSnapshotStillServesAnEarlierHead) {
  Grown grown(300);
  const Head old = grown.head;
  grown.view.reset();
  {
    auto transaction = grown.store->begin();
    for (std::int64_t seq = 300; seq < 600; ++seq) {
      const auto leaf = log::leaf_hash(golden_entry(seq));
      transaction->append(seq, golden_entry(seq), leaf, {});
      for (const auto& tile : grown.head.edge.append(leaf)) transaction->put_tile(tile);
    }
    transaction->commit();
  }
  auto view = grown.store->snapshot();
  LogReader reader(*view, old);
  EXPECT_EQ(log::root(300, reader).value(), old.checkpoint.root);
  EXPECT_FALSE(reader.tile(0, 1, 256));
}

TEST(LogReader, AMissingTileIsCorrupt) {
  Grown grown(256);
  auto empty = open_memory();
  auto view = empty->snapshot();
  LogReader reader(*view, grown.head);
  EXPECT_EQ(reader.tile(0, 0, 256).error().code, Code::corrupt);
  EXPECT_EQ(reader.bundle(0, 256).error().code, Code::corrupt);
  EXPECT_EQ(reader.receipt(0).error().code, Code::corrupt);
}

}  // namespace
}  // namespace dfb::store
