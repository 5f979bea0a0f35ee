// RFC 9457 problem documents. `type` is the code's anchor in the published refusals page; `code` and `number` are frozen.
#pragma once
#include "api/http/message.h"
#include "ledger/base/error.h"

namespace dfb::http {

// The HTTP status that a code answers with: 400 malformed, 401 unauthenticated, 403 forbidden, 404 not_found, 405, 413, 415, 422 refusals,
// 429 rate_limited, 500 internal, 503 busy and shutting_down (with Retry-After), …
int status_of(Code code);
Response problem(const Error& error);

}  // namespace dfb::http
