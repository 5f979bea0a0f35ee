#include "ledger/crypto/signed_message.h"

#include <gtest/gtest.h>

#include "ledger/base/encoding.h"

namespace dfb {
namespace {

TEST(SignedMessage, ExactBytes) {
  const PrivateKey key = PrivateKey::from_ticket("ticket");
  const std::string id(key.public_key().id().view());
  EXPECT_EQ(signed_message(SignedKind::paycode, "points.example.cn/main", key.public_key().id(), "body"),
            "defenbao/paycode/v1\npoints.example.cn/main\n" + id + "body");
}

TEST(SignedMessage, BoundToKeyKindOriginAndBody) {
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  const PrivateKey other = PrivateKey::generate(Algorithm::p256);
  const std::string signature = sign(key, SignedKind::payload, "town.example", "body");
  const PublicKey& good = key.public_key();
  EXPECT_TRUE(verify(good, SignedKind::payload, "town.example", "body", signature));
  EXPECT_FALSE(verify(good, SignedKind::payload, "town.example", "bodY", signature));
  EXPECT_FALSE(verify(good, SignedKind::payload, "town.exampl", "body", signature));
  EXPECT_FALSE(verify(other.public_key(), SignedKind::payload, "town.example", "body", signature));
  for (const SignedKind kind : {SignedKind::login, SignedKind::paycode, SignedKind::quote,
                                SignedKind::offline, SignedKind::site, SignedKind::witness})
    EXPECT_FALSE(verify(good, kind, "town.example", "body", signature)) << name(kind);
  // Another key may not claim the signature even over the same words.
  EXPECT_FALSE(good.verify(
      signed_message(SignedKind::payload, "town.example", other.public_key().id(), "body"), signature));
}

}  // namespace
}  // namespace dfb
