// A refund of a sale, in part or in whole. It gives points back, not the day's allowance.
#include "ledger/book/counters.h"
#include "ledger/book/ruling.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {

Result<void> decide_refund(Ruling& r, const Transfer& t, Account from, Account to) {
  r.needs_policy();
  r.verdict.refuse_if(from.state == AccountState::closed, Code::account_closed, "the shop is closed");
  const auto* found = r.state.find<SaleRow>({t.sale});
  if (!found || found->resident != t.to) {
    r.verdict.refuse(Code::sale_unknown, "this resident has no such sale");
    return r.verdict.result();
  }
  SaleRow sale = *found;
  r.verdict.refuse_if(sale.shop != t.from, Code::sale_of_other_shop, "the sale is another shop's");
  r.verdict.refuse_if(sale.undone != 0, Code::sale_undone, "the sale was cancelled");
  r.verdict.refuse_if(t.points.value > sale.points.value - sale.refunded.value, Code::refund_exceeds_sale,
                      "less than that is left of the sale");
  if (r.policy) {
    r.verdict.refuse_if(r.today() > civil_day(sale.at_us) + r.policy->limits.refund_days,
                        Code::refund_period_over, "the sale is too old to be refunded");
    r.verdict.refuse_if(from.balance.value - t.points.value < -r.policy->limits.shop_floor,
                        Code::shop_below_floor, "the shop would owe too much");
  }
  DFB_TRY_VOID(r.verdict.result());
  sale.refunded.value += t.points.value;
  count(r.state, sold_counter(sale.shop, civil_day(sale.at_us)), -t.points.value);
  DFB_TRY_VOID(give_back(r, std::move(from), std::move(to), sale.ate, t.points));
  r.state.put(std::move(sale));
  return ok();
}

}  // namespace dfb::book
