#include "tests/support/made_certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "ledger/base/check.h"
#include "ledger/base/random.h"

namespace dfb::test {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

EVP_PKEY* native(const PrivateKey& key) { return static_cast<EVP_PKEY*>(key.native()); }

Certificate read(const std::string& pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free);
  DFB_CHECK(certificate != nullptr);
  return certificate;
}

std::string write(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  DFB_CHECK(PEM_write_bio_X509(memory.get(), certificate) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  DFB_CHECK(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

}  // namespace

MadeCertificate make_certificate(const CertificateWish& wish, const MadeCertificate* issuer) {
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  const PrivateKey signer = issuer == nullptr ? key : PrivateKey::from_pem(issuer->key_pem).value();
  Certificate certificate(X509_new(), &X509_free);
  const Certificate parent =
      issuer == nullptr ? Certificate(nullptr, &X509_free) : read(issuer->certificate_pem);
  X509* made = certificate.get();
  SystemRandom random;
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), random.u64() >> 1);
  X509_gmtime_adj(X509_getm_notBefore(made), wish.from_s);
  X509_gmtime_adj(X509_getm_notAfter(made), wish.until_s);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made, parent ? X509_get_subject_name(parent.get()) : X509_get_subject_name(made));
  DFB_CHECK(X509_set_pubkey(made, native(key)) == 1);
  X509* over = parent ? parent.get() : made;
  extend(made, over, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(made, over, NID_subject_key_identifier, "hash");
  extend(made, over, NID_subject_alt_name, wish.subject_alternatives);
  extend(made, over, NID_ext_key_usage, wish.extended_usage);
  DFB_CHECK(X509_sign(made, native(signer), EVP_sha256()) > 0);
  return {write(made), key.to_pem()};
}

}  // namespace dfb::test
