// The head that a store's last commit left, read back and checked.
#pragma once
#include "ledger/log/note.h"
#include "ledger/store/log_reader.h"

namespace dfb {

// The tree's edge from the stored tiles and last leaves must give the root that the stored checkpoint states,
// and the checkpoint must bear the signature of `log`, whose name is the origin. bad_signature, corrupt;
// throws as the view.
Result<store::Head> read_head(const store::View& view, const log::Vkey& log);

}  // namespace dfb
