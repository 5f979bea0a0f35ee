// Puts a measured load on a running town: residents enrol, each with a key of its own, as fast as the answers
// come.
#pragma once
#include <string>

#include "ledger/base/result.h"

namespace dfb::demo {

struct LoadPlan {
  std::string folder, url;
  int clients = 64;  // at once, each with its own connection
  int seconds = 10;
};

// Prints entries a second and the answers' median and slowest hundredth. The server's --enrolments-per-hour
// must allow it. Errors: the first answer that is none.
Result<void> run_load(const LoadPlan& plan);

}  // namespace dfb::demo
