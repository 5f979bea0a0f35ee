// What the server does by itself as days pass: points that have expired, holds that have run out.
#pragma once
#include <vector>

#include "ledger/book/command.h"
#include "ledger/store/store.h"

namespace dfb::programme {

// The commands that are due at `now_us`, at most `limit`, for the server's key to sign: `expire` for each
// resident and passed day with free points, `release` for each reservation that has run out and each
// allowance past its upload days. None of them is due again once it is entered. Throws as the view.
std::vector<book::Body> due_commands(const store::View& view, TimeUs now_us, std::int64_t limit);

}  // namespace dfb::programme
