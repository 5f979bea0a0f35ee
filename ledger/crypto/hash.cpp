#include "ledger/crypto/hash.h"

#include <openssl/evp.h>

#include <memory>

#include "ledger/base/check.h"

namespace dfb {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetching a digest takes a lock and a search by name: once for the process, and never given back.
const EVP_MD* digest() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  DFB_CHECK(fetched != nullptr);
  return fetched;
}

EVP_MD_CTX* context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> own(EVP_MD_CTX_new());
  DFB_CHECK(own != nullptr);
  return own.get();
}

}  // namespace

Hash sha256(std::string_view bytes) { return sha256({bytes}); }

Hash sha256(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* const running = context();
  DFB_CHECK(EVP_DigestInit_ex2(running, digest(), nullptr) == 1);
  for (const std::string_view part : parts)
    DFB_CHECK(EVP_DigestUpdate(running, part.data(), part.size()) == 1);
  Hash hash;
  unsigned int size = 0;
  DFB_CHECK(EVP_DigestFinal_ex(running, hash.bytes.data(), &size) == 1 && size == hash.bytes.size());
  return hash;
}

}  // namespace dfb
