// Transfers that the town and its server make: docs/formats.md#transfer.
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

void Model::judge_transfer(Case& c, const Transfer& t) {
  switch (t.kind) {
    case TransferKind::mint:
      return judge_mint(c, t);
    case TransferKind::return_:
      return judge_return(c, t);
    case TransferKind::award:
      return judge_award(c, t);
    case TransferKind::redeem:
      return judge_redeem(c, t);
    case TransferKind::refund:
      return judge_refund(c, t);
    case TransferKind::expire:
      return judge_expire(c, t);
    case TransferKind::settle:
      return judge_settle(c, t);
    case TransferKind::fund:
      return judge_fund(c, t);
    case TransferKind::cover:
      return judge_cover(c, t);
    case TransferKind::opening:
      return judge_opening(c, t);
  }
}

void Model::judge_mint(Case& c, const Transfer& t) {
  two_administrators(c);
  purse(c, t.from, {AccountKind::issuance});
  Purse* budget = purse(c, t.to, {AccountKind::budget});
  if (budget != nullptr) {
    c.refuse_if(budget->state == AccountState::closed, Code::account_closed);
    c.refuse_if(budget->state == AccountState::frozen, Code::account_frozen);
  }
  if (c.fine()) move(t.from, t.to, t.points.value);
}

void Model::judge_return(Case& c, const Transfer& t) {
  two_administrators(c);
  Purse* budget = purse(c, t.from, {AccountKind::budget});
  purse(c, t.to, {AccountKind::issuance});
  // Handing points back spends nothing: a frozen budget may.
  if (budget != nullptr) c.refuse_if(budget->balance - budget->held < t.points.value, Code::budget_exhausted);
  if (c.fine()) move(t.from, t.to, t.points.value);
}

void Model::judge_expire(Case& c, const Transfer& t) {
  signer(c, c.by(), {KeyUse::server});
  Purse* resident = purse(c, t.from, {AccountKind::resident});
  purse(c, t.to, {AccountKind::expired});
  c.refuse_if(t.day >= c.today, Code::not_yet_expired);
  if (resident == nullptr) return;
  Pieces pieces;
  Amount sum = 0;
  for (bool grace : {false, true})
    if (auto lot = resident->lots.find({t.day, grace}); lot != resident->lots.end()) {
      pieces.push_back({lot->first, lot->second});
      sum += lot->second;
    }
  c.refuse_if(sum == 0, Code::state_unchanged);
  c.refuse_if(sum != t.points.value, Code::amount_wrong);
  if (!c.fine()) return;
  for (const auto& piece : pieces) resident->lots.erase(piece.lot);
  move(t.from, t.to, sum);
  c.out.ate = as_lots(pieces);
}

void Model::judge_settle(Case& c, const Transfer& t) {
  two_administrators(c);
  Purse* shop = purse(c, t.from, {AccountKind::shop});
  purse(c, t.to, {AccountKind::settled});
  if (shop != nullptr) c.refuse_if(shop->state == AccountState::closed, Code::account_closed);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  c.refuse_if(t.through < 0 || t.through >= world_.size, Code::target_unknown);
  if (auto before = world_.settled_through.find(t.from); before != world_.settled_through.end())
    c.refuse_if(t.through <= before->second, Code::wrong_period);
  if (shop == nullptr || c.policy == nullptr) return;
  Amount recent = 0;
  const Day since = civil_day(c.now - c.policy->limits.dispute_hours * kHourUs);
  for (const auto& [key, points] : world_.sold)
    if (key.first == t.from && key.second >= since) recent += points;
  c.refuse_if(t.points.value <= shop->balance && t.points.value > shop->balance - recent,
              Code::dispute_window_open);
  c.refuse_if(t.points.value > shop->balance, Code::insufficient_points);
  c.refuse_if(t.fen != t.points.value * c.policy->limits.fen_per_point, Code::amount_wrong);
  if (!c.fine()) return;
  c.out.policy = c.policy->version;
  world_.settled_through[t.from] = t.through;
  move(t.from, t.to, t.points.value);
}

void Model::judge_fund(Case& c, const Transfer& t) {
  two_administrators(c);
  Purse* budget = purse(c, t.from, {AccountKind::budget});
  purse(c, t.to, {AccountKind::offline_loss});
  if (budget != nullptr) {
    c.refuse_if(budget->state == AccountState::closed, Code::account_closed);
    c.refuse_if(budget->state == AccountState::frozen, Code::account_frozen);
    c.refuse_if(cannot_pay(*budget, t.points.value), Code::budget_exhausted);
  }
  if (c.fine()) move(t.from, t.to, t.points.value);
}

void Model::judge_cover(Case& c, const Transfer& t) {
  person(c, {Role::administrator}, "/");
  Purse* reserve = purse(c, t.from, {AccountKind::offline_loss});
  Purse* shop = purse(c, t.to, {AccountKind::shop});
  if (shop != nullptr) c.refuse_if(shop->state == AccountState::closed, Code::account_closed);
  if (reserve != nullptr) c.refuse_if(reserve->balance < t.points.value, Code::offline_loss_empty);
  auto it = world_.convictions.find(t.sale);
  if (it == world_.convictions.end()) {
    c.no.insert(Code::target_unknown);
    return;
  }
  c.refuse_if(it->second.shop != t.to || it->second.left == 0, Code::target_unknown);
  c.refuse_if(t.points.value > it->second.left, Code::refund_exceeds_sale);
  if (!c.fine()) return;
  it->second.left -= t.points.value;
  move(t.from, t.to, t.points.value);
}

void Model::judge_opening(Case& c, const Transfer& t) {
  signer(c, c.by(), {KeyUse::root});
  enough_roots(c);
  c.refuse_if(!world_.continues || !world_.policies.empty(), Code::opening_over);
  purse(c, t.from, {AccountKind::issuance});
  auto to = world_.accounts.find(t.to);
  c.refuse_if(to == world_.accounts.end(), Code::account_unknown);
  if (to == world_.accounts.end()) return;
  c.refuse_if(to->second.kind == AccountKind::issuance, Code::account_wrong_kind);
  c.refuse_if(to->second.state == AccountState::closed, Code::account_closed);
  const bool resident = to->second.kind == AccountKind::resident;
  Amount sum = 0;
  bool rising = true;
  for (std::size_t i = 0; i < t.lots.size(); ++i) {
    sum += t.lots[i].points.value;
    rising = rising && (i == 0 || t.lots[i - 1].day < t.lots[i].day);
  }
  c.refuse_if(!resident && !t.lots.empty(), Code::account_wrong_kind);
  c.refuse_if(resident && (sum != t.points.value || !rising), Code::amount_wrong);
  if (!c.fine()) return;
  move(t.from, t.to, t.points.value);
  for (const auto& lot : t.lots) give_lot(t.to, {lot.day, false}, lot.points.value);
  c.out.got = t.lots;
}

}  // namespace dfb::sim
