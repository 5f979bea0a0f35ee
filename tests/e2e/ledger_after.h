// What a stopped server left in its database, read without it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/live_town.h"

namespace dfb::e2e {

struct LedgerAfter {
  std::vector<std::string> entries;
  std::map<Uuid, std::vector<std::int64_t>> by_id;  // a command's entries: one each
  std::map<book::AccountId, std::int64_t> balances;

  bool has_once(const Uuid& id) const { return by_id.count(id) == 1 && by_id.at(id).size() == 1; }
};

// REQUIRES: the server has ended. `accounts`: whose balances are wanted.
LedgerAfter read_ledger(const LiveTown& town, const std::vector<book::AccountId>& accounts = {});

}  // namespace dfb::e2e
