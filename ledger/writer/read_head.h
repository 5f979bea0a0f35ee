// The head that a store's last commit left, read back and checked.
#pragma once
#include "ledger/log/signer.h"
#include "ledger/store/log_reader.h"

namespace dfb {

// The tree's edge from the stored tiles and last leaves must give the root that the stored checkpoint states,
// and the checkpoint must be of `own`'s origin and bear the signature of every key in force, at least one of
// which is `own`'s. bad_signature, corrupt; throws as the view.
Result<store::Head> read_head(const store::View& view, const log::Signer& own);

// The same of a ledger that may be another's: by the keys that it names itself. not_found when it is empty.
Result<store::Head> read_head(const store::View& view);

}  // namespace dfb
