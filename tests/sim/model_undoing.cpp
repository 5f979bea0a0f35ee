// Refunds, cancels, reversals: docs/formats.md#cancel-reverse,
// docs/refusals.md#what-refunds-and-cancels-give-back.
#include <algorithm>

#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

void Model::judge_refund(Case& c, const Transfer& t) {
  till(c, t.from);
  Purse* shop = purse(c, t.from, {AccountKind::shop});
  purse(c, t.to, {AccountKind::resident});
  if (shop != nullptr) c.refuse_if(shop->state == AccountState::closed, Code::account_closed);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  auto it = world_.sales.find(t.sale);
  if (it == world_.sales.end() || it->second.resident != t.to) {
    c.no.insert(Code::sale_unknown);
    return;
  }
  Sale& sale = it->second;
  c.refuse_if(sale.shop != t.from, Code::sale_of_other_shop);
  c.refuse_if(sale.undone, Code::sale_undone);
  // What a cancel put back is no longer there, but the better answer is that the sale was cancelled.
  c.refuse_if(t.points.value > sale.left + sale.cancelled, Code::refund_exceeds_sale);
  if (c.policy == nullptr || shop == nullptr) return;
  c.refuse_if(c.today > civil_day(sale.at) + c.policy->limits.refund_days, Code::refund_period_over);
  c.refuse_if(shop->balance - t.points.value < -c.policy->limits.shop_floor, Code::shop_below_floor);
  if (!c.fine()) return;
  c.out.policy = c.policy->version;
  sale.left -= t.points.value;
  world_.sold[{sale.shop, civil_day(sale.at)}] -= t.points.value;
  put_back(c, t.from, t.to, take_from_back(sale.ate, t.points.value), true);
}

void Model::judge_cancel(Case& c, const Cancel& cancel) {
  const Key* key = signer(c, c.by(), {KeyUse::till, KeyUse::device});
  c.refuse_if(cancel.target == c.id(), Code::target_not_reversible);
  auto seen = world_.seen.find(cancel.target);
  if (seen == world_.seen.end()) return cancel_unseen(c, cancel.target);
  if (auto sale = world_.sales.find(cancel.target); sale != world_.sales.end()) {
    if (key != nullptr) {
      c.refuse_if(key->use != KeyUse::till, Code::key_wrong_use);
      c.refuse_if(key->use == KeyUse::till && key->account != sale->second.shop, Code::sale_of_other_shop);
    }
    return cancel_sale(c, sale->second);
  }
  if (auto hold = world_.holds.find(cancel.target);
      hold != world_.holds.end() && hold->second.kind == HoldKind::reserve) {
    if (key != nullptr) {
      c.refuse_if(key->use != KeyUse::device, Code::key_wrong_use);
      c.refuse_if(key->account != hold->second.owner, Code::signer_not_allowed);
    }
    return cancel_hold(c, hold->second);
  }
  const bool without_effect = seen->second.burnt_unseen || seen->second.refused;
  c.no.insert(without_effect ? Code::target_already_undone : Code::target_not_reversible);
}

void Model::cancel_unseen(Case& c, const Uuid& target) {
  // rate_limited says that nothing happened; it is no refusal of the book and stands behind those that are.
  if (!c.fine()) return;
  if (burns_left(c.by(), c.now) <= 0) {
    c.no.insert(Code::rate_limited);
    return;
  }
  ++world_.burns[{c.by(), c.now / kHourUs}];
  world_.seen[target] = {Hash{}, c.seq, true, false};
  c.out.burnt = target;
}

void Model::cancel_sale(Case& c, Sale& sale) {
  c.refuse_if(sale.undone || sale.left == 0, Code::target_already_undone);
  c.refuse_if(c.now >= sale.at + c.policy->limits.cancel_hours * kHourUs, Code::refund_period_over);
  const Purse& shop = world_.accounts.at(sale.shop);
  c.refuse_if(shop.state == AccountState::closed, Code::account_closed);
  c.refuse_if(shop.balance - sale.left < -c.policy->limits.shop_floor, Code::shop_below_floor);
  if (!c.fine()) return;
  c.out.policy = c.policy->version;
  c.out.points = Points{sale.left};
  c.out.undone = sale.seq;
  auto& spending = world_.spending[{sale.resident, civil_day(sale.at)}];
  if (sale.kind == SaleKind::code) spending.code_points -= sale.left, --spending.code_count;
  if (sale.kind == SaleKind::quote) spending.quote_points -= sale.left;
  if (sale.kind == SaleKind::card) spending.card_points -= sale.left, --spending.card_count;
  world_.sold[{sale.shop, civil_day(sale.at)}] -= sale.left;
  sale.cancelled = sale.left;
  const Amount left = sale.left;
  sale.left = 0, sale.undone = true;
  put_back(c, sale.shop, sale.resident, take_from_back(sale.ate, left), true);
}

void Model::cancel_hold(Case& c, Reserved& hold) {
  c.refuse_if(hold.resolved, Code::hold_resolved);
  if (!c.fine()) return;
  c.out.points = Points{hold.points};
  c.out.undone = hold.seq;
  release(c, hold);
}

void Model::judge_reverse(Case& c, const Reverse& reverse) {
  auto it = world_.paid.find(reverse.entry);
  if (it == world_.paid.end()) {
    person(c, {Role::administrator}, "/");
    c.no.insert(Code::target_unknown);
    return;
  }
  Paid& paid = it->second;
  const Purse& resident = world_.accounts.at(paid.resident);
  person(c, {Role::administrator}, resident.scope);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  if (c.policy == nullptr) return;
  if (paid.points >= c.policy->limits.large_reversal_points)
    second_person(c, {Role::administrator}, resident.scope);
  c.refuse_if(paid.reversed, Code::target_already_undone);
  if (!c.fine()) return;
  auto& lots = world_.accounts.at(paid.resident).lots;
  auto lot = lots.find({paid.day, false});
  const Amount there = lot != lots.end() ? lot->second : 0;
  const Amount taken = std::min(there, paid.points);
  c.out.points = Points{paid.points};
  c.out.undone = reverse.entry;
  if (taken > 0) {
    c.out.ate = {{paid.day, {taken}, false}};
    lot->second -= taken;
    if (lot->second == 0) lots.erase(lot);
    const bool closed = world_.accounts.at(paid.budget).state == AccountState::closed;
    move(paid.resident, closed ? kExpired : paid.budget, taken);
    if (closed) c.out.lapsed = Points{taken};
  }
  if (taken < paid.points) c.out.unrecovered = Points{paid.points - taken};
  paid.reversed = true;
}

}  // namespace dfb::sim
