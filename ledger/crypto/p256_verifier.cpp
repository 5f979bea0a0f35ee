#include "ledger/crypto/p256_verifier.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

#include "ledger/base/check.h"
#include "ledger/crypto/native.h"

namespace dfb {
namespace {

constexpr std::size_t kPointSize = 65;
using EcKey = std::unique_ptr<EC_KEY, Free<EC_KEY_free>>;

// Made once for the process, and never given back.
const EC_GROUP* group() {
  static const EC_GROUP* const made = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  DFB_CHECK(made != nullptr);
  return made;
}

// Takes on one public key after the other.
EC_KEY* working_key() {
  thread_local const EcKey own = [] {
    EcKey key(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
    DFB_CHECK(key != nullptr);
    return key;
  }();
  return own.get();
}

}  // namespace

std::optional<P256Verifier> P256Verifier::from_point(std::string_view bytes) {
  if (bytes.size() != kPointSize || bytes.front() != '\x04') return std::nullopt;
  std::shared_ptr<EC_POINT> point(EC_POINT_new(group()), EC_POINT_free);
  DFB_CHECK(point != nullptr);
  // Checks both coordinates' range and the curve's equation; the curve's cofactor is 1, so that is all.
  if (EC_POINT_oct2point(group(), point.get(), as_bytes(bytes), bytes.size(), nullptr) != 1)
    return std::nullopt;
  return P256Verifier(std::move(point));
}

bool P256Verifier::verify(const Hash& digest, std::string_view signature) const {
  if (signature.size() != kSignatureSize) return false;
  const EcdsaSignature numbers(ECDSA_SIG_new());
  BIGNUM* const r = BN_bin2bn(as_bytes(signature), kScalarSize, nullptr);
  BIGNUM* const s = BN_bin2bn(as_bytes(signature) + kScalarSize, kScalarSize, nullptr);
  DFB_CHECK(numbers && r && s && ECDSA_SIG_set0(numbers.get(), r, s) == 1);
  EC_KEY* const key = working_key();
  DFB_CHECK(EC_KEY_set_public_key(key, static_cast<const EC_POINT*>(point_.get())) == 1);
  return ECDSA_do_verify(digest.bytes.data(), static_cast<int>(digest.bytes.size()), numbers.get(), key) == 1;
}

}  // namespace dfb
