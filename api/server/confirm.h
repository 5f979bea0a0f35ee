// Whether a ledger that was restored may go on: nobody outside has seen more of it than the backup holds, as
// far as anybody can be asked. docs/operating.md#restore.
#pragma once
#include <string>
#include <vector>

#include "api/witness/address.h"
#include "ledger/log/signer.h"
#include "ledger/store/store.h"

namespace dfb::server {

// What somebody outside has seen of a log that was restored.
struct Evidence {
  std::int64_t confirmed_size = -1;         // what the operator takes the restored head to be
  std::vector<std::string> seen;            // files with checkpoint notes
  std::vector<witness::Address> witnesses;  // each is asked, unless a file bears its cosignature
  std::string witness_ca;                   // the authority of their certificates; empty: the system's
};

// Lets a restored ledger be written again, for good: the operator names its size; every checkpoint that was
// seen is signed by this log, not larger, and of the same history, proven from our own tiles; and every
// witness cosigns the restored head as the continuation of all that it has signed. A witness that does not
// answer is bad_config, unless one of the files bears its cosignature. Otherwise `inconsistent`,
// bad_signature or bad_config, with what to do; nothing has changed then. Takes up to some seconds for each
// witness. REQUIRES: the ledger is marked as restored.
Result<void> confirm_restored(store::Store& store, const log::Signer& own, const Evidence& evidence);

}  // namespace dfb::server
