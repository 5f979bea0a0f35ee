// Taking back an award: what is left of its lot, never more, so that nobody goes below zero.
#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

void judge_reverser(Ruling& r, const AwardRow& award, const Account& resident) {
  if (r.policy && award.points.value >= r.policy->limits.large_reversal_points) {
    needs_two_administrators(r, resident.scope);
  } else {
    needs_power(r, r.by(), Power::administer, resident.scope);
  }
}

// Takes at most `points` from the plain lot of that day.
Lots take_lot(Lots& lots, Day day, Points points) {
  auto at =
      std::find_if(lots.begin(), lots.end(), [&](const Lot& lot) { return lot.day == day && !lot.grace; });
  if (at == lots.end()) return {};
  Lot taken = *at;
  taken.points = std::min(points, at->points);
  at->points.value -= taken.points.value;
  if (at->points.value == 0) lots.erase(at);
  return {taken};
}

}  // namespace

Result<void> decide(Ruling& r, const Reverse& reverse) {
  const auto* found = r.state.find<AwardRow>({reverse.entry});
  if (!found) {
    r.verdict.refuse(Code::target_unknown, "this entry paid no award");
    return r.verdict.result();
  }
  AwardRow award = *found;
  auto resident = r.account(award.resident, AccountKind::resident);
  auto budget = r.account(award.budget, AccountKind::budget);
  const auto* expired_row = r.state.find<Account>({kExpired});
  DFB_CHECK(resident && budget && expired_row);
  judge_reverser(r, award, *resident);
  r.verdict.refuse_if(award.reversed != 0, Code::target_already_undone, "the award was reversed already");
  DFB_TRY_VOID(r.verdict.result());
  Lots taken = take_lot(resident->lots, static_cast<Day>(award.day), award.points);
  Points back = total(taken);
  Account home = budget->state == AccountState::closed ? *expired_row : *budget;
  DFB_TRY_VOID(move(*resident, home, back));
  r.state.put(*std::move(resident));
  r.outcome.points = award.points;
  if (home.id == kExpired && back.value > 0) r.outcome.lapsed = back;
  r.state.put(std::move(home));
  r.outcome.ate = std::move(taken);
  r.outcome.undone = award.seq;
  if (back < award.points) r.outcome.unrecovered = Points{award.points.value - back.value};
  award.reversed = 1;
  r.state.put(std::move(award));
  return ok();
}

}  // namespace dfb::book
