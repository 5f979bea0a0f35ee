#include "certs/request.h"

#include "certs/certificate.h"
#include "certs/native.h"
#include "ledger/crypto/hash.h"

namespace dfb::certs {
namespace {

constexpr std::size_t kRequestBytesMax = 16 * 1024;
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE REQUEST-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE REQUEST-----";

// Nothing but one request: text around it could mislead whoever looks at the file.
bool is_one_request(std::string_view pem) {
  const std::size_t end = pem.find(kEnd);
  return pem.size() <= kRequestBytesMax && pem.starts_with(kBegin) && end != std::string_view::npos &&
         pem.find_first_not_of("\r\n", end + kEnd.size()) == std::string_view::npos;
}

}  // namespace

std::string make_request(const PrivateKey& key, std::string_view common_name) {
  DFB_CHECK(key.public_key().algorithm() == Algorithm::p256);
  const Request request(X509_REQ_new());
  DFB_CHECK(request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
            X509_REQ_set_pubkey(request.get(), native(key)) == 1);
  set_common_name(X509_REQ_get_subject_name(request.get()), common_name);
  DFB_CHECK(X509_REQ_sign(request.get(), native(key), EVP_sha256()) > 0);
  return to_pem(PEM_write_bio_X509_REQ, request.get());
}

Result<PublicKey> key_of_request(std::string_view pem) {
  if (!is_one_request(pem)) return fail(Code::malformed, "not a certificate request in PEM");
  const QuietErrors quiet;
  const Request request(PEM_read_bio_X509_REQ(reader(pem).get(), nullptr, nullptr, nullptr));
  if (!request) return fail(Code::malformed, "the certificate request cannot be read");
  const std::string spki = to_der(i2d_X509_PUBKEY, X509_REQ_get_X509_PUBKEY(request.get()));
  const Result<PublicKey> key = PublicKey::from_spki(spki);
  if (!key.has_value() || key->algorithm() != Algorithm::p256)
    return fail(Code::malformed, "the certificate request is not for a P-256 key");
  if (X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())) != 1)
    return fail(Code::bad_signature, "the certificate request is not signed by its own key");
  return key;
}

Result<KeyId> key_of_certificate(std::string_view der) {
  const QuietErrors quiet;
  const unsigned char* in = as_bytes(der);
  const Certificate certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  if (!certificate || in != as_bytes(der) + der.size())
    return fail(Code::malformed, "not the DER of one certificate");
  return sha256(to_der(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(certificate.get())));
}

Result<Validity> validity_of(std::string_view chain_pem) {
  const QuietErrors quiet;
  const Memory memory = reader(chain_pem);
  const Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  std::tm from{}, until{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notBefore(certificate.get()), &from) != 1 ||
      ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &until) != 1)
    return fail(Code::malformed, "not a certificate in PEM");
  return Validity{timegm(&from) * kSecondUs, timegm(&until) * kSecondUs};
}

}  // namespace dfb::certs
