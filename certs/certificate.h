// Builds the three kinds of certificates that a town has. Profile: RFC 5280.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "certs/native.h"
#include "certs/subject_alternative.h"

namespace dfb::certs {

enum class Profile : std::uint8_t { authority, server, terminal };

struct Contents {
  Profile profile = Profile::server;
  std::string serial;  // 16 bytes, the first from 0x40 to 0x7f: positive and never shorter
  std::string common_name;
  std::vector<SubjectAlternative> alternatives;  // servers only
  TimeUs from_us = 0, until_us = 0;
};

// A self-signed certificate when `issuer` is null.
Certificate make_certificate(const Contents& contents, const PublicKey& key, X509* issuer,
                             const PrivateKey& issuer_key);

Integer to_serial(std::string_view bytes);
void set_common_name(X509_NAME* name, std::string_view common_name);  // REQUIRES: is_common_name

// 1 to 64 bytes of UTF-8 without control characters.
bool is_common_name(std::string_view text);

}  // namespace dfb::certs
