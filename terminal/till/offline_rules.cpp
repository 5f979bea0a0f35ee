#include "terminal/till/offline_rules.h"

#include <algorithm>

namespace dfb::terminal {
namespace {

Result<void> judge_till(const book::OfflineCode& code, const Pins& pins, const OfflineStand& stand) {
  if (code.shop != stand.shop) return fail(Code::sale_of_other_shop, "the code is for another shop");
  if (pins.suspended) return fail(Code::account_frozen, "this shop is suspended");
  if (stand.town_us + kOfflineDriftUs < std::max(stand.journal_us, pins.synced_us))
    return fail(Code::clock_behind, "this machine's clock went back; set it");
  if (time_left_us(pins, stand.town_us) <= 0)
    return fail(Code::unreachable, "the town was not reached for too long");
  return ok();
}

}  // namespace

book::Points budget_left(const Pins& pins, const Unsynced& unsynced) {
  return {std::max<std::int64_t>(0, pins.till_points.value - unsynced.points.value)};
}

TimeUs time_left_us(const Pins& pins, TimeUs town_us) {
  if (pins.policy_version == 0) return 0;
  return std::max<TimeUs>(0, pins.synced_us + pins.hours * kHourUs - town_us);
}

book::Points town_loss_most(const Pins& pins) {
  return {std::min(pins.allowed().value, pins.till_points.value) * pins.tills};
}

Result<KeyId> judge_offline(const book::OfflineCode& code, const Pins& pins,
                            const std::map<Uuid, AllowanceUse>& used, const OfflineStand& stand) {
  DFB_TRY_VOID(judge_till(code, pins, stand));
  const auto found = pins.allowances.find(code.allowance);
  if (found == pins.allowances.end() || found->second.account != code.account)
    return fail(Code::allowance_unknown, "this till knows of no such allowance");
  const PinnedAllowance& allowance = found->second;
  if (pins.stopped.contains(code.allowance)) return fail(Code::offline_right_lost, "the allowance was stopped");
  if (std::max(stand.town_us, code.at_us) >= allowance.until_us)
    return fail(Code::hold_expired, "the allowance has run out");
  if (code.at_us < stand.town_us - kOfflineDriftUs || code.at_us > stand.town_us + kOfflineDriftUs)
    return fail(Code::code_stale, "the code is not of this moment");
  DFB_TRY(const PublicKey key, PublicKey::from_spki(allowance.spki));
  if (!verify(code, key, stand.origin)) return fail(Code::bad_signature, "the phone did not sign this code");
  const auto use = used.find(code.allowance);
  const book::Points before = use == used.end() ? book::Points{} : use->second.points;
  if (use != used.end() && use->second.counters.contains(code.counter))
    return fail(Code::counter_used, "this code was sold by here already");
  if (before.value + code.points.value > allowance.points.value)
    return fail(Code::allowance_spent, "more than is left of the allowance");
  if (code.points > budget_left(pins, stand.unsynced))
    return fail(Code::budget_exhausted, "more than is left of this till's offline budget");
  return key.id();
}

}  // namespace dfb::terminal
