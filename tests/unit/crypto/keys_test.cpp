#include "ledger/crypto/keys.h"

#include <gtest/gtest.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "ledger/base/encoding.h"
#include "ledger/base/random.h"
#include "ledger/crypto/hash.h"

namespace dfb {
namespace {

std::string hex(std::string_view text) { return hex_decode(text).value(); }

const std::string kP256Head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
// RFC 6979 A.2.5, P-256 with SHA-256, message "sample".
const std::string kX = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
const std::string kY = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
const std::string kR = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
const std::string kS = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
const std::string kLowS = "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9";
const std::string kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const std::string kZero(64, '0');

PublicKey rfc6979_key() { return PublicKey::from_spki(hex(kP256Head + "04" + kX + kY)).value(); }

TEST(Hash, KnownAnswers) {
  EXPECT_EQ(hex_encode(sha256("").view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha256("abc").view()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({"a", "", "bc"}), sha256("abc"));
}

TEST(Keys, P256KnownAnswerBothHalvesOfS) {
  const PublicKey key = rfc6979_key();
  EXPECT_EQ(key.algorithm(), Algorithm::p256);
  EXPECT_EQ(key.id(), sha256(key.spki()));
  EXPECT_TRUE(key.verify("sample", hex(kR + kS)));
  EXPECT_TRUE(key.verify("sample", hex(kR + kLowS)));
  EXPECT_FALSE(key.verify("test", hex(kR + kS)));
}

TEST(Keys, P256RefusesNumbersOutOfRangeAndOtherSizes) {
  const PublicKey key = rfc6979_key();
  const std::string ones(64, 'f');
  for (const std::string& signature :
       {kZero + kS, kR + kZero, kZero + kZero, kOrder + kS, kR + kOrder, ones + ones, kS + kR, kR,
        kR + kS + "00", std::string(), "00" + kR + kS})
    EXPECT_FALSE(key.verify("sample", hex(signature))) << signature;
  EXPECT_EQ(ERR_peek_error(), 0U) << "a refused signature must leave the error queue empty";
}

TEST(Keys, P256RefusesEveryFlippedByte) {
  const PublicKey key = rfc6979_key();
  const std::string good = hex(kR + kS);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(key.verify("sample", bad)) << i;
  }
}

TEST(Keys, Ed25519Rfc8032Test2) {
  const PublicKey key =
      PublicKey::from_ed25519(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
          .value();
  const std::string signature =
      hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(key.verify("\x72", signature));
  EXPECT_FALSE(key.verify("\x73", signature));
  EXPECT_FALSE(key.verify("", signature));
  EXPECT_EQ(hex_encode(key.raw_ed25519()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  // Ed25519 is deterministic, so signing must give the same bytes.
  const std::string seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const std::string pem = "-----BEGIN PRIVATE KEY-----\n" +
                          base64_encode(hex("302e020100300506032b657004220420") + seed) +
                          "\n-----END PRIVATE KEY-----\n";
  EXPECT_EQ(PrivateKey::from_pem(pem).value().sign("\x72"), signature);
}

TEST(Keys, SignAndVerify) {
  for (const Algorithm algorithm : {Algorithm::p256, Algorithm::ed25519}) {
    const PrivateKey key = PrivateKey::generate(algorithm);
    const PrivateKey other = PrivateKey::generate(algorithm);
    EXPECT_EQ(key.public_key().algorithm(), algorithm);
    EXPECT_NE(key.public_key().id(), other.public_key().id());
    for (int round = 0; round < 50; ++round) {  // enough for leading zeros in r or s
      const std::string message = "message " + std::to_string(round);
      const std::string signature = key.sign(message);
      ASSERT_EQ(signature.size(), 64U);
      EXPECT_TRUE(key.public_key().verify(message, signature));
      EXPECT_FALSE(key.public_key().verify(message + "x", signature));
      EXPECT_FALSE(other.public_key().verify(message, signature));
    }
    EXPECT_TRUE(key.public_key().verify("", key.sign("")));
  }
}

TEST(Keys, OnlyOneEncodingOfAPublicKeyIsAccepted) {
  const std::string good = kP256Head + "04" + kX + kY;
  const std::string ed = "302a300506032b6570032100" + kX;
  EXPECT_TRUE(PublicKey::from_spki(hex(good)).has_value());
  EXPECT_TRUE(PublicKey::from_spki(hex(ed)).has_value());
  const std::string prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  const std::pair<const char*, std::string> bad[] = {
      {"empty", ""},
      {"truncated", good.substr(0, good.size() - 2)},
      {"trailing byte", good + "00"},
      {"compressed point",
       "3039301306072a8648ce3d020106082a8648ce3d030107032200"
       "03" +
           kX},
      {"hybrid point", kP256Head + "07" + kX + kY},
      {"point at infinity",
       "3019301306072a8648ce3d020106082a8648ce3d030107030200"
       "00"},
      {"off the curve", kP256Head + "04" + kX + kX},
      {"zero point", kP256Head + "04" + kZero + kZero},
      {"x is the field's prime", kP256Head + "04" + prime + kY},
      {"secp256k1",
       "3056301006072a8648ce3d020106052b8104000a03420004"
       "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
       "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"},
      {"long form of a length", "308159" + good.substr(4)},
      {"unused bits",
       "3059301306072a8648ce3d020106082a8648ce3d030107034201"
       "04" +
           kX + kY},
      {"Ed25519 truncated", ed.substr(0, ed.size() - 2)},
      {"Ed25519 with a trailing byte", ed + "00"},
      {"X25519", "302a300506032b656e032100" + kX},
      {"Ed25519 with NULL parameters", "302c300706032b65700500032100" + kX},
  };
  for (const auto& [what, der] : bad) {
    const Result<PublicKey> key = PublicKey::from_spki(hex(der));
    ASSERT_FALSE(key.has_value()) << what;
    EXPECT_EQ(key.error().code, Code::malformed) << what;
  }
  EXPECT_FALSE(PublicKey::from_ed25519(hex(kX).substr(1)).has_value());
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Keys, TicketsAreDeterministic) {
  const PrivateKey key = PrivateKey::from_ticket("7KQ2-M9XD-40TP");
  // Computed with another implementation of HKDF and of the curve.
  EXPECT_EQ(hex_encode(key.public_key().spki()),
            kP256Head +
                "04f72d4f14c04a2e31f7c55effdfa4b03691f1a2107dce6255e906733692b5dfc8"
                "edda75ff6f7105b96b9c26f1f7495f842278a58b3489a9c6bc071a7b85f5f4e7");
  EXPECT_EQ(hex_encode(key.public_key().id().view()),
            "6ddf83d10c1872984386058c30b8934a759e54d8ceb56c7b8d5fe280ead266d3");
  EXPECT_TRUE(key.public_key().verify("m", PrivateKey::from_ticket("7KQ2-M9XD-40TP").sign("m")));
  EXPECT_NE(PrivateKey::from_ticket("7KQ2-M9XD-40TQ").public_key().id(), key.public_key().id());
  EXPECT_EQ(PrivateKey::from_pem(key.to_pem()).value().public_key().id(), key.public_key().id());
}

// EVP is the judge; this project's way asks the same questions with less ado.
bool evp_verifies(const PrivateKey& key, std::string_view message, std::string_view signature) {
  ECDSA_SIG* const numbers = ECDSA_SIG_new();
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  ECDSA_SIG_set0(numbers, BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers, &der);
  ECDSA_SIG_free(numbers);
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, static_cast<EVP_PKEY*>(key.native())) ==
          1 &&
      EVP_DigestVerify(context, der, static_cast<std::size_t>(size),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
  return good;
}

TEST(Keys, P256VerifiesWhatEvpVerifies) {
  SeededRandom random(3);
  int good = 0;
  for (int i = 0; i < 200; ++i) {
    const PrivateKey key = PrivateKey::from_ticket("key " + std::to_string(i % 5));
    const std::string message = random.bytes(1 + random.u64() % 300);
    std::string signature = key.sign(message);
    if (i % 2) signature[random.u64() % 64] ^= static_cast<char>(1 << (random.u64() % 8));
    if (i % 20 == 3) signature = std::string(32, '\0') + signature.substr(32);
    if (i % 20 == 5) signature = std::string(64, '\xff');
    const bool ours = key.public_key().verify(message, signature);
    EXPECT_EQ(ours, evp_verifies(key, message, signature)) << i;
    good += ours;
  }
  EXPECT_EQ(good, 100);
  ERR_clear_error();
}

TEST(Keys, NativeIsTheSameKey) {
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  EXPECT_EQ(EVP_PKEY_get_bits(static_cast<EVP_PKEY*>(key.native())), 256);
}

}  // namespace
}  // namespace dfb
