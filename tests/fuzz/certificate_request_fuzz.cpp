// Certificate requests and certificates, as anyone may send them: what is taken names a P-256 key.
#include <cstdint>

#include "certs/request.h"
#include "ledger/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto key = dfb::certs::key_of_request(bytes);
  DFB_CHECK(!key.has_value() || key->algorithm() == dfb::Algorithm::p256);
  (void)dfb::certs::key_of_certificate(bytes);
  (void)dfb::certs::validity_of(bytes);
  return 0;
}
