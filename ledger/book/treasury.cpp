// Points that go no further: expiry, settling with shops, the reserve for offline losses, opening balances.
#include "ledger/book/counters.h"
#include "ledger/book/decide.h"
#include "ledger/book/lots.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {
namespace {

Result<void> put_moved(Ruling& r, Account from, Account to, Points points) {
  DFB_TRY_VOID(move(from, to, points));
  r.state.put(std::move(from));
  r.state.put(std::move(to));
  return ok();
}

// Sold on the days on which a line can still be disputed.
std::int64_t disputable(Ruling& r, AccountId shop) {
  std::int64_t sum = 0;
  for (Day day = civil_day(r.now_us - r.policy->limits.dispute_hours * kHourUs); day <= r.today(); ++day)
    sum += counter(r.state, sold_counter(shop, day));
  return sum;
}

}  // namespace

Result<void> decide_expire(Ruling& r, const Transfer& t, Account from, Account to) {
  Lots gone;
  for (const auto& lot : from.lots)
    if (lot.day == t.day) gone.push_back(lot);
  r.verdict.refuse_if(r.today() <= t.day, Code::not_yet_expired, "the day has not passed yet");
  r.verdict.refuse_if(gone.empty(), Code::state_unchanged, "the account holds no points of this day");
  r.verdict.refuse_if(total(gone) != t.points, Code::amount_wrong,
                      "the account holds another sum of this day");
  DFB_TRY_VOID(r.verdict.result());
  std::erase_if(from.lots, [&](const Lot& lot) { return lot.day == t.day; });
  r.outcome.ate = std::move(gone);
  return put_moved(r, std::move(from), std::move(to), t.points);
}

Result<void> decide_settle(Ruling& r, const Transfer& t, Account from, Account to) {
  auto settled = settled_counter(from.id);
  r.verdict.refuse_if(from.state == AccountState::closed, Code::account_closed, "the shop is closed");
  r.verdict.refuse_if(t.through <= counter(r.state, settled), Code::wrong_period,
                      "the statement goes no further than the one before");
  r.verdict.refuse_if(t.through >= r.ledger.size, Code::target_unknown, "there is no such entry yet");
  if (r.needs_policy()) {
    r.verdict.refuse_if(
        t.points <= from.balance && t.points.value > from.balance.value - disputable(r, from.id),
        Code::dispute_window_open, "customers can still dispute a part of it");
    r.verdict.refuse_if(t.fen != t.points.value * r.policy->limits.fen_per_point, Code::amount_wrong,
                        "the sum in money is not that of the policy's rate");
  }
  r.verdict.refuse_if(t.points > from.balance, Code::insufficient_points, "the shop holds fewer points");
  DFB_TRY_VOID(r.verdict.result());
  r.state.put(CounterRow{settled, t.through});
  r.outcome.policy = r.policy->version;
  return put_moved(r, std::move(from), std::move(to), t.points);
}

Result<void> decide_fund(Ruling& r, const Transfer& t, Account from, Account to) {
  r.needs_open(from);
  r.verdict.refuse_if(t.points.value > from.balance.value - from.held.value, Code::budget_exhausted,
                      "the budget holds less than that");
  DFB_TRY_VOID(r.verdict.result());
  return put_moved(r, std::move(from), std::move(to), t.points);
}

Result<void> decide_cover(Ruling& r, const Transfer& t, Account from, Account to) {
  auto name = loss_counter(t.sale, to.id);
  auto open = counter(r.state, name);
  r.verdict.refuse_if(to.state == AccountState::closed, Code::account_closed, "the shop is closed");
  r.verdict.refuse_if(open == 0, Code::target_unknown,
                      "no refused offline sale of this shop is left to cover");
  r.verdict.refuse_if(open != 0 && t.points.value > open, Code::refund_exceeds_sale,
                      "less than that is left of the loss");
  r.verdict.refuse_if(t.points > from.balance, Code::offline_loss_empty, "the reserve holds less than that");
  DFB_TRY_VOID(r.verdict.result());
  r.state.put(CounterRow{name, open - t.points.value});
  return put_moved(r, std::move(from), std::move(to), t.points);
}

Result<void> decide_opening(Ruling& r, const Transfer& t, Account from, Account to) {
  bool resident = to.kind == AccountKind::resident;
  r.verdict.refuse_if(r.ledger.continues == 0 || r.ledger.policy_version != 0, Code::opening_over,
                      "opening balances come before the first policy, where an origin continues another");
  r.verdict.refuse_if(to.kind == AccountKind::issuance || resident == t.lots.empty(),
                      Code::account_wrong_kind, "residents open with lots, others without");
  r.verdict.refuse_if(to.state == AccountState::closed, Code::account_closed, "the account is closed");
  DFB_TRY_VOID(r.verdict.result());
  for (const auto& lot : t.lots) add_lot(to.lots, lot);
  r.outcome.got = t.lots;
  return put_moved(r, std::move(from), std::move(to), t.points);
}

}  // namespace dfb::book
