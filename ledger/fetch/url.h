// The few rules about which addresses the client speaks to.
#pragma once
#include <string>

#include "ledger/base/result.h"

namespace dfb::fetch {

struct Target {
  std::string url;   // normalised
  std::string site;  // scheme://host:port, for messages
  std::string host;  // without brackets
  bool tls = false;
  bool loopback = false;
};

// https anywhere, http on this machine alone (a token must not travel in the clear). bad_config for any other
// scheme, for a name or password inside the address, and for what is no address.
Result<Target> parse_target(const std::string& url);

}  // namespace dfb::fetch
