// OpenSSL's X.509 types with owners, for this folder's sources alone.
#pragma once
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/base/check.h"
#include "ledger/base/clock.h"
#include "ledger/crypto/keys.h"
#include "ledger/crypto/native.h"

namespace dfb::certs {

inline constexpr TimeUs kClockSlackUs = 5 * kMinuteUs;  // a till's clock may lag

using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;
using RevocationList = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Time = std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>>;

inline EVP_PKEY* native(const PrivateKey& key) { return static_cast<EVP_PKEY*>(key.native()); }

inline Memory reader(std::string_view text) {
  Memory memory(BIO_new_mem_buf(text.empty() ? "" : text.data(), static_cast<int>(text.size())));
  DFB_CHECK(memory != nullptr);
  return memory;
}

// to_pem(PEM_write_bio_X509, certificate)
template <class Write, class Object>
std::string to_pem(Write write, Object* object) {
  const Memory memory(BIO_new(BIO_s_mem()));
  DFB_CHECK(memory && write(memory.get(), object) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

// to_der(i2d_X509_PUBKEY, key)
template <class Write, class Object>
std::string to_der(Write write, Object* object) {
  unsigned char* der = nullptr;
  const int size = write(object, &der);
  DFB_CHECK(size > 0);
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

inline Time to_time(TimeUs time_us) {
  Time time(ASN1_TIME_set(nullptr, static_cast<std::time_t>(time_us / kSecondUs)));
  DFB_CHECK(time != nullptr);
  return time;
}

// 0 for what is no time.
inline TimeUs from_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return static_cast<TimeUs>(::timegm(&parts)) * kSecondUs;
}

}  // namespace dfb::certs
