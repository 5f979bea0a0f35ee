#include "ledger/book/burns.h"

#include "ledger/book/counters.h"

namespace dfb::book {

bool burns(const Ruling& r, Code code) {
  const auto* transfer = std::get_if<Transfer>(&r.command.payload.body);
  // Nobody writes entries with a key that may not, and no entry is older than the one before it.
  return transfer && transfer->kind == TransferKind::redeem && depends_on_moment(code) &&
         !r.verdict.has(Code::key_not_enrolled, Code::own_benefit) &&
         !r.verdict.has(Code::clock_behind, Code::clock_behind);
}

bool burns_exhausted(Ruling& r) {
  return !r.policy ||
         counter(r.state, burns_counter(r.command.payload.by, r.now_us)) >= r.policy->limits.burns_hour;
}

void count_burn(Ruling& r) { count(r.state, burns_counter(r.command.payload.by, r.now_us), 1); }

}  // namespace dfb::book
