// Keys and notes that the tests of notes, checkpoints, cosignatures and receipts share.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ledger/log/note.h"
#include "tests/unit/log/golden.h"

namespace dfb::log::test {

inline constexpr std::string_view kKnownVkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
inline constexpr std::string_view kKnownText = "This is an example message.\n";
inline constexpr std::string_view kKnownSignature =
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";

inline std::string known_line() {
  return "\xe2\x80\x94 example.com/foo " + std::string(kKnownSignature) + "\n";
}
inline std::string known_note() { return std::string(kKnownText) + "\n" + known_line(); }

// An Ed25519 key from its 32-byte seed, through the PKCS#8 of RFC 8410.
inline PrivateKey key_of_seed(std::string_view seed) {
  const std::string header = hex_decode("302e020100300506032b657004220420").value();
  return PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\n" + base64_encode(header + std::string(seed)) +
                              "\n-----END PRIVATE KEY-----\n")
      .value();
}
inline PrivateKey golden_key(std::string_view field) {
  return key_of_seed(base64_decode(text_of(golden().at(field))).value());
}
inline Vkey golden_vkey(std::string_view field) { return parse_vkey(text_of(golden().at(field))).value(); }

template <class T>
::testing::AssertionResult fails_with(const Result<T>& result, Code code) {
  if (result.has_value()) return ::testing::AssertionFailure() << "succeeded";
  if (result.error().code != code) return ::testing::AssertionFailure() << to_string(result.error());
  return ::testing::AssertionSuccess();
}

}  // namespace dfb::log::test
