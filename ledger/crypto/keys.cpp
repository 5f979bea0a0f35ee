#include "ledger/crypto/keys.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <optional>

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/native.h"
#include "ledger/crypto/p256_verifier.h"

namespace dfb {
namespace {

// SubjectPublicKeyInfo up to the key itself: RFC 5480 (named curve, uncompressed point) and RFC 8410.
constexpr std::string_view kP256Prefix(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
    "\x04",
    27);
constexpr std::string_view kEd25519Prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::size_t kP256Size = 91;
constexpr std::size_t kEd25519Size = 44;

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Free<BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Free<EC_POINT_free>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Kdf = std::unique_ptr<EVP_KDF, Free<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, Free<EVP_KDF_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;

std::string encode_spki(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  DFB_CHECK(size > 0);
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

std::string from_der(std::string_view der) {
  const unsigned char* in = as_bytes(der);
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  DFB_CHECK(signature != nullptr);
  std::string raw(kSignatureSize, '\0');
  DFB_CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), as_bytes(raw), kScalarSize) == kScalarSize);
  DFB_CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), as_bytes(raw) + kScalarSize, kScalarSize) ==
            kScalarSize);
  return raw;
}

Key p256_from_scalar(const BIGNUM* scalar) {
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  DFB_CHECK(group != nullptr);
  const Point point(EC_POINT_new(group.get()));
  DFB_CHECK(point && EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) == 1);
  std::string encoded(65, '\0');
  DFB_CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, as_bytes(encoded),
                               encoded.size(), nullptr) == encoded.size());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  DFB_CHECK(builder &&
            OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
            OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) &&
            OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                             encoded.size()));
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  DFB_CHECK(params && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get()) == 1);
  return Key(key);
}

std::string hkdf_sha256(std::string_view secret, std::string_view salt, std::size_t size) {
  const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  DFB_CHECK(kdf && context);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(secret.data()), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, const_cast<char*>(salt.data()), salt.size()),
      OSSL_PARAM_construct_end()};
  std::string out(size, '\0');
  DFB_CHECK(EVP_KDF_derive(context.get(), as_bytes(out), out.size(), params) == 1);
  return out;
}

}  // namespace

struct PublicKey::State {
  Algorithm algorithm;
  std::string spki;
  KeyId id;
  std::optional<P256Verifier> p256;
  Key ed25519;
};

Result<PublicKey> PublicKey::from_spki(std::string_view der) {
  const bool p256 = der.size() == kP256Size && der.starts_with(kP256Prefix);
  const bool ed25519 = der.size() == kEd25519Size && der.starts_with(kEd25519Prefix);
  if (!p256 && !ed25519) return fail(Code::malformed, "not the DER of a P-256 or Ed25519 public key");
  const QuietErrors quiet;
  State state{p256 ? Algorithm::p256 : Algorithm::ed25519, std::string(der), sha256(der), std::nullopt,
              nullptr};
  if (p256) {
    state.p256 = P256Verifier::from_point(der.substr(kP256Prefix.size() - 1));
  } else {
    const auto raw = der.substr(kEd25519Prefix.size());
    state.ed25519.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_bytes(raw), raw.size()));
  }
  if (!state.p256 && !state.ed25519) return fail(Code::malformed, "the public key is not on its curve");
  return PublicKey(std::make_shared<const State>(std::move(state)));
}

Result<PublicKey> PublicKey::from_ed25519(std::string_view raw32) {
  return from_spki(std::string(kEd25519Prefix).append(raw32));
}

Algorithm PublicKey::algorithm() const { return state_->algorithm; }
const KeyId& PublicKey::id() const { return state_->id; }
const std::string& PublicKey::spki() const { return state_->spki; }

std::string PublicKey::raw_ed25519() const {
  DFB_CHECK(state_->algorithm == Algorithm::ed25519);
  return state_->spki.substr(kEd25519Prefix.size());
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  if (signature.size() != kSignatureSize) return false;
  const QuietErrors quiet;
  if (state_->algorithm == Algorithm::ed25519) {
    const DigestContext context(EVP_MD_CTX_new());
    DFB_CHECK(context && EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr,
                                                 state_->ed25519.get(), nullptr) == 1);
    return EVP_DigestVerify(context.get(), as_bytes(signature), signature.size(), as_bytes(message),
                            message.size()) == 1;
  }
  return state_->p256->verify(sha256(message), signature);
}

namespace {

EVP_PKEY* pkey(const std::shared_ptr<void>& native) { return static_cast<EVP_PKEY*>(native.get()); }

std::shared_ptr<void> shared(Key key) {
  return std::shared_ptr<void>(key.release(),
                               [](void* owned) { EVP_PKEY_free(static_cast<EVP_PKEY*>(owned)); });
}

}  // namespace

PrivateKey PrivateKey::generate(Algorithm algorithm) {
  Key key(algorithm == Algorithm::p256 ? EVP_EC_gen("P-256")
                                       : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  DFB_CHECK(key != nullptr);
  Result<PublicKey> public_key = PublicKey::from_spki(encode_spki(key.get()));
  DFB_CHECK(public_key.has_value());
  return {std::move(public_key).value(), shared(std::move(key))};
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  const QuietErrors quiet;
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  DFB_CHECK(memory != nullptr);
  const Pkcs8 info(PEM_read_bio_PKCS8_PRIV_KEY_INFO(memory.get(), nullptr, nullptr, nullptr));
  if (!info) return fail(Code::malformed, "not a PKCS#8 private key in PEM without a passphrase");
  Key key(EVP_PKCS82PKEY(info.get()));
  if (!key || !(EVP_PKEY_is_a(key.get(), "EC") || EVP_PKEY_is_a(key.get(), "ED25519")))
    return fail(Code::malformed, "not a P-256 or Ed25519 private key");
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  DFB_CHECK(context != nullptr);
  if (EVP_PKEY_pairwise_check(context.get()) != 1)
    return fail(Code::malformed, "the private key does not fit its public key");
  DFB_TRY(PublicKey public_key, PublicKey::from_spki(encode_spki(key.get())));
  return PrivateKey(std::move(public_key), shared(std::move(key)));
}

PrivateKey PrivateKey::from_ticket(std::string_view secret) {
  std::string wide = hkdf_sha256(secret, "defenbao/ticket/v1", 48);
  const Number scalar(BN_bin2bn(as_bytes(wide), static_cast<int>(wide.size()), nullptr));
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const NumberContext numbers(BN_CTX_secure_new());
  DFB_CHECK(scalar && group && numbers);
  const Number modulus(BN_dup(EC_GROUP_get0_order(group.get())));
  DFB_CHECK(modulus && BN_sub_word(modulus.get(), 1) == 1 &&
            BN_nnmod(scalar.get(), scalar.get(), modulus.get(), numbers.get()) == 1 &&
            BN_add_word(scalar.get(), 1) == 1);
  OPENSSL_cleanse(wide.data(), wide.size());
  Key key = p256_from_scalar(scalar.get());
  Result<PublicKey> public_key = PublicKey::from_spki(encode_spki(key.get()));
  DFB_CHECK(public_key.has_value());
  return {std::move(public_key).value(), shared(std::move(key))};
}

std::string PrivateKey::sign(std::string_view message) const {
  std::size_t size = 0;
  std::string signature(80, '\0');
  if (public_key_.algorithm() == Algorithm::ed25519) {
    const DigestContext context(EVP_MD_CTX_new());
    size = signature.size();
    DFB_CHECK(
        context &&
        EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, pkey(native_), nullptr) ==
            1 &&
        EVP_DigestSign(context.get(), as_bytes(signature), &size, as_bytes(message), message.size()) == 1 &&
        size == kSignatureSize);
    signature.resize(size);
    return signature;
  }
  const Hash digest = sha256(message);
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey(native_), nullptr));
  size = signature.size();
  DFB_CHECK(context && EVP_PKEY_sign_init(context.get()) == 1 &&
            EVP_PKEY_sign(context.get(), as_bytes(signature), &size, digest.bytes.data(),
                          digest.bytes.size()) == 1);
  signature.resize(size);
  return from_der(signature);
}

std::string PrivateKey::to_pem() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  DFB_CHECK(memory && PEM_write_bio_PKCS8PrivateKey(memory.get(), pkey(native_), nullptr, nullptr, 0, nullptr,
                                                    nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void* PrivateKey::native() const { return native_.get(); }

}  // namespace dfb
