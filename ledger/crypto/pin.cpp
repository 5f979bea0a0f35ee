#include "ledger/crypto/pin.h"

#include <openssl/evp.h>

#include "ledger/base/check.h"

namespace dfb {

Hash pin_hash(std::string_view pin, std::string_view salt) {
  constexpr std::uint64_t kN = 16'384, kR = 8, kP = 1, kMemoryMax = 64u << 20;
  Hash hash;
  DFB_CHECK(EVP_PBE_scrypt(pin.data(), pin.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                           salt.size(), kN, kR, kP, kMemoryMax, hash.bytes.data(), hash.bytes.size()) == 1);
  return hash;
}

}  // namespace dfb
