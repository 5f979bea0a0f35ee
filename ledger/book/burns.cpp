#include "ledger/book/burns.h"

#include "ledger/book/counters.h"

namespace dfb::book {

bool burns(const Ruling& r, Code code) {
  const auto* transfer = std::get_if<Transfer>(&r.command.payload.body);
  bool redeems = transfer && transfer->kind == TransferKind::redeem;
  bool offline = redeems && std::holds_alternative<OfflineProof>(transfer->proof);
  // Nobody writes entries out of time; a chain is cancelled by the id of one of its commands.
  if (r.verdict.has(Code::clock_behind, Code::chain_broken) || !r.command.payload.linked.empty())
    return false;
  if (offline) return r.conviction == code;
  // Nor with a key that may not.
  return (redeems || std::holds_alternative<Hold>(r.command.payload.body)) && depends_on_moment(code) &&
         !r.verdict.has(Code::key_not_enrolled, Code::own_benefit);
}

bool burns_exhausted(Ruling& r) {
  return !r.policy ||
         counter(r.state, burns_counter(r.command.payload.by, r.now_us)) >= r.policy->limits.burns_hour;
}

void count_burn(Ruling& r) { count(r.state, burns_counter(r.command.payload.by, r.now_us), 1); }

}  // namespace dfb::book
