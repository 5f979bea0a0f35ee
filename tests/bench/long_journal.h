// A till's journal of many years, made for the purpose: finished sales behind what an enrolled till has written.
//
// Each sale is the five records of one that went well, as long as real ones are. Nothing of them is in the ledger; of a
// till that the ledger knows no sale of, that is no contradiction. Throws std::runtime_error. Threads: one.
#pragma once
#include "tests/e2e/live_town.h"

namespace dfb::bench {

// REQUIRES: the till does not run.
void lengthen_journal(const e2e::Till& till, const std::string& origin, int sales);

}  // namespace dfb::bench
