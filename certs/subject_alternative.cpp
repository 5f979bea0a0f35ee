#include "certs/subject_alternative.h"

#include <arpa/inet.h>

#include <algorithm>

namespace dfb::certs {
namespace {

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// RFC 1123, with `*` as the whole first label of at least three.
bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  if (name.starts_with("*.")) {
    name.remove_prefix(2);
    if (name.find('.') == std::string_view::npos) return false;
  }
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

std::string address_bytes(const std::string& text) {
  unsigned char bytes[16];
  const auto* raw = reinterpret_cast<const char*>(bytes);
  if (::inet_pton(AF_INET, text.c_str(), bytes) == 1) return {raw, 4};
  if (::inet_pton(AF_INET6, text.c_str(), bytes) == 1) return {raw, 16};
  return {};
}

}  // namespace

Result<SubjectAlternative> parse_subject_alternative(std::string_view text) {
  const bool says_dns = text.starts_with("DNS:");
  const bool says_address = text.starts_with("IP:");
  std::string value(text.substr(says_dns ? 4 : says_address ? 3 : 0));
  if (!says_dns) {
    if (std::string bytes = address_bytes(value); !bytes.empty())
      return SubjectAlternative{true, std::move(bytes)};
  }
  std::transform(value.begin(), value.end(), value.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool digits_only = value.find_first_not_of("0123456789.") == std::string::npos;
  if (says_address || digits_only || !is_dns_name(value))
    return fail(Code::bad_config, "'" + std::string(text) +
                                      "' is neither a host name nor an IP address; write localhost or "
                                      "IP:192.168.1.20");
  return SubjectAlternative{false, std::move(value)};
}

}  // namespace dfb::certs
