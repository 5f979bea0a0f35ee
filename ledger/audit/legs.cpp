#include "ledger/audit/legs.h"

#include <algorithm>
#include <numeric>

namespace dfb::audit {
namespace {

using namespace book;

std::vector<Leg> moved(AccountId from, AccountId to, std::int64_t points, std::int64_t lapsed) {
  std::vector<Leg> legs = {{from, -points}, {to, points - lapsed}};
  if (lapsed != 0) legs.push_back({kExpired, lapsed});
  return legs;
}

}  // namespace

void PlainLedger::Acts::push_back(const Act& act) {
  if (pieces_.empty() || pieces_.back().size() == kPiece) {
    pieces_.emplace_back();
    pieces_.back().reserve(kPiece);
  }
  pieces_.back().push_back(act);
}

const PlainLedger::Act* PlainLedger::Acts::find(std::int64_t seq) const {
  const auto piece = std::partition_point(pieces_.begin(), pieces_.end(),
                                          [&](const auto& acts) { return acts.back().seq < seq; });
  if (piece == pieces_.end()) return nullptr;
  const auto act =
      std::partition_point(piece->begin(), piece->end(), [&](const Act& a) { return a.seq < seq; });
  return act->seq == seq ? &*act : nullptr;
}

Result<std::vector<Leg>> PlainLedger::post(std::int64_t seq, const Payload& payload, const Outcome& outcome) {
  DFB_TRY(std::vector<Leg> legs, this->legs(seq, payload, outcome));
  for (const Leg& leg : legs) {
    std::int64_t after = 0;
    if (__builtin_add_overflow(balance(leg.account), leg.points, &after) || after > kBalanceMax ||
        after < -kBalanceMax)
      return fail(Code::malformed, "a balance beyond its range");
  }
  for (const Leg& leg : legs) points_[number(leg.account)] += leg.points;
  return legs;
}

Result<std::vector<Leg>> PlainLedger::legs(std::int64_t seq, const Payload& payload, const Outcome& outcome) {
  if (outcome.refused) return std::vector<Leg>();
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
    if (transfer->kind == TransferKind::redeem || transfer->kind == TransferKind::award)
      act(seq, transfer->from, transfer->to);
    return moved(transfer->from, transfer->to, transfer->points.value, points_or_zero(outcome.lapsed));
  }
  if (const auto* record = std::get_if<Record>(&payload.body)) {
    if (record->rule.empty()) return std::vector<Leg>();
    if (!outcome.budget || !outcome.points) return fail(Code::malformed, "no budget or points for the award");
    if (outcome.held) {
      holds_[payload.id] = {*outcome.budget, true, seq};
      return std::vector<Leg>();
    }
    act(seq, *outcome.budget, record->account);
    return moved(*outcome.budget, record->account, outcome.points->value, points_or_zero(outcome.lapsed));
  }
  if (const auto* hold = std::get_if<Hold>(&payload.body)) {
    holds_[payload.id] = {hold->account, false, seq};
    held_by_[seq] = payload.id;
    return std::vector<Leg>();
  }
  if (const auto* resolve = std::get_if<Resolve>(&payload.body))
    return legs_of_resolving(seq, *resolve, outcome);
  if (std::holds_alternative<Cancel>(payload.body)) return legs_of_undoing(outcome, true);
  if (std::holds_alternative<Reverse>(payload.body)) return legs_of_undoing(outcome, false);
  return std::vector<Leg>();
}

// What lapses of a review never reached the resident; of other holds it is what came back too late.
Result<std::vector<Leg>> PlainLedger::legs_of_resolving(std::int64_t seq, const Resolve& resolve,
                                                        const Outcome& outcome) {
  const auto found = holds_.find(resolve.hold);
  if (found == holds_.end()) return fail(Code::malformed, "no such hold");
  const Held held = found->second;
  const std::int64_t lapsed = points_or_zero(outcome.lapsed);
  std::vector<Leg> legs;
  if (resolve.capture) {
    act(seq, held.holder, resolve.to);
    legs = moved(held.holder, resolve.to, resolve.points.value, held.review ? lapsed : 0);
  }
  if (!held.review && lapsed != 0) legs.insert(legs.end(), {{held.holder, -lapsed}, {kExpired, lapsed}});
  held_by_.erase(held.seq);
  holds_.erase(found);
  return legs;
}

Result<std::vector<Leg>> PlainLedger::legs_of_undoing(const Outcome& outcome, bool cancels) {
  const std::int64_t lapsed = points_or_zero(outcome.lapsed);
  if (cancels && !outcome.undone) return std::vector<Leg>();
  if (!outcome.undone || !outcome.points) return fail(Code::malformed, "it does not say what it undoes");
  if (const auto hold = held_by_.find(*outcome.undone); cancels && hold != held_by_.end()) {
    const AccountId holder = holds_.at(hold->second).holder;
    holds_.erase(hold->second);
    held_by_.erase(hold);
    return lapsed == 0 ? std::vector<Leg>() : std::vector<Leg>{{holder, -lapsed}, {kExpired, lapsed}};
  }
  const Act* act = acts_.find(*outcome.undone);
  if (!act) return fail(Code::malformed, "it undoes an entry that moved nothing");
  const std::int64_t points =
      points_or_zero(outcome.points) - (cancels ? 0 : points_or_zero(outcome.unrecovered));
  return moved(ids_[act->to], ids_[act->from], points, lapsed);
}

void PlainLedger::act(std::int64_t seq, AccountId from, AccountId to) {
  acts_.push_back({seq, number(from), number(to)});
}

std::uint32_t PlainLedger::number(AccountId account) {
  const auto [it, fresh] = numbers_.try_emplace(account.value, static_cast<std::uint32_t>(ids_.size()));
  if (fresh) ids_.push_back(account), points_.push_back(0);
  return it->second;
}

std::int64_t PlainLedger::balance(AccountId account) const {
  const auto it = numbers_.find(account.value);
  return it == numbers_.end() ? 0 : points_[it->second];
}

std::int64_t PlainLedger::sum() const {
  return std::accumulate(points_.begin(), points_.end(), std::int64_t{0});
}

}  // namespace dfb::audit
