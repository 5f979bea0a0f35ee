// Gives the town's witnesses what they cosign: the newest committed checkpoint, and proofs from the store.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "api/routes/services.h"
#include "api/server/config.h"
#include "api/witness/collector.h"
#include "ledger/store/store.h"
#include "ledger/writer/writer.h"

namespace dfb::server {

// Those that the configuration names. bad_config.
Result<std::vector<witness::Address>> witness_addresses(const Config& config);

// Null when the configuration names no witness. `log_keys`: every key that
// the log may have signed with. bad_config. What is lent outlives the collector.
Result<std::unique_ptr<witness::Collector>> open_collector(const Config& config,
                                                           std::vector<log::Vkey> log_keys,
                                                           store::Store& store, const Writer& writer,
                                                           const Clock& clock, Random& random);

// What the routes publish of it, and what /readyz warns of. A null collector has nothing.
void lend_cosignatures(const witness::Collector* collector, routes::Services& services);
void add_warnings(const witness::Collector* collector, std::vector<std::string>& warnings);
// Of witnesses that are asked although the ledger says that the town does without them.
void add_warnings(const Config& config, store::Store& store, std::vector<std::string>& warnings);

}  // namespace dfb::server
