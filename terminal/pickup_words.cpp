#include "terminal/pickup_words.h"

namespace dfb::terminal {
namespace {

// Where a pick-up needs other words than a sale has for the same code; empty: the same.
struct PickupWording {
  std::string_view zh, en;
};
PickupWording pickup_wording(Code code) {
  switch (code) {
    case Code::hold_unknown:
    case Code::not_found:
      return {"镇上没有这笔预留：请顾客在手机上重新打开取货码",
              "the town has no such reservation; let the customer open the pick-up code on the phone once more"};
    case Code::hold_resolved:
      return {"这笔预留已经取过货，或刚刚退回，不要再交货：顾客手机的“积分”明细里看得到",
              "this reservation was picked up already, or was just given back: hand nothing over. The phone shows which, "
              "under Points"};
    case Code::target_already_undone:
      return {"这笔预留已取消，积分退回给顾客了：请顾客重新预留，或出示付款码付款",
              "this reservation was given up and its points went back: let the customer reserve anew, or pay by the pay code"};
    case Code::hold_expired:
      return {"这笔预留已过期，积分退回给顾客了：请顾客重新预留，或出示付款码付款",
              "this reservation has run out and its points went back: let the customer reserve anew, or pay by the pay code"};
    case Code::sale_of_other_shop:
      return {"这是别家商店的预留，本店不能交货：请顾客看手机上的店名",
              "this reservation is at another shop: the phone shows at which"};
    case Code::account_closed:
      return {"本店账户已注销，不能交货：请联系镇上", "this shop's account is closed and hands nothing out; call the town"};
    case Code::unreachable:
    case Code::timed_out:
    case Code::busy:
      return {"取货要连上镇服务器，现在没有连上，什么也没发生：网络恢复后再扫一次，先不要交货",
              "a pick-up needs the line, which is down, and nothing happened: scan again when it is back, and hand nothing "
              "over before"};
    case Code::malformed:
    case Code::unknown_key:
    case Code::bad_signature:
    case Code::bad_path:
    case Code::wrong_entry:
    case Code::inconsistent:
      return {"镇上说的预留与账本对不上，不要交货：请通知管理员",
              "what the town says of the reservation does not stand the check: hand nothing over, call the administrator"};
    default:
      return {};
  }
}

}  // namespace

std::string refused_words(Lang lang, const Sale& sale) {
  if (is_report(sale.kind) && sale.why.code == Code::unreachable)
    return std::string(pick(lang, "连不上镇服务器，报表没有入账；网络恢复后再出 (unreachable)",
                            "the town cannot be reached and the report was not entered; ask for it again when the "
                            "line is back (unreachable)"));
  const PickupWording own = sale.hold ? pickup_wording(sale.why.code) : PickupWording{};
  if (own.zh.empty()) return words(lang, sale.why);
  return std::string(pick(lang, own.zh, own.en)) + " (" + std::string(name(sale.why.code)) + ")";
}

std::string_view cancelled_pickup(Lang lang, CancelEffect effect) {
  switch (effect) {
    case CancelEffect::undone:
      return pick(lang, "取货已撤销：积分全部退还顾客，预留也结束了，不要交货；请顾客出示付款码付款",
                  "the pick-up was undone: all points went back and the reservation is over. Hand nothing over; the "
                  "customer can pay by the pay code");
    case CancelEffect::burnt:
      return pick(lang, "取货没有发生，预留还在，不要交货：可以再扫一次",
                  "the pick-up did not happen and the reservation still stands. Hand nothing over; scan it again");
    case CancelEffect::none:
      break;
  }
  return pick(lang, "没有取货，没有扣积分，不要交货：可以再扫一次取货码",
              "nothing was picked up and nothing was charged. Hand nothing over; the code can be scanned again");
}

}  // namespace dfb::terminal
