// Certificate requests (PKCS#10), and whose certificate it is: the small part that terminals and the server
// need. Threads: pure.
#pragma once
#include <string>
#include <string_view>

#include "ledger/base/clock.h"
#include "ledger/crypto/keys.h"

namespace dfb::certs {

// A request for `key` in PEM, signed by it. REQUIRES: key is P-256, common_name is 1 to 64 bytes of UTF-8.
std::string make_request(const PrivateKey& key, std::string_view common_name);

// The key that asks, after checking that the request is signed by it. The other contents of a request are
// ignored: what a certificate says is for its issuer to decide. malformed (not one PEM request of a P-256
// key, or longer than 16 KiB), bad_signature.
Result<PublicKey> key_of_request(std::string_view pem);

// SHA-256 of the certificate's SubjectPublicKeyInfo: a till's key id. Checks no signature: for certificates
// that TLS has verified. malformed.
Result<KeyId> key_of_certificate(std::string_view der);

// From when until when the first certificate of a PEM chain is valid. Checks no signature: for one's own.
// malformed.
struct Validity {
  TimeUs from_us = 0, until_us = 0;
};
Result<Validity> validity_of(std::string_view chain_pem);

}  // namespace dfb::certs
