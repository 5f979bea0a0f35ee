// Founds the demo town in an empty ledger: genesis, staff, policy, tasks, shops, residents, and some days of
// history. Everything is an ordinary signed command through the writer; nothing is put into the store by
// hand.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "api/demo/entrant.h"
#include "ledger/base/clock.h"
#include "ledger/writer/key_cache.h"
#include "ledger/writer/writer.h"

namespace dfb::demo {

struct DemoPerson {
  std::string role;  // administrator, officer, resident, shop
  std::string name, scope;
  book::AccountId account;
  std::string ticket;    // a one-time code to bring in a phone or till
  std::string key_file;  // the name of a key in keys/, without .pem; empty where there is none
};

struct FoundedTown {
  std::vector<DemoPerson> people;
  // Keys that scripts use, by the names that DemoPerson::key_file gives.
  std::vector<std::pair<std::string, PrivateKey>> keys;
};

struct FoundingKeys {
  std::vector<PrivateKey> roots;  // three
  PrivateKey server, log;
};

struct FoundingPlan {
  int residents = 200;
  int residents_with_phones = 24;  // they have check-ins behind them
  int history_days = 6;
  std::function<void(int done, int all)> progress;
};

// The clock stands `history_days` in the past and is moved up to `now_us`. Errors: those of the writer; a
// refusal is a bug of the plan.
Result<FoundedTown> found_town(Writer& writer, const KeyCache& keys, const FoundingKeys& founding,
                               Entrant& entrant, ManualClock& clock, TimeUs now_us, const FoundingPlan& plan);

}  // namespace dfb::demo
