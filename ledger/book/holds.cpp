#include "ledger/book/holds.h"

#include "ledger/book/authority.h"
#include "ledger/book/award.h"
#include "ledger/book/codes.h"
#include "ledger/book/counters.h"
#include "ledger/book/decide.h"
#include "ledger/book/lots.h"
#include "ledger/book/redeem.h"

namespace dfb::book {
namespace {

void judge_available(Ruling& r, const Account& account, Points points) {
  auto available = spendable(account.lots, r.today());
  if (points > available) {
    r.verdict.refuse(Code::insufficient_points, "the account holds fewer points");
  } else if (r.policy) {
    r.verdict.refuse_if(available.value - points.value < r.policy->limits.balance_min, Code::balance_minimum,
                        "the account has to keep a minimum");
  }
}

void judge_until(Ruling& r, TimeUs until_us, std::int64_t hours) {
  r.verdict.refuse_if(until_us <= r.now_us, Code::hold_expired, "the hold would have run out already");
  r.verdict.refuse_if(until_us > r.now_us + hours * kHourUs, Code::code_not_valid_now,
                      "the hold would last too long");
}

void judge_reserve(Ruling& r, const Hold& hold) {
  if (auto shop = r.account(hold.shop, AccountKind::shop)) r.needs_open(*shop);
  if (!r.policy) return;
  judge_until(r, hold.until_us, r.policy->limits.reserve_hours);
  judge_quote_limits(r, hold.account, hold.points);
}

void judge_allowance(Ruling& r, const Hold& hold) {
  r.verdict.refuse_if(hold.device != r.by().id, Code::signer_not_allowed,
                      "an allowance is asked for by the device that will spend it");
  r.verdict.refuse_if(counter(r.state, allowance_counter(hold.account)) != 0, Code::allowance_exists,
                      "the former allowance is still open");
  r.verdict.refuse_if(counter(r.state, offline_lost_counter(hold.account)) != 0, Code::offline_right_lost,
                      "this account spends online only");
  if (!r.policy) return;
  judge_until(r, hold.until_us, r.policy->limits.offline_hours);
  r.verdict.refuse_if(hold.points.value > r.policy->limits.offline_allowance, Code::limit_per_sale,
                      "more than one allowance may hold");
}

Result<void> capture_reserve(Ruling& r, const Resolve& resolve, HoldRow hold) {
  needs_till(r, hold.to);
  r.verdict.refuse_if(resolve.to != hold.to, Code::account_wrong_kind, "the reservation is another shop's");
  r.verdict.refuse_if(r.now_us >= hold.until_us, Code::hold_expired, "the reservation has run out");
  r.verdict.refuse_if(resolve.points > hold.points, Code::amount_too_large, "less than that is held");
  auto resident = r.account(hold.account, AccountKind::resident);
  auto shop = r.account(hold.to, AccountKind::shop);
  DFB_CHECK(resident && shop);
  r.verdict.refuse_if(shop->state == AccountState::closed, Code::account_closed, "the shop is closed");
  DFB_TRY_VOID(r.verdict.result());
  DFB_TRY_VOID(pay_from_hold(r, hold, *resident, *shop, resolve.points, kByHold));
  return free_hold(r, std::move(hold), *std::move(resident));
}

Result<void> capture_review(Ruling& r, const Resolve& resolve, HoldRow hold) {
  auto resident = r.account(hold.to, AccountKind::resident);
  auto budget = r.account(hold.account, AccountKind::budget);
  DFB_CHECK(resident && budget);
  needs_power(r, r.by(), Power::review, resident->scope);
  acts_for(r, *resident);
  if (hold.recorder != hold.to) needs_another_person(r, hold.recorder);
  r.verdict.refuse_if(resolve.to != hold.to, Code::account_wrong_kind, "the award is another resident's");
  r.verdict.refuse_if(resolve.points > hold.points, Code::amount_too_large, "less than that is held");
  DFB_TRY_VOID(r.verdict.result());
  budget->held.value -= hold.points.value;
  hold.points = {};
  hold.resolved = 1;
  r.state.put(hold);
  return pay_reviewed(r, *std::move(budget), *std::move(resident), resolve.points,
                      static_cast<int>(hold.expiry_months));
}

void judge_release(Ruling& r, const HoldRow& hold) {
  bool server = r.by().use == KeyUse::server;
  TimeUs over_us = hold.until_us;
  switch (hold.purpose) {
    case HoldPurpose::reserve:
      if (server) break;
      if (r.by().use == KeyUse::till) return needs_till(r, hold.to);
      return needs_own_device(r, hold.account);
    case HoldPurpose::allowance:
      if (r.policy) over_us += r.policy->limits.offline_upload_days * kDayUs;
      r.verdict.refuse_if(!server, Code::key_wrong_use, "an allowance is released by the server");
      break;
    case HoldPurpose::review: {
      auto resident = r.account(hold.to, AccountKind::resident);
      DFB_CHECK(resident);
      needs_power(r, r.by(), Power::review, resident->scope);
      acts_on(r, *resident);
      return;
    }
  }
  r.verdict.refuse_if(r.now_us < over_us, Code::not_yet_expired, "the hold still runs");
}

Result<void> release_hold(Ruling& r, const Resolve& resolve, HoldRow hold) {
  judge_release(r, hold);
  r.verdict.refuse_if(resolve.to != hold.account, Code::account_wrong_kind,
                      "a release goes back to where the points are held");
  auto account = r.account(hold.account);
  DFB_CHECK(account);
  DFB_TRY_VOID(r.verdict.result());
  return free_hold(r, std::move(hold), *std::move(account));
}

void free_review(Ruling& r, const HoldRow& hold) {
  r.state.put(FactRow{hold.fact, kFactFreed});
  for (const auto& name : hold.counters) count(r.state, name, -1);
  if (hold.phone_points.value != 0) count(r.state, phone_life_counter(hold.to), -hold.phone_points.value);
}

Result<void> give_lots_back(Ruling& r, const HoldRow& hold, Account account) {
  auto back = release(hold.lots, r.today());
  if (account.state == AccountState::closed) back = {{}, hold.points};
  const auto* row = r.state.find<Account>({kExpired});
  DFB_CHECK(row);
  Account expired = *row;
  for (const auto& lot : back.got) add_lot(account.lots, lot);
  if (back.lapsed.value > 0) {
    DFB_TRY_VOID(move(account, expired, back.lapsed));
    r.state.put(std::move(expired));
    r.outcome.lapsed = back.lapsed;
  }
  r.state.put(std::move(account));
  r.outcome.got = std::move(back.got);
  return ok();
}

}  // namespace

Result<void> pay_from_hold(Ruling& r, HoldRow& hold, Account& resident, Account& shop, Points points,
                           const char* proof) {
  r.outcome.ate = take_held(hold.lots, points);
  hold.points.value -= points.value;
  resident.held.value -= points.value;
  DFB_TRY_VOID(move(resident, shop, points));
  put_sale(r, resident, shop, points, r.outcome.ate, proof);
  return ok();
}

void needs_own_device(Ruling& r, AccountId account) {
  r.verdict.refuse_if(r.by().use != KeyUse::device, Code::key_wrong_use, "this needs a phone of the account");
  r.verdict.refuse_if(r.by().account != account, Code::signer_not_allowed, "the phone is another account's");
}

Result<void> free_hold(Ruling& r, HoldRow hold, Account account) {
  account.held.value -= hold.points.value;
  if (hold.purpose == HoldPurpose::reserve)
    count(r.state, day_points_counter(kByQuote, hold.account, civil_day(hold.at_us)), -hold.points.value);
  if (hold.purpose == HoldPurpose::allowance) count(r.state, allowance_counter(hold.account), -1);
  if (hold.purpose == HoldPurpose::review) {
    free_review(r, hold);
    r.state.put(std::move(account));
  } else {
    DFB_TRY_VOID(give_lots_back(r, hold, std::move(account)));
  }
  hold.points = {};
  hold.lots.clear();
  hold.resolved = 1;
  r.state.put(std::move(hold));
  return ok();
}

Result<void> hold_for_review(Ruling& r, const Rule& rule, Account budget, const Account& resident,
                             std::string fact, std::vector<std::string> counters) {
  HoldRow hold;
  hold.id = r.command.payload.id;
  hold.seq = r.ledger.size;
  hold.purpose = HoldPurpose::review;
  hold.account = budget.id;
  hold.to = resident.id;
  hold.points = rule.points;
  hold.at_us = r.now_us;
  hold.expiry_months = rule.expiry_months;
  if (resident.level == Level::phone) hold.phone_points = rule.points;
  hold.fact = std::move(fact);
  hold.counters = std::move(counters);
  hold.recorder = r.by().account;
  budget.held.value += rule.points.value;
  r.state.put(std::move(hold));
  r.state.put(std::move(budget));
  r.outcome.policy = r.policy->version;
  r.outcome.held = rule.points;
  return ok();
}

Result<void> decide(Ruling& r, const Hold& h) {
  auto account = r.account(h.account, AccountKind::resident);
  needs_own_device(r, h.account);
  r.verdict.refuse_if(r.now_us < r.by().proves_from_us, Code::key_outside_dates,
                      "the phone was brought in by somebody else and waits for its first payment");
  r.needs_policy();
  if (h.purpose == HoldPurpose::reserve) {
    judge_reserve(r, h);
  } else {
    judge_allowance(r, h);
  }
  if (!account) return r.verdict.result();
  r.needs_open(*account);
  r.verdict.refuse_if(account->level != Level::verified, Code::level_too_low,
                      "only verified residents set points aside");
  judge_available(r, *account, h.points);
  DFB_TRY_VOID(r.verdict.result());
  HoldRow hold;
  hold.id = r.command.payload.id;
  hold.seq = r.ledger.size;
  hold.purpose = h.purpose;
  hold.account = h.account;
  hold.to = h.shop;
  hold.device = h.device;
  hold.points = h.points;
  if (h.purpose == HoldPurpose::allowance) hold.allowed = h.points;
  hold.lots = eat(account->lots, h.points, r.today());
  hold.at_us = r.now_us;
  hold.until_us = h.until_us;
  hold.cash_fen = h.cash_fen;
  account->held.value += h.points.value;
  if (h.purpose == HoldPurpose::reserve) {
    count(r.state, day_points_counter(kByQuote, h.account, r.today()), h.points.value);
  } else {
    count(r.state, allowance_counter(h.account), 1);
  }
  r.outcome.policy = r.policy->version;
  r.outcome.ate = hold.lots;
  r.outcome.held = h.points;
  r.state.put(std::move(hold));
  r.state.put(*std::move(account));
  return ok();
}

Result<void> decide(Ruling& r, const Resolve& resolve) {
  const auto* found = r.state.find<HoldRow>({resolve.hold});
  if (!found) {
    r.verdict.refuse(Code::hold_unknown, "there is no such hold");
    return r.verdict.result();
  }
  HoldRow hold = *found;
  r.verdict.refuse_if(hold.resolved != 0, Code::hold_resolved, "the hold was resolved already");
  if (!resolve.capture) return release_hold(r, resolve, std::move(hold));
  switch (hold.purpose) {
    case HoldPurpose::reserve:
      return capture_reserve(r, resolve, std::move(hold));
    case HoldPurpose::review:
      return capture_review(r, resolve, std::move(hold));
    case HoldPurpose::allowance:
      break;
  }
  r.verdict.refuse(Code::hold_wrong_purpose, "an allowance is spent by offline codes");
  return r.verdict.result();
}

}  // namespace dfb::book
