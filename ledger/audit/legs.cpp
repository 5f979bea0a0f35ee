#include "ledger/audit/legs.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace dfb::audit {
namespace {

using namespace book;

constexpr int kActKeyBytes = 8, kActNumberBytes = 4;
constexpr std::int64_t kNoAct = -1;  // ends the acts in an archive

std::string act_key(std::int64_t seq) {
  std::string key;
  put_be(key, static_cast<std::uint64_t>(seq), kActKeyBytes);
  return key;
}

std::vector<Leg> moved(AccountId from, AccountId to, std::int64_t points, std::int64_t lapsed) {
  std::vector<Leg> legs = {{from, -points}, {to, points - lapsed}};
  if (lapsed != 0) legs.push_back({kExpired, lapsed});
  return legs;
}

}  // namespace

// Acts come in the order of their entries and are rarely asked for: an eighth for the filters is plenty.
PlainLedger::Acts::Acts(const MemoryLimit& limit)
    : bytes_max_(limit.bytes - limit.bytes / 8),
      space_{limit.folder, limit.bytes / 8},
      table_(kActKeyBytes) {}

void PlainLedger::Acts::put(std::int64_t seq, Act act) {
  std::string value;
  put_be(value, act.from, kActNumberBytes);
  put_be(value, act.to, kActNumberBytes);
  table_.put(act_key(seq), value);
  if (table_.bytes() > bytes_max_) table_.spill(space_);
}

std::optional<PlainLedger::Act> PlainLedger::Acts::find(std::int64_t seq) const {
  const std::string_view value = table_.find(act_key(seq));
  if (value.size() != 2 * kActNumberBytes) return std::nullopt;
  return Act{static_cast<std::uint32_t>(get_be(value.substr(0, kActNumberBytes))),
             static_cast<std::uint32_t>(get_be(value.substr(kActNumberBytes)))};
}

void PlainLedger::Acts::write(ArchiveWriter& a) const {
  table_.each([&](const SpillingTable::Record& record) {
    const auto number = [&](std::size_t at) {
      return static_cast<std::uint32_t>(get_be(record.value.substr(at, kActNumberBytes)));
    };
    a(static_cast<std::int64_t>(get_be(record.key)), number(0), number(kActNumberBytes));
  });
  a(kNoAct);
}

void PlainLedger::Acts::read(ArchiveReader& a, std::size_t accounts) {
  for (std::int64_t seq = 0; a.ok();) {
    a(seq);
    if (!a.ok() || seq == kNoAct) return;
    Act act;
    a(act.from, act.to);
    if (seq < 0 || act.from >= accounts || act.to >= accounts) a.refuse();
    if (a.ok()) put(seq, act);
  }
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
  const auto act = acts_.find(*outcome.undone);
  if (!act) return fail(Code::malformed, "it undoes an entry that moved nothing");
  const std::int64_t points =
      points_or_zero(outcome.points) - (cancels ? 0 : points_or_zero(outcome.unrecovered));
  return moved(ids_[act->to], ids_[act->from], points, lapsed);
}

void PlainLedger::act(std::int64_t seq, AccountId from, AccountId to) {
  acts_.put(seq, {number(from), number(to)});
}

std::uint32_t PlainLedger::number(AccountId account) {
  const auto [it, fresh] = numbers_.try_emplace(account.value, static_cast<std::uint32_t>(ids_.size()));
  if (fresh) ids_.push_back(account), points_.push_back(0);
  return it->second;
}

void PlainLedger::number_anew() {
  numbers_.clear();
  for (std::uint32_t i = 0; i < ids_.size(); ++i) numbers_[ids_[i].value] = i;
}

bool PlainLedger::holds_together() const {
  const auto is_balance = [](std::int64_t points) { return std::abs(points) <= kBalanceMax; };
  const auto is_open = [&](const auto& held_by) { return holds_.count(held_by.second) != 0; };
  return numbers_.size() == ids_.size() && points_.size() == ids_.size() &&
         std::all_of(points_.begin(), points_.end(), is_balance) &&
         std::all_of(held_by_.begin(), held_by_.end(), is_open);
}

std::int64_t PlainLedger::balance(AccountId account) const {
  const auto it = numbers_.find(account.value);
  return it == numbers_.end() ? 0 : points_[it->second];
}

std::int64_t PlainLedger::sum() const {
  // Unsigned: where more accounts than any town has were full, the sum runs over and comes back.
  return static_cast<std::int64_t>(std::accumulate(points_.begin(), points_.end(), std::uint64_t{0}));
}

}  // namespace dfb::audit
