// What the server answers or says when a handler does not: a port that cannot be had, a request that cannot
// be read, a handler that throws, a client that may not go on. Threads: pure but for the log.
#pragma once
#include <openssl/x509.h>

#include <boost/system/error_code.hpp>
#include <optional>

#include "api/http/request_reader.h"
#include "api/http/server.h"
#include "api/http/tls.h"

namespace dfb::http {

// io_error, with what to do about it.
Error bind_error(const Port& port, const boost::system::error_code& error);

// The status for a request that the reader refused, or that came too slowly.
int status_of_unread(const Error& error, const RequestReader& reader);

// forbidden for a client's certificate that has been revoked (`revocations` may be null) or has expired.
std::optional<Error> client_refusal(X509* certificate, Revocations* revocations);

// Runs the handler. What escapes from it, or cannot be sent, becomes a 500 problem and a line in the log.
Response contained(const Handler& handler, const Request& request, const Log& log);

}  // namespace dfb::http
