// Turns libcurl's verdict on an exchange into what a person at a counter or an auditor's desk can act on.
#pragma once
#include <curl/curl.h>

#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/fetch/http_client.h"
#include "ledger/fetch/url.h"

namespace dfb::fetch {

struct Failure {
  CURLcode code = CURLE_OK;
  std::string_view text;      // libcurl's error buffer
  long verify_result = 0;     // X509_V_ERR_* of the server's certificate
  // How often the request, or its first bytes, left: libcurl repeats it by itself when a kept connection turns out dead.
  int request_sends = 0;
  bool too_large = false;
};

// unreachable only when the server cannot have acted on the request; timed_out when it may have.
Error explain(const Failure& failure, const Target& target, const Options& options);

}  // namespace dfb::fetch
