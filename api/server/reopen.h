// A new origin in the place of one that cannot go on: its genesis names what is known of the old one, and
// every account begins with the balance that it had there. docs/operating.md#declare-a-loss.
//
// The old file is read and never written: its log is not continued. What the new one takes over: accounts,
// levels, households, roles, states, balances and lots, the programme's tables. What was set aside is free
// again. What it does not: keys (but the administrators' who take part), facts and counts, sales and what
// could still be undone, policy and tasks. Shops that owe the town open with nothing, and are named.
#pragma once
#include <string>
#include <vector>

#include "api/server/config.h"
#include "ledger/base/result.h"

namespace dfb::server {

struct ReopenPlan {
  std::string from;                         // the old ledger's file
  std::vector<std::string> roots;           // key files, three or more; all sign the genesis
  std::vector<std::string> administrators;  // device key files of two or more of the old ledger's
  std::int64_t threshold = 2;               // root signatures needed from now on
};

// Into the configuration's `database`, under its origin and keys. Of the given roots as many are the old
// ledger's as it demands. bad_config with what to do, also where the old ledger could simply go on: it is
// neither marked as restored nor ended. Prints what was opened. A failure leaves nothing behind.
Result<void> reopen(const Config& config, const ReopenPlan& plan);

}  // namespace dfb::server
