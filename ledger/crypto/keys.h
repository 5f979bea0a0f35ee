// Keys and signatures: ECDSA P-256 for devices, staff, sites, tills, the server and the roots; Ed25519 for the
// log and its witnesses. The one place, with hash.cpp, that calls OpenSSL's EVP.
//
// A P-256 signature is r || s, 64 bytes, as WebCrypto makes it; verifiers accept high and low S.
// Threads: PublicKey and PrivateKey are immutable after construction and may be used from any thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace dfb {

enum class Algorithm : std::uint8_t { p256, ed25519 };

// SHA-256 over the key's SubjectPublicKeyInfo in DER. The whole 256 bits identify a key everywhere.
using KeyId = Hash;

class PublicKey {
 public:
  // Exactly the DER that OpenSSL would write for a named-curve, uncompressed P-256 key (91 bytes) or an Ed25519
  // key (44 bytes); any other encoding or a P-256 point off the curve is malformed. 32 bytes that are no point of
  // Ed25519 make a key under which nothing verifies.
  static Result<PublicKey> from_spki(std::string_view der);
  static Result<PublicKey> from_ed25519(std::string_view raw32);

  Algorithm algorithm() const;
  const KeyId& id() const;
  const std::string& spki() const;  // DER
  std::string raw_ed25519() const;  // 32 bytes. REQUIRES: algorithm() == ed25519
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  friend class PrivateKey;
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

class PrivateKey {
 public:
  static PrivateKey generate(Algorithm algorithm);
  // PKCS#8 PEM without a passphrase, P-256 or Ed25519; malformed for anything else, also when the private half
  // does not fit the public one. Never asks a terminal for a passphrase.
  static Result<PrivateKey> from_pem(std::string_view pem);
  // A P-256 key derived from a secret that a person can carry (a one-time ticket): HKDF-SHA256 with salt
  // "defenbao/ticket/v1" and empty info gives 48 bytes, taken modulo (n - 1), plus 1. Deterministic.
  // REQUIRES: !secret.empty().
  static PrivateKey from_ticket(std::string_view secret);

  const PublicKey& public_key() const { return public_key_; }
  std::string sign(std::string_view message) const;  // 64 bytes
  std::string to_pem() const;
  // OpenSSL's EVP_PKEY*, for certificates and TLS only; owned by this key.
  void* native() const;

 private:
  PrivateKey(PublicKey public_key, std::shared_ptr<void> native)
      : public_key_(std::move(public_key)), native_(std::move(native)) {}
  PublicKey public_key_;
  std::shared_ptr<void> native_;
};

// Reads a PEM key file. Refuses one that group or others may touch, naming the cure `chmod 600` (bad_config); else
// io_error or malformed.
Result<PrivateKey> load_private_key(const std::string& path);
// Creates the file with mode 0600; never replaces an existing one (io_error).
Result<void> save_private_key(const std::string& path, const PrivateKey& key);

}  // namespace dfb
