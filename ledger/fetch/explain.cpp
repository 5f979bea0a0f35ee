#include "ledger/fetch/explain.h"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace dfb::fetch {
namespace {

std::string seconds(long ms) {
  char text[40];
  std::snprintf(text, sizeof text, ms % 1000 == 0 ? "%.0f s" : "%.1f s", static_cast<double>(ms) / 1000.0);
  return text;
}

std::string authority(const Options& options) {
  return options.ca_file.empty() ? "an authority that this system trusts" : options.ca_file;
}

// Alerts by which a server turns down a client's certificate; OpenSSL's wording.
std::string refused_client(std::string_view text, const Options& options) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAlerts{{
      {"alert certificate required", "none was shown"},
      {"alert certificate expired", "it has expired; ask for a new one"},
      {"alert certificate revoked", "it has been revoked"},
      {"alert unknown ca", "the server's authority did not sign it"},
      {"alert bad certificate", "it does not stand the server's check"},
      {"alert certificate unknown", "it does not stand the server's check"},
      {"alert unsupported certificate", "it was made for another purpose"},
  }};
  for (const auto& [alert, meaning] : kAlerts) {
    if (text.find(alert) == std::string_view::npos) continue;
    if (options.cert_file.empty()) return "the server demands a client certificate, and none is configured";
    return "the server refused the client certificate " + options.cert_file + ": " + std::string(meaning);
  }
  return {};
}

std::string bad_server_certificate(const Failure& failure, const Target& target, const Options& options) {
  switch (failure.verify_result) {
    case X509_V_OK:  // libcurl compares the name itself, before it asks OpenSSL about the chain
    case X509_V_ERR_UNSPECIFIED:
      return "the certificate at " + target.site + " was made for another name than " + target.host;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return "the certificate of " + target.site + " is not signed by " + authority(options);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate of " + target.site + " has expired; or this machine's clock is wrong";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate of " + target.site + " is not valid yet; is this machine's clock right?";
    case X509_V_ERR_INVALID_PURPOSE:
      return "the certificate of " + target.site + " was not made for a server";
    default:
      return "the certificate of " + target.site +
             " is refused: " + X509_verify_cert_error_string(failure.verify_result);
  }
}

Error lost(const Failure& failure, const Target& target) {
  const std::string text(failure.text.empty() ? curl_easy_strerror(failure.code) : failure.text);
  if (failure.request_sends > 0)
    return fail(Code::timed_out, target.site + " broke off before its answer was complete (" + text + ")");
  return fail(Code::unreachable, target.site + " broke off before anything was sent (" + text + ")");
}

Error too_late(const Failure& failure, const Target& target, const Options& options) {
  if (failure.request_sends > 0)
    return fail(Code::timed_out, "no answer from " + target.site + " within " + seconds(options.timeout_ms));
  return fail(Code::unreachable, "no connection to " + target.site + " within " +
                                     seconds(std::min(options.connect_timeout_ms, options.timeout_ms)));
}

Error explain_last(const Failure& failure, const Target& target, const Options& options) {
  if (failure.too_large)
    return fail(Code::too_large, "the answer of " + target.site + " is longer than " +
                                     std::to_string(options.body_bytes_max) + " bytes");
  if (std::string why = refused_client(failure.text, options); !why.empty())
    return fail(Code::unreachable, std::move(why));
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return fail(Code::unreachable,
                  "no address is known for " + target.host + "; check the name and the network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return fail(Code::unreachable, "the proxy's name is not known; check https_proxy");
    case CURLE_COULDNT_CONNECT:
      return fail(Code::unreachable, "nothing answers at " + target.site + "; is the server running?");
    case CURLE_OPERATION_TIMEDOUT:
      return too_late(failure, target, options);
    case CURLE_PEER_FAILED_VERIFICATION:
      return fail(Code::unreachable, bad_server_certificate(failure, target, options));
    case CURLE_SSL_CACERT_BADFILE:
      return fail(Code::bad_config, options.ca_file + " holds no certificates in PEM");
    case CURLE_SSL_CERTPROBLEM:
      return fail(Code::bad_config, "the client certificate " + options.cert_file + " and its key " +
                                        options.key_file + " cannot be used (" + std::string(failure.text) +
                                        ")");
    case CURLE_SSL_CONNECT_ERROR:
      if (failure.text.find("wrong version number") != std::string_view::npos)
        return fail(Code::unreachable,
                    "what answers at " + target.site + " does not speak TLS; is the port right?");
      return fail(Code::unreachable, "no TLS with " + target.site + ": " + std::string(failure.text));
    case CURLE_UNSUPPORTED_PROTOCOL:  // libcurl's answer to what is not HTTP/1
    case CURLE_WEIRD_SERVER_REPLY:
      return fail(Code::timed_out,
                  "what answers at " + target.site + " is not a web server; is the port right?");
    case CURLE_OUT_OF_MEMORY:
      return fail(Code::internal, "out of memory");
    default:
      return lost(failure, target);
  }
}

}  // namespace

// What the last try met says nothing of an earlier one that left: that may have arrived. A refused client certificate
// is the exception, since under TLS 1.3 a client learns of it after its first request left unread.
Error explain(const Failure& failure, const Target& target, const Options& options) {
  Error error = explain_last(failure, target, options);
  const bool unread = !refused_client(failure.text, options).empty() && failure.request_sends <= 1;
  if (error.code == Code::unreachable && failure.request_sends > 0 && !unread) error.code = Code::timed_out;
  return error;
}

}  // namespace dfb::fetch
