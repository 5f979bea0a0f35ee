#include "ledger/fetch/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <memory>

#include "ledger/base/check.h"

namespace dfb::fetch {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// Empty when the part is not there.
std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool is_loopback(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return host == "localhost" || host == "::1";
}

}  // namespace

Result<Target> parse_target(const std::string& text) {
  const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  DFB_CHECK(url != nullptr);
  if (text.find('\0') != std::string::npos ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return fail(Code::bad_config, "not an address: '" + text + "'; write https://host:port/path");
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http")
    return fail(Code::bad_config, "an address begins with https://, not " + scheme + "://");
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty())
    return fail(Code::bad_config, "a name or password has no place in an address; take it out");
  Target target;
  const std::string bracketed = part(url.get(), CURLUPART_HOST);
  target.host = bracketed.starts_with('[') ? bracketed.substr(1, bracketed.size() - 2) : bracketed;
  target.url = part(url.get(), CURLUPART_URL);
  target.site = scheme + "://" + bracketed + ":" + part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  target.tls = scheme == "https";
  target.loopback = is_loopback(target.host);
  if (!target.tls && !target.loopback)
    return fail(Code::bad_config, target.site + " is not encrypted; only https:// leaves this machine");
  return target;
}

}  // namespace dfb::fetch
