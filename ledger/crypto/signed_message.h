// What every signature of this project outside the log's own notes covers. Source: docs/formats.md#signatures.
//
//   "defenbao/" kind "/v1" LF  origin LF  SHA-256(SPKI of the signing key), 32 bytes  body
//
// The kind and the origin keep a signature from being used for another purpose or another town; the key's hash
// keeps it from being claimed by another key.
#pragma once
#include <string>
#include <string_view>

#include "ledger/crypto/keys.h"

namespace dfb {

enum class SignedKind : std::uint8_t { login, paycode, quote, offline, payload, site, witness };
std::string_view name(SignedKind kind);

// One signature over a payload, and the whole id of the key that made it.
struct KeySignature {
  KeyId key;
  std::string bytes;
  friend bool operator==(const KeySignature&, const KeySignature&) = default;
};

std::string signed_message(SignedKind kind, std::string_view origin, const KeyId& key, std::string_view body);
std::string sign(const PrivateKey& key, SignedKind kind, std::string_view origin, std::string_view body);
bool verify(const PublicKey& key, SignedKind kind, std::string_view origin, std::string_view body,
            std::string_view signature);

}  // namespace dfb
