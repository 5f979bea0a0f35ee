// A policy as a person writes it: a JSON object of `rules` and `limits`, spelled as in
// docs/formats.md#policy, in whatever lines and spaces. Threads: pure.
#pragma once
#include <string_view>

#include "ledger/base/result.h"
#include "ledger/book/policy.h"

namespace dfb::server {

// With the version and the moment that the caller gives it. malformed, policy_invalid: what the book would
// not publish.
Result<book::Policy> parse_policy_document(std::string_view text, std::int64_t version, TimeUs from_us);

}  // namespace dfb::server
