// RFC 9457 problem documents. `type` is the code's anchor in the published refusals page; `code` and `number`
// are frozen.
#pragma once
#include <boost/json/fwd.hpp>

#include "api/http/message.h"
#include "ledger/base/result.h"

namespace dfb::http {

// The HTTP status that a code answers with: 400 malformed, 401 unauthenticated, 403 forbidden, 404 not_found,
// 405, 413, 415, 422 refusals, 429 rate_limited, 500 internal, 503 busy and shutting_down (with Retry-After) and read_only,
// …
int status_of(Code code);

// The detail of what is wrong inside the server (internal, io_error, corrupt, bad_config) is for its log: the
// document leaves it out.
Response problem(const Error& error);
// With more members: {"seq": …, "entry": …, "receipt": …} of a refusal that burnt its id.
Response problem(const Error& error, const boost::json::object& more);
// Where HTTP has a status of its own for the case (431 for a header that is too large).
Response problem(const Error& error, int status);

}  // namespace dfb::http
