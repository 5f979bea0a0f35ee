// The names under which a server may be reached, as its certificate carries them.
#pragma once
#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace dfb::certs {

struct SubjectAlternative {
  bool is_address = false;
  std::string value;  // a DNS name in lower case, or 4 or 16 bytes of an IP address
};

// `localhost`, `DNS:points.example`, `DNS:*.points.example`, `IP:127.0.0.1`, `::1`. bad_config, naming the
// text.
Result<SubjectAlternative> parse_subject_alternative(std::string_view text);

}  // namespace dfb::certs
