// Which keys sign the log's checkpoints. Rule: docs/formats.md#log.
//
// A checkpoint is signed by the key that the newest `log_key` entry of its tree names, or else the genesis;
// and by the key before that one while the tree's last entry is older than `until`. Threads: pure.
#pragma once
#include <string>
#include <vector>

#include "ledger/book/rows.h"

namespace dfb::book {

// The vkeys in force after the ledger's last entry, the former one first; none before the genesis.
std::vector<std::string> log_keys_in_force(const LedgerRow& ledger);

}  // namespace dfb::book
