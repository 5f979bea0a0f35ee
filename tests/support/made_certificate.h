// Certificates as a test wants them, the wrong ones too: expired, for another name, by another authority.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/crypto/keys.h"

namespace dfb::test {

struct MadeCertificate {
  std::string certificate_pem, key_pem;
};

struct CertificateWish {
  std::string common_name = "test";
  bool authority = false;
  std::string subject_alternatives;     // OpenSSL's spelling: "DNS:localhost,IP:127.0.0.1"
  std::string extended_usage;           // "serverAuth", "clientAuth"
  long from_s = -3600, until_s = 3600;  // relative to now
};

// Signed by `issuer`, or by itself.
MadeCertificate make_certificate(const CertificateWish& wish, const MadeCertificate* issuer = nullptr);

}  // namespace dfb::test
