// The server's own private keys, as the configuration names them.
#pragma once
#include "api/programme/server_keys.h"
#include "api/server/config.h"

namespace dfb::server {

// All of `server-key`. bad_config, io_error, malformed.
Result<programme::ServerKeys> load_server_keys(const Config& config);

// With none that the ledger names every enrolment would be refused, long after the start that was to blame.
// bad_config.
Result<void> check_server_keys(store::Store& store, const programme::ServerKeys& keys, TimeUs now_us);

}  // namespace dfb::server
