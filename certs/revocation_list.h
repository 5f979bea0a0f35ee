// ca.crl: the certificates that are revoked and not yet expired. Profile: RFC 5280 §5, version 2, numbered.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "certs/index.h"
#include "certs/native.h"

namespace dfb::certs {

// In PEM, valid from a little before `now_us` for 30 days. `former` is the list that it replaces, or empty.
std::string make_revocation_list(const std::vector<Record>& records, std::string_view former, X509* issuer,
                                 const PrivateKey& issuer_key, TimeUs now_us);

// True when the list is unreadable, of another issuer, a day old, from the future, or lacks a revocation.
bool is_stale(std::string_view pem, const std::vector<Record>& records, X509* issuer, TimeUs now_us);

}  // namespace dfb::certs
