// Lots: what is eaten first, what comes back and where to. docs/formats.md#how-each-is-derived.
#include <algorithm>

#include "ledger/base/check.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

Purse* Model::purse(Case& c, AccountId id, std::initializer_list<AccountKind> kinds) {
  auto it = world_.accounts.find(id);
  if (it == world_.accounts.end()) {
    c.no.insert(Code::account_unknown);
    return nullptr;
  }
  if (std::find(kinds.begin(), kinds.end(), it->second.kind) == kinds.end()) {
    c.no.insert(Code::account_wrong_kind);
    return nullptr;
  }
  return &it->second;
}

void Model::move(AccountId from, AccountId to, Amount points) {
  world_.accounts.at(from).balance -= points;
  world_.accounts.at(to).balance += points;
}

Amount Model::available(AccountId resident, TimeUs now) const {
  Amount sum = 0;
  for (const auto& [lot, points] : world_.accounts.at(resident).lots)
    if (lot.first >= civil_day(now)) sum += points;
  return sum;
}

// Takes lots that are still good, the earliest day first, out of the free lots. The balance stays as it is.
Pieces Model::eat(AccountId resident, Amount points, Day today) {
  auto& lots = world_.accounts.at(resident).lots;
  Pieces eaten;
  for (auto it = lots.begin(); it != lots.end() && points > 0;) {
    if (it->first.first < today) {
      ++it;
      continue;
    }
    const Amount part = std::min(points, it->second);
    eaten.push_back({it->first, part});
    points -= part;
    it->second -= part;
    it = it->second == 0 ? lots.erase(it) : std::next(it);
  }
  DFB_CHECK(points == 0);
  return eaten;
}

void Model::give_lot(AccountId resident, LotName lot, Amount points) {
  world_.accounts.at(resident).lots[lot] += points;
}

// Gives pieces to a resident: good ones with their day, late plain ones as grace (only when they were eaten,
// that is from_the_end), everything else to `expired`. `payer` is whose balance pays: the shop, or the
// resident themselves for what was held. Fills got and lapsed.
void Model::put_back(Case& c, AccountId payer, AccountId resident, Pieces pieces, bool from_the_end) {
  if (from_the_end) std::reverse(pieces.begin(), pieces.end());
  const bool closed = world_.accounts.at(resident).state == AccountState::closed;
  Pieces got;
  Amount lapsed = 0;
  for (const auto& piece : pieces) {
    LotName lot = piece.lot;
    const bool late = lot.first < c.today;
    if (closed || (late && (lot.second || !from_the_end))) {
      lapsed += piece.points;
      continue;
    }
    if (late) lot = {c.today + static_cast<Day>(c.policy->limits.refund_grace_days), true};
    auto same = std::find_if(got.begin(), got.end(), [&](const Piece& x) { return x.lot == lot; });
    if (same == got.end())
      got.push_back({lot, piece.points});
    else
      same->points += piece.points;
    give_lot(resident, lot, piece.points);
    move(payer, resident, piece.points);
  }
  if (lapsed > 0) {
    move(payer, kExpired, lapsed);
    c.out.lapsed = Points{lapsed};
  }
  c.out.got = as_lots(got);
}

Amount Model::cannot_pay(const Purse& budget, Amount points) const {
  return budget.state != AccountState::open || budget.balance - budget.held < points;
}

Lots Model::as_lots(const Pieces& pieces) {
  Lots lots;
  for (const auto& piece : pieces) lots.push_back({piece.lot.first, {piece.points}, piece.lot.second});
  return lots;
}

Pieces Model::take_from_front(Pieces& pieces, Amount points) {
  Pieces taken;
  while (points > 0) {
    DFB_CHECK(!pieces.empty());
    const Amount part = std::min(points, pieces.front().points);
    taken.push_back({pieces.front().lot, part});
    pieces.front().points -= part;
    points -= part;
    if (pieces.front().points == 0) pieces.erase(pieces.begin());
  }
  return taken;
}

// What stands at the end, still in the order eaten.
Pieces Model::take_from_back(Pieces& pieces, Amount points) {
  Pieces taken;
  while (points > 0) {
    DFB_CHECK(!pieces.empty());
    const Amount part = std::min(points, pieces.back().points);
    taken.insert(taken.begin(), {pieces.back().lot, part});
    pieces.back().points -= part;
    points -= part;
    if (pieces.back().points == 0) pieces.pop_back();
  }
  return taken;
}

}  // namespace dfb::sim
