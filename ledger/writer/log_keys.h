// The log's keys, as a ledger names them and as this machine has them.
//
// Threads: pure functions; a view is for one thread.
#pragma once
#include <vector>

#include "ledger/log/note.h"
#include "ledger/log/receipt.h"
#include "ledger/log/signer.h"
#include "ledger/store/log_reader.h"
#include "ledger/store/store.h"

namespace dfb {

// Those that sign the newest checkpoint, the former one first; none while the ledger is empty. corrupt.
Result<std::vector<log::Vkey>> log_keys_in_force(const store::View& view);
// All that the ledger has ever named, in their order. corrupt.
Result<std::vector<log::Vkey>> log_keys_ever(const store::View& view);
// These and those of `own`, which the ledger may come to name: whoever kept a checkpoint of this log has one
// of them.
Result<std::vector<log::Vkey>> known_log_keys(const store::View& view, const log::Signer& own);

// bad_config, saying what to do, when a key is missing that has to sign a tree with this row.
Result<void> can_sign(const log::Signer& signer, const book::LedgerRow& ledger);

// A `log_key` entry, and its proof in a checkpoint that the key before it signed too, which may be long out
// of force since.
struct LogKeyChange {
  std::string vkey;  // the key that it names
  TimeUs until_us = 0;
  std::string entry;
  log::Receipt receipt;
};
// In their order. corrupt.
Result<std::vector<LogKeyChange>> log_key_changes(const store::View& view, const store::Head& head);

}  // namespace dfb
