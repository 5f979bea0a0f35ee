#include "certs/certificate.h"

namespace dfb::certs {
namespace {

using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;
using Name = std::unique_ptr<GENERAL_NAME, Free<GENERAL_NAME_free>>;
using Octets = std::unique_ptr<ASN1_OCTET_STRING, Free<ASN1_OCTET_STRING_free>>;
using Text = std::unique_ptr<ASN1_IA5STRING, Free<ASN1_IA5STRING_free>>;

Key to_native(const PublicKey& key) {
  const unsigned char* in = as_bytes(key.spki());
  Key native_key(d2i_PUBKEY(nullptr, &in, static_cast<long>(key.spki().size())));
  DFB_CHECK(native_key != nullptr);
  return native_key;
}

// `value` is a constant of this file: nothing from outside passes through OpenSSL's little language.
void extend(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  DFB_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Name to_name(const SubjectAlternative& alternative) {
  Name name(GENERAL_NAME_new());
  DFB_CHECK(name != nullptr);
  const int size = static_cast<int>(alternative.value.size());
  if (alternative.is_address) {
    Octets octets(ASN1_OCTET_STRING_new());
    DFB_CHECK(octets && ASN1_OCTET_STRING_set(octets.get(), as_bytes(alternative.value), size) == 1);
    GENERAL_NAME_set0_value(name.get(), GEN_IPADD, octets.release());
  } else {
    Text text(ASN1_IA5STRING_new());
    DFB_CHECK(text && ASN1_STRING_set(text.get(), alternative.value.data(), size) == 1);
    GENERAL_NAME_set0_value(name.get(), GEN_DNS, text.release());
  }
  return name;
}

void add_alternatives(X509* certificate, const std::vector<SubjectAlternative>& alternatives) {
  const Names names(GENERAL_NAMES_new());
  DFB_CHECK(names != nullptr);
  for (const SubjectAlternative& alternative : alternatives) {
    Name name = to_name(alternative);
    DFB_CHECK(sk_GENERAL_NAME_push(names.get(), name.get()) > 0);
    (void)name.release();
  }
  DFB_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1);
}

void add_extensions(X509* certificate, X509* issuer, const Contents& contents) {
  const bool authority = contents.profile == Profile::authority;
  extend(certificate, issuer, NID_basic_constraints,
         authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
  extend(certificate, issuer, NID_key_usage,
         authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  extend(certificate, issuer, NID_subject_key_identifier, "hash");
  extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  if (authority) return;
  extend(certificate, issuer, NID_ext_key_usage,
         contents.profile == Profile::server ? "serverAuth" : "clientAuth");
  if (!contents.alternatives.empty()) add_alternatives(certificate, contents.alternatives);
}

}  // namespace

Integer to_serial(std::string_view bytes) {
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(
      BN_bin2bn(as_bytes(bytes), static_cast<int>(bytes.size()), nullptr));
  DFB_CHECK(number != nullptr);
  Integer serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
  DFB_CHECK(serial != nullptr);
  return serial;
}

bool is_common_name(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const unsigned char c : text)
    if (c < 0x20 || c == 0x7f) return false;
  // Counts as OpenSSL will: a byte sequence that is no UTF-8 has no character at some place.
  for (std::string_view rest = text; !rest.empty();) {
    unsigned long character = 0;
    const int size = UTF8_getc(as_bytes(rest), static_cast<int>(rest.size()), &character);
    if (size <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void set_common_name(X509_NAME* name, std::string_view common_name) {
  DFB_CHECK(is_common_name(common_name));
  DFB_CHECK(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, as_bytes(common_name),
                                       static_cast<int>(common_name.size()), -1, 0) == 1);
}

Certificate make_certificate(const Contents& contents, const PublicKey& key, X509* issuer,
                             const PrivateKey& issuer_key) {
  DFB_CHECK(contents.serial.size() == 16 && (contents.serial[0] & 0xc0) == 0x40);
  Certificate certificate(X509_new());
  DFB_CHECK(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
            X509_set_serialNumber(certificate.get(), to_serial(contents.serial).get()) == 1 &&
            X509_set1_notBefore(certificate.get(), to_time(contents.from_us).get()) == 1 &&
            X509_set1_notAfter(certificate.get(), to_time(contents.until_us).get()) == 1 &&
            X509_set_pubkey(certificate.get(), to_native(key).get()) == 1);
  set_common_name(X509_get_subject_name(certificate.get()), contents.common_name);
  X509* over = issuer == nullptr ? certificate.get() : issuer;
  DFB_CHECK(X509_set_issuer_name(certificate.get(), X509_get_subject_name(over)) == 1);
  add_extensions(certificate.get(), over, contents);
  DFB_CHECK(X509_sign(certificate.get(), native(issuer_key), EVP_sha256()) > 0);
  return certificate;
}

}  // namespace dfb::certs
