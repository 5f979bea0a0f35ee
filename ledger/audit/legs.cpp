#include "ledger/audit/legs.h"

namespace dfb::audit {
namespace {

using namespace book;

std::int64_t value(const std::optional<Points>& points) { return points ? points->value : 0; }

std::vector<Leg> moved(AccountId from, AccountId to, std::int64_t points, std::int64_t lapsed) {
  std::vector<Leg> legs = {{from, -points}, {to, points - lapsed}};
  if (lapsed != 0) legs.push_back({kExpired, lapsed});
  return legs;
}

}  // namespace

Result<std::vector<Leg>> PlainLedger::post(std::int64_t seq, const Payload& payload, const Outcome& outcome) {
  DFB_TRY(std::vector<Leg> legs, this->legs(seq, payload, outcome));
  for (const Leg& leg : legs) {
    std::int64_t after = 0;
    if (__builtin_add_overflow(balance(leg.account), leg.points, &after) || after > kBalanceMax ||
        after < -kBalanceMax)
      return fail(Code::malformed, "a balance beyond its range");
  }
  for (const Leg& leg : legs) balances_[leg.account.value] += leg.points;
  return legs;
}

Result<std::vector<Leg>> PlainLedger::legs(std::int64_t seq, const Payload& payload, const Outcome& outcome) {
  const std::int64_t lapsed = value(outcome.lapsed);
  if (outcome.refused) return std::vector<Leg>();
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
    if (transfer->kind == TransferKind::redeem || transfer->kind == TransferKind::award)
      acts_[seq] = {transfer->from, transfer->to};
    return moved(transfer->from, transfer->to, transfer->points.value, lapsed);
  }
  if (const auto* record = std::get_if<Record>(&payload.body)) {
    if (record->rule.empty()) return std::vector<Leg>();
    if (!outcome.budget || !outcome.points) return fail(Code::malformed, "no budget or points for the award");
    acts_[seq] = {*outcome.budget, record->account};
    if (!outcome.held) return moved(*outcome.budget, record->account, outcome.points->value, lapsed);
    holds_[payload.id] = {*outcome.budget, true};
    return std::vector<Leg>();
  }
  if (const auto* hold = std::get_if<Hold>(&payload.body)) {
    holds_[payload.id] = {hold->account, false};
    held_by_[seq] = hold->account;
    return std::vector<Leg>();
  }
  if (const auto* resolve = std::get_if<Resolve>(&payload.body)) {
    const auto found = holds_.find(resolve->hold);
    if (found == holds_.end()) return fail(Code::malformed, "no such hold");
    const AccountId holder = found->second.holder;
    if (resolve->capture) acts_[seq] = {holder, resolve->to};
    // What lapses of a review never reached the resident; of other holds it is what came back too late.
    if (found->second.review)
      return resolve->capture ? moved(holder, resolve->to, resolve->points.value, lapsed)
                              : std::vector<Leg>();
    std::vector<Leg> legs;
    if (resolve->capture) legs = moved(holder, resolve->to, resolve->points.value, 0);
    if (lapsed != 0) legs.insert(legs.end(), {{holder, -lapsed}, {kExpired, lapsed}});
    return legs;
  }
  if (std::holds_alternative<Cancel>(payload.body)) {
    if (!outcome.undone) return std::vector<Leg>();
    if (const auto held = held_by_.find(*outcome.undone); held != held_by_.end())
      return lapsed == 0 ? std::vector<Leg>() : std::vector<Leg>{{held->second, -lapsed}, {kExpired, lapsed}};
    DFB_TRY(const Act sale, undone_act(outcome));
    return moved(sale.to, sale.from, value(outcome.points), lapsed);
  }
  if (std::holds_alternative<Reverse>(payload.body)) {
    DFB_TRY(const Act award, undone_act(outcome));
    return moved(award.to, award.from, value(outcome.points) - value(outcome.unrecovered), lapsed);
  }
  return std::vector<Leg>();
}

Result<PlainLedger::Act> PlainLedger::undone_act(const Outcome& outcome) const {
  if (!outcome.undone || !outcome.points) return fail(Code::malformed, "it does not say what it undoes");
  const auto act = acts_.find(*outcome.undone);
  if (act == acts_.end()) return fail(Code::malformed, "it undoes an entry that moved nothing");
  return act->second;
}

std::int64_t PlainLedger::balance(AccountId account) const {
  const auto it = balances_.find(account.value);
  return it == balances_.end() ? 0 : it->second;
}

std::int64_t PlainLedger::sum() const {
  std::int64_t sum = 0;
  for (const auto& [account, points] : balances_) sum += points;
  return sum;
}

}  // namespace dfb::audit
