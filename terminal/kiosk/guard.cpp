#include "terminal/kiosk/guard.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"

namespace dfb::terminal::kiosk {

Guard::Guard(Random& random) : token_(base64url_encode(random.bytes(32))), token_hash_(sha256(token_)) {}

std::string Guard::start_url() const {
  return "http://127.0.0.1:" + std::to_string(port_.load()) + "/#token=" + token_;
}

namespace {

auto times(const http::Request& request, std::string_view name) {
  return std::count_if(request.headers.begin(), request.headers.end(), [&](const auto& one) { return one.first == name; });
}

}  // namespace

Result<void> Guard::check(const http::Request& request, bool is_file) const {
  if (times(request, "host") > 1 || times(request, "origin") > 1)
    return fail(Code::forbidden, "a header stands there twice");  // which of them counts?
  const std::string port = std::to_string(port_.load());
  const std::string_view host = request.header("host");
  if (port_ == 0 || (host != "127.0.0.1:" + port && host != "localhost:" + port))
    return fail(Code::forbidden, "this address is not the till's");
  const std::string_view origin = request.header("origin");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if ((!reads || !origin.empty()) && origin != "http://" + std::string(host))
    return fail(Code::forbidden, "another page may not speak to the till");
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && !(is_file && site == "none"))
    return fail(Code::forbidden, "another page may not speak to the till");
  if (is_file && reads) return ok();
  // Compared as hashes, so that the time it takes tells nothing of the token.
  if (sha256(request.header(kTokenHeader)) != token_hash_)
    return fail(Code::unauthenticated, "the till was started anew; open its page again");
  return ok();
}

}  // namespace dfb::terminal::kiosk
