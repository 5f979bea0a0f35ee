// What sources that call OpenSSL share: owners, and the raw form of a P-256 signature. Included by .cpp files
// of this folder and of certs/ alone.
#pragma once
#include <openssl/ecdsa.h>
#include <openssl/err.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace dfb {

inline constexpr std::size_t kSignatureSize = 64;  // r and s, big-endian
inline constexpr int kScalarSize = 32;

template <auto function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

// A refused input must leave nothing in the thread's error queue, where TLS would later find it.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
  ~QuietErrors() { ERR_pop_to_mark(); }
};

inline const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* as_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace dfb
