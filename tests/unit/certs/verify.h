// OpenSSL's own path validation, as TLS calls it: the judge of what the authority issues.
#pragma once
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "ledger/base/clock.h"

namespace dfb::test {

struct Judgement {
  std::string chain_pem;  // the first certificate in it is judged
  std::string ca_pem;
  std::string crl_pem;  // not empty: checked
  int purpose = X509_PURPOSE_SSL_CLIENT;
  TimeUs at_us = 0;
  std::string host, address;  // the name that was asked for
};

inline BIO* memory(const std::string& text) {
  return BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
}

template <class Object, class Read>
std::shared_ptr<Object> read_pem(const std::string& pem, Read read, void (*release)(Object*)) {
  BIO* bytes = memory(pem);
  std::shared_ptr<Object> object(read(bytes, nullptr, nullptr, nullptr), release);
  BIO_free(bytes);
  return object;
}

inline std::shared_ptr<X509> read_certificate(const std::string& pem) {
  return read_pem<X509>(pem, PEM_read_bio_X509, X509_free);
}

// X509_V_OK or the first fault.
inline int judge(const Judgement& wish) {
  const auto certificate = read_certificate(wish.chain_pem);
  const auto authority = read_certificate(wish.ca_pem);
  const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), authority.get());
  if (!wish.crl_pem.empty()) {
    const auto list = read_pem<X509_CRL>(wish.crl_pem, PEM_read_bio_X509_CRL, X509_CRL_free);
    X509_STORE_add_crl(store.get(), list.get());
  }
  const std::shared_ptr<X509_STORE_CTX> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(rules,
                              X509_V_FLAG_X509_STRICT | (wish.crl_pem.empty() ? 0UL : X509_V_FLAG_CRL_CHECK));
  X509_VERIFY_PARAM_set_purpose(rules, wish.purpose);
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(wish.at_us / kSecondUs));
  if (!wish.host.empty()) X509_VERIFY_PARAM_set1_host(rules, wish.host.c_str(), 0);
  if (!wish.address.empty()) X509_VERIFY_PARAM_set1_ip_asc(rules, wish.address.c_str());
  return X509_verify_cert(context.get()) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
}

}  // namespace dfb::test
