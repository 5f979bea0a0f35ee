#include "ledger/log/signer.h"

#include <gtest/gtest.h>

#include "ledger/log/merkle.h"

namespace dfb::log {
namespace {

TEST(Signer, WithOneKeyItSignsAsEver) {
  const PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  const Signer signer("bq.example/points", {key});
  const Checkpoint checkpoint{"bq.example/points", 7, leaf_hash("x")};
  EXPECT_EQ(signer.sign(checkpoint, signer.vkeys()), sign_checkpoint(checkpoint, key));
}

TEST(Signer, WritesALineForEachKeyInTheOrderThatIsAsked) {
  const PrivateKey old_key = PrivateKey::generate(Algorithm::ed25519);
  const PrivateKey new_key = PrivateKey::generate(Algorithm::ed25519);
  const Signer signer("bq.example/points", {new_key, old_key});
  const std::string next = signer.vkeys()[0], former = signer.vkeys()[1];
  EXPECT_TRUE(signer.has(next));
  EXPECT_FALSE(signer.has(Signer("other.example/points", {new_key}).vkeys()[0]));
  const Checkpoint checkpoint{"bq.example/points", 7, leaf_hash("x")};
  const std::vector<std::string> both{former, next};
  const auto note = parse_note(signer.sign(checkpoint, both)).value();
  ASSERT_EQ(note.signatures.size(), 2U);
  EXPECT_EQ(note.signatures[0].key_id, parse_vkey(former)->key_id);
  for (const std::string& vkey : both)
    EXPECT_EQ(open_checkpoint(note, parse_vkey(vkey).value()).value(), checkpoint);
}

}  // namespace
}  // namespace dfb::log
