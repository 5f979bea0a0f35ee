#include "api/http/server_errors.h"

#include <exception>

#include "api/http/problem.h"
#include "api/http/response_text.h"

namespace dfb::http {

Error bind_error(const Port& port, const boost::system::error_code& error) {
  const std::string number = std::to_string(port.port);
  if (error == boost::system::errc::address_in_use) {
    return fail(Code::io_error,
                "port " + number +
                    " is already in use; choose another with --port, or stop the program that holds it");
  }
  if (error == boost::system::errc::permission_denied) {
    return fail(Code::io_error,
                "port " + number + " may not be used by this user; choose one above 1023 with --port");
  }
  return fail(Code::io_error, "port " + number + " at " + port.address + ": " + error.message());
}

int status_of_unread(const Error& error, const RequestReader& reader) {
  if (error.code == Code::timed_out) return 408;
  if (error.code == Code::too_large && !reader.has_header()) return 431;
  if (error.code == Code::malformed && !reader.header().header("transfer-encoding").empty()) return 411;
  return status_of(error.code);
}

std::optional<Error> client_refusal(X509* certificate, Revocations* revocations) {
  if (!certificate) return std::nullopt;
  if (revocations && revocations->is_revoked(certificate)) {
    return fail(Code::forbidden, "this certificate has been revoked");
  }
  if (has_expired(certificate)) return fail(Code::forbidden, "this certificate has expired");
  return std::nullopt;
}

Response contained(const Handler& handler, const Request& request, const Log& log) {
  std::string what = "an exception";
  try {
    Response response = handler(request);
    if (is_sendable(response)) return response;
    what = "a status or header that cannot be sent";
  } catch (const std::exception& exception) {
    what = exception.what();
  } catch (...) {
  }
  log("HTTP: the handler of " + request.method + " " + request.path + " failed: " + what);
  return problem(fail(Code::internal));
}

}  // namespace dfb::http
