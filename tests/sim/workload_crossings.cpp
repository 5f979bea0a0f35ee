// Some commands in a row that lead to where lots, holds, refunds, freezes and closings cross. Chance alone
// does not get there: each takes several steps of one person's, at the right moments. The steps are sent as
// any others are, and whatever comes next crosses with what they leave behind.
#include <algorithm>

#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

bool Workload::entered(Sequence& out, const Line& line) {
  if (!line) return false;
  send(out, {*line});
  auto seen = model_.world().seen.find(line->id);
  return seen != model_.world().seen.end() && !seen->second.burnt_unseen && !seen->second.refused;
}

void Workload::wait_until(Sequence& out, TimeUs time) {
  now_ = std::max(now_, time);
  if (now_ - model_.world().last_time > model_.policy_at(now_)->limits.idle_gap_hours * kHourUs)
    if (auto line = clock()) send(out, {*line});
}

bool Workload::publish_with(Sequence& out, const std::function<void(Policy&)>& change) {
  Policy policy = model_.world().policies.rbegin()->second.policy;
  ++policy.version;
  policy.from_us = now_;
  change(policy);
  return entered(out, sign(PublishPolicy{policy}, {&stage_.town.admin_a.key, &stage_.town.admin_b.key}));
}

const Person* Workload::somebody_with(Amount points) {
  std::vector<const Person*> able;
  for (const auto& who : stage_.people) {
    const auto& purse = model_.world().accounts.at(who.account);
    const bool phone = std::any_of(who.phones.begin(), who.phones.end(), [&](const PrivateKey* one) {
      auto key = model_.world().keys.find(one->public_key().id());
      return key != model_.world().keys.end() && key->second.account == who.account &&
             key->second.revoked < 0 && key->second.proves_from <= now_;
    });
    if (phone && purse.state == AccountState::open && purse.level == Level::verified &&
        model_.available(who.account, now_) >= points)
      able.push_back(&who);
  }
  return able.empty() ? nullptr : pick(able);
}

// What they would eat next.
std::optional<Piece> Workload::next_lot(AccountId resident) const {
  for (const auto& [lot, points] : model_.world().accounts.at(resident).lots)
    if (lot.first >= civil_day(now_)) return Piece{lot, points};
  return {};
}

test::SignedLine Workload::sale_of(const Person& who, const test::Member& shop, Amount points) {
  auto transfer = redemption(who, shop);
  const Amount most =
      std::min(model_.policy_at(now_)->limits.quote_points, model_.available(who.account, now_));
  transfer.points = {std::clamp<Amount>(points, 1, std::max<Amount>(most, 1))};
  return confirmed(transfer, phone_of(who));
}

Workload::Line Workload::refund_of(const Uuid& id, Amount points) {
  auto sale = model_.world().sales.find(id);
  if (sale == model_.world().sales.end()) return {};
  Transfer refund;
  refund.kind = TransferKind::refund, refund.from = sale->second.shop, refund.to = sale->second.resident;
  refund.sale = id, refund.points = {std::max<Amount>(points, 1)};
  return sign(refund, {&till_of(refund.from)});
}

Workload::Line Workload::expiry_of(AccountId resident, Day day) {
  Transfer transfer;
  transfer.kind = TransferKind::expire, transfer.from = resident, transfer.to = kExpired, transfer.day = day;
  for (const auto& [lot, points] : model_.world().accounts.at(resident).lots)
    if (lot.first == day) transfer.points.value += points;
  if (transfer.points.value == 0) return {};
  return sign(transfer, {&server()});
}

// Sales on a lot's last day come back when it is over: plain points as grace, and grace not at all. Between
// two such days they buy or reserve with both, and what stays behind expires.
void Workload::cross_grace(Sequence& out) {
  const Person* who = somebody_with(10);
  if (who == nullptr) return;
  for (int round = 0; round < 3; ++round) {
    const auto lot = next_lot(who->account);
    if (!lot) return;
    const Day last = lot->lot.first;
    wait_until(out, day_start_us(last) + roll(24) * kHourUs);
    const auto sale = sale_of(*who, some_shop(), lot->points + roll(5) - 3);
    if (!entered(out, sale)) return;
    wait_until(out, day_start_us(last + 1) + roll(12) * kHourUs);
    // Grace that ends with a month ends with plain points of that day.
    if (chance(45) && !publish_with(out, [&](Policy& policy) {
          policy.limits.refund_grace_days = month_end(civil_day(now_), 0) - civil_day(now_);
        }))
      return;
    if (chance(40)) entered(out, expiry_of(who->account, last));
    const Amount left = model_.world().sales.at(sale.id).left;
    const bool whole = chance(40);
    if (!entered(out, whole ? sign(Cancel{sale.id}, {&till_of(model_.world().sales.at(sale.id).shop)})
                            : refund_of(sale.id, chance(50) ? left : 1 + roll(left))))
      return;
    const auto next = next_lot(who->account);
    if (!next || chance(50)) continue;
    if (chance(50))
      entered(out, sale_of(*who, some_shop(), next->points + roll(3)));
    else
      cross_reservation(out);
  }
}

// A reservation that outlives what it sets aside, or meets a freeze, and is then taken, in part or not at
// all.
void Workload::cross_reservation(Sequence& out) {
  const Person* who = somebody_with(8);
  if (who == nullptr) return;
  const auto lot = next_lot(who->account);
  if (lot && chance(60)) wait_until(out, day_start_us(lot->lot.first) + (12 + roll(12)) * kHourUs);
  Hold hold;
  hold.purpose = HoldPurpose::reserve, hold.account = who->account, hold.shop = some_shop().account;
  hold.goods = no_evidence();
  const auto next = next_lot(who->account);
  hold.points = {std::min<Amount>(2 + roll(6) + (next && chance(50) ? next->points : 0), 40)};
  hold.until_us = now_ + std::min<std::int64_t>(model_.policy_at(now_)->limits.reserve_hours, 36) * kHourUs;
  const auto reserved = sign(hold, {&phone_of(*who)});
  if (!entered(out, reserved)) return;
  const auto* officer = &stage_.town.officer.key;
  const bool staff = who->account == stage_.officer_b.account;
  const bool freeze =
      !staff && chance(50) && entered(out, sign(SetState{who->account, AccountState::frozen, ""}, {officer}));
  if (chance(70)) wait_until(out, day_start_us(civil_day(now_) + 1) + roll(3) * kHourUs);
  Resolve resolve;
  resolve.hold = reserved.id, resolve.capture = chance(65);
  resolve.to = resolve.capture ? hold.shop : hold.account;
  if (resolve.capture) resolve.points = {chance(70) ? 1 + roll(hold.points.value) : hold.points.value};
  entered(out, sign(resolve, {resolve.capture || chance(50) ? &till_of(hold.shop) : &phone_of(*who)}));
  if (freeze && chance(70)) entered(out, sign(SetState{who->account, AccountState::open, ""}, {officer}));
}

// Somebody spends all they have and leaves the town; what they bought, and what they did for it, comes after.
void Workload::cross_farewell(Sequence& out) {
  const Person* who = somebody_with(2);
  if (who == nullptr || who->account == stage_.officer_b.account) return;
  const auto& purse = model_.world().accounts.at(who->account);
  if (purse.held > 0) return;
  const auto all = model_.available(who->account, now_);
  if (!publish_with(out, [&](Policy& policy) {
        policy.limits.balance_min = 0;
        policy.limits.quote_points = policy.limits.quote_points_day = 300;
      }))
    return;
  auto stated = attendance(*who);
  entered(out, stated);
  const auto& shop = some_shop();
  const Amount part = 1 + roll(all - 1);
  const auto one = sale_of(*who, shop, part), other = sale_of(*who, shop, all - part);
  if (!entered(out, one) || !entered(out, other)) return;
  while (!purse.lots.empty())
    if (!entered(out, expiry_of(who->account, purse.lots.begin()->first.first))) return;
  if (!entered(out, sign(SetState{who->account, AccountState::closed, "moved"}, {&stage_.town.officer.key})))
    return;
  Resolve capture{stated.id, true, who->account, {1 + roll(25)}};
  std::vector<Line> after{sign(Cancel{one.id}, {&till_of(shop.account)}),
                          refund_of(other.id, 1 + roll(all - part)), sign(capture, {&stage_.reviewer.key})};
  std::shuffle(after.begin(), after.end(), random_);
  for (const auto& line : after) entered(out, line);
}

// A shop that was paid what it sold takes back more than it has sold since, and can then not undo that.
void Workload::cross_debt(Sequence& out) {
  const auto& shop = chance(50) ? stage_.town.other_shop : stage_.town.shop;
  const auto& purse = model_.world().accounts.at(shop.account);
  const Person *buys = somebody_with(40), *buys_later = somebody_with(20);
  if (buys == nullptr || buys_later == nullptr) return;
  const auto old = sale_of(*buys, shop, 28 + roll(6));
  if (!entered(out, old)) return;
  wait_until(out, day_start_us(civil_day(now_) + 2));
  if (purse.balance > 0 && !entered(out, payout(shop.account, purse.balance))) return;
  const auto fresh = sale_of(*buys_later, shop, 4 + roll(5));
  if (!entered(out, fresh)) return;
  const Amount room = purse.balance + model_.policy_at(now_)->limits.shop_floor;
  const Amount left = model_.world().sales.at(old.id).left;
  entered(out, refund_of(old.id, std::min(room, left) + (chance(20) ? 1 : 0)));
  if (chance(20)) entered(out, refund_of(fresh.id, 1));
  entered(out, sign(Cancel{fresh.id}, {&shop.key}));
}

}  // namespace dfb::sim
