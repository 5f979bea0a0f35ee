// The log's private keys, as the configuration names them, and the making of the next one.
#pragma once
#include <string>

#include "api/server/config.h"
#include "ledger/log/signer.h"

namespace dfb::server {

// All of `log-key`. bad_config, io_error, malformed.
Result<log::Signer> load_log_keys(const Config& config);

// A new Ed25519 key in a file of its own (mode 0600); prints its vkey on standard output and what to do with
// it on standard error. io_error when the file is there.
Result<void> make_log_key(const Config& config, const std::string& out);

}  // namespace dfb::server
