// Cancelling a command of one's own by its id: an unseen one is burnt, an applied redemption is undone.
#include "ledger/book/authority.h"
#include "ledger/book/burns.h"
#include "ledger/book/counters.h"
#include "ledger/book/decide.h"
#include "ledger/book/holds.h"
#include "ledger/book/redeem.h"

namespace dfb::book {
namespace {

Result<void> burn_unseen(Ruling& r, const Uuid& target) {
  r.needs_policy();
  DFB_TRY_VOID(r.verdict.result());
  if (burns_exhausted(r))
    return fail(Code::rate_limited, "this key has cancelled too many unseen commands this hour");
  count_burn(r);
  CommandRow row;
  row.id = target;
  row.seq = r.ledger.size;
  row.burnt_unseen = 1;
  r.state.put(std::move(row));
  r.outcome.burnt = target;
  return ok();
}

// An undone sale is no sale of its day, and gives that day's allowance back, for what it still had of it.
void uncount_sale(Ruling& r, const SaleRow& sale, Points points) {
  Day day = civil_day(sale.at_us);
  count(r.state, sold_counter(sale.shop, day), -points.value);
  if (sale.proof != kByCode && sale.proof != kByQuote && sale.proof != kByCard) return;
  count(r.state, day_points_counter(sale.proof, sale.resident, day), -points.value);
  count(r.state, day_sales_counter(sale.proof, sale.resident, day), -1);
}

Result<void> undo_sale(Ruling& r, SaleRow sale) {
  Points left{sale.points.value - sale.refunded.value};
  r.needs_policy();
  r.verdict.refuse_if(sale.shop != r.by().account, Code::sale_of_other_shop, "the sale is another shop's");
  r.verdict.refuse_if(sale.undone != 0 || left.value == 0, Code::target_already_undone,
                      "the sale has no effect any more");
  r.verdict.refuse_if(r.policy && r.now_us >= sale.at_us + r.policy->limits.cancel_hours * kHourUs,
                      Code::refund_period_over, "the sale is too old to be cancelled; refund it");
  auto shop = r.account(sale.shop, AccountKind::shop);
  auto resident = r.account(sale.resident, AccountKind::resident);
  DFB_CHECK(shop && resident);
  r.verdict.refuse_if(shop->state == AccountState::closed, Code::account_closed,
                      "the shop is closed: the sale stands");
  r.verdict.refuse_if(r.policy && shop->balance.value - left.value < -r.policy->limits.shop_floor,
                      Code::shop_below_floor, "the shop would owe too much");
  DFB_TRY_VOID(r.verdict.result());
  uncount_sale(r, sale, left);
  DFB_TRY_VOID(give_back(r, *std::move(shop), *std::move(resident), sale.ate, left));
  r.outcome.points = left;
  r.outcome.undone = sale.seq;
  sale.undone = 1;
  r.state.put(std::move(sale));
  return ok();
}

Result<void> undo_reservation(Ruling& r, HoldRow hold) {
  r.verdict.refuse_if(r.by().use != KeyUse::device, Code::key_wrong_use,
                      "a reservation is cancelled by a phone of the account");
  r.verdict.refuse_if(r.by().account != hold.account, Code::signer_not_allowed,
                      "the reservation is another account's");
  r.verdict.refuse_if(hold.resolved != 0, Code::hold_resolved, "the reservation was resolved already");
  auto account = r.account(hold.account, AccountKind::resident);
  DFB_CHECK(account);
  DFB_TRY_VOID(r.verdict.result());
  r.outcome.points = hold.points;
  r.outcome.undone = hold.seq;
  return free_hold(r, std::move(hold), *std::move(account));
}

}  // namespace

Result<void> decide(Ruling& r, const Cancel& cancel) {
  r.verdict.refuse_if(r.by().use != KeyUse::till && r.by().use != KeyUse::device, Code::key_wrong_use,
                      "only tills and devices cancel");
  if (cancel.target == r.command.payload.id) {
    r.verdict.refuse(Code::target_not_reversible, "a cancel cannot cancel itself");
    return r.verdict.result();
  }
  const auto* seen = r.state.find<CommandRow>({cancel.target});
  if (!seen) return burn_unseen(r, cancel.target);
  if (seen->burnt_unseen != 0 || seen->refused != 0) {
    r.verdict.refuse(Code::target_already_undone, "the command never took effect and never will");
    return r.verdict.result();
  }
  if (const auto* sale = r.state.find<SaleRow>({cancel.target})) return undo_sale(r, *sale);
  const auto* hold = r.state.find<HoldRow>({cancel.target});
  if (hold && hold->purpose == HoldPurpose::reserve) return undo_reservation(r, *hold);
  r.verdict.refuse(Code::target_not_reversible, "only sales and reservations are cancelled");
  return r.verdict.result();
}

}  // namespace dfb::book
