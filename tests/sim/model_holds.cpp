// Holds and what becomes of them: docs/formats.md#hold-resolve.
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

void Model::judge_hold(Case& c, const Hold& hold) {
  phone(c, c.by(), hold.account);
  if (c.no.upper_bound(Code::chain_broken) == c.no.end()) c.burner = c.by();
  Purse* resident = purse(c, hold.account, {AccountKind::resident});
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  if (resident != nullptr) {
    c.refuse_if(resident->state == AccountState::closed, Code::account_closed);
    c.refuse_if(resident->state == AccountState::frozen, Code::account_frozen);
    c.refuse_if(resident->level != Level::verified, Code::level_too_low);
  }
  c.refuse_if(hold.until_us <= c.now, Code::hold_expired);
  if (hold.purpose == HoldPurpose::reserve)
    judge_reserve(c, hold);
  else
    judge_allowance(c, hold);
  if (c.policy == nullptr || resident == nullptr) return;
  judge_balance(c, hold.account, hold.points.value);
  if (!c.fine()) return;
  Reserved reserved;
  const bool reserve = hold.purpose == HoldPurpose::reserve;
  reserved.kind = reserve ? HoldKind::reserve : HoldKind::allowance;
  reserved.seq = c.seq, reserved.owner = hold.account, reserved.shop = hold.shop;
  reserved.device = hold.device, reserved.at = c.now, reserved.until = hold.until_us;
  reserved.points = reserved.allowed = hold.points.value;
  reserved.pieces = eat(hold.account, hold.points.value, c.today);
  resident->held += hold.points.value;
  if (reserve) world_.spending[{hold.account, c.today}].quote_points += hold.points.value;
  c.out.policy = c.policy->version;
  c.out.ate = as_lots(reserved.pieces);
  c.out.held = hold.points;
  world_.holds[c.id()] = std::move(reserved);
}

void Model::judge_reserve(Case& c, const Hold& hold) {
  if (Purse* shop = purse(c, hold.shop, {AccountKind::shop}); shop != nullptr) {
    c.refuse_if(shop->state == AccountState::closed, Code::account_closed);
    c.refuse_if(shop->state == AccountState::frozen, Code::account_frozen);
  }
  if (c.policy == nullptr) return;
  c.refuse_if(hold.until_us > c.now + c.policy->limits.reserve_hours * kHourUs, Code::code_not_valid_now);
  judge_confirmed_amount(c, hold.account, hold.points.value);
}

void Model::judge_allowance(Case& c, const Hold& hold) {
  c.refuse_if(hold.device != c.by(), Code::signer_not_allowed);
  if (auto it = world_.accounts.find(hold.account); it != world_.accounts.end())
    c.refuse_if(!it->second.offline_right, Code::offline_right_lost);
  for (const auto& [id, other] : world_.holds)
    c.refuse_if(other.kind == HoldKind::allowance && other.owner == hold.account && !other.resolved,
                Code::allowance_exists);
  if (c.policy == nullptr) return;
  c.refuse_if(hold.until_us > c.now + c.policy->limits.offline_hours * kHourUs, Code::code_not_valid_now);
  c.refuse_if(hold.points.value > c.policy->limits.offline_allowance, Code::limit_per_sale);
}

void Model::judge_resolve(Case& c, const Resolve& resolve) {
  auto it = world_.holds.find(resolve.hold);
  if (it == world_.holds.end()) {
    signer(c, c.by(), {KeyUse::till, KeyUse::device, KeyUse::server});
    c.no.insert(Code::hold_unknown);
    return;
  }
  Reserved& hold = it->second;
  c.refuse_if(hold.resolved, Code::hold_resolved);
  if (!resolve.capture) {
    c.refuse_if(resolve.to != hold.owner, Code::account_wrong_kind);
    c.refuse_if(resolve.points.value != 0, Code::amount_wrong);
  }
  if (hold.kind == HoldKind::reserve) return resolve_reserve(c, resolve, hold);
  if (hold.kind == HoldKind::allowance) return resolve_allowance(c, resolve, hold);
  resolve_review(c, resolve, hold);
}

// Everything that is still set aside goes back: to lots, or to a budget.
void Model::release(Case& c, Reserved& hold) {
  world_.accounts.at(hold.owner).held -= hold.points;
  if (hold.kind == HoldKind::reserve)
    world_.spending[{hold.owner, civil_day(hold.at)}].quote_points -= hold.points;
  put_back(c, hold.owner, hold.owner, hold.pieces, false);
  hold.pieces.clear();
  hold.points = 0;
  hold.resolved = true;
}

void Model::resolve_reserve(Case& c, const Resolve& resolve, Reserved& hold) {
  if (resolve.capture) {
    till(c, hold.shop);
    c.refuse_if(world_.accounts.at(hold.shop).state == AccountState::closed, Code::account_closed);
    c.refuse_if(resolve.to != hold.shop, Code::account_wrong_kind);
    c.refuse_if(c.now >= hold.until, Code::hold_expired);
    c.refuse_if(resolve.points.value > hold.points, Code::amount_too_large);
    if (!c.fine()) return;
    auto ate = take_from_front(hold.pieces, resolve.points.value);
    hold.points -= resolve.points.value;
    world_.accounts.at(hold.owner).held -= resolve.points.value;
    move(hold.owner, hold.shop, resolve.points.value);
    Transfer sale;
    sale.from = hold.owner, sale.to = hold.shop, sale.points = resolve.points;
    enter_sale(c, sale, ate, SaleKind::capture);
    release(c, hold);
    return;
  }
  if (const Key* key = signer(c, c.by(), {KeyUse::till, KeyUse::device, KeyUse::server}); key != nullptr) {
    if (key->use == KeyUse::server)
      c.refuse_if(c.now < hold.until, Code::not_yet_expired);
    else
      c.refuse_if(key->account != (key->use == KeyUse::till ? hold.shop : hold.owner),
                  Code::signer_not_allowed);
  }
  if (c.fine()) release(c, hold);
}

void Model::resolve_allowance(Case& c, const Resolve& resolve, Reserved& hold) {
  c.refuse_if(resolve.capture, Code::hold_wrong_purpose);
  signer(c, c.by(), {KeyUse::server});
  if (!resolve.capture && c.policy != nullptr)
    c.refuse_if(c.now < hold.until + c.policy->limits.offline_upload_days * kDayUs, Code::not_yet_expired);
  if (c.fine()) release(c, hold);
}

void Model::resolve_review(Case& c, const Resolve& resolve, Reserved& hold) {
  person(c, {Role::reviewer}, world_.accounts.at(hold.resident).scope);
  not_for_oneself(c, hold.resident);
  if (resolve.capture) {
    no_reciprocity(c, hold.resident);
    // Whoever recorded it for them does not also approve it.
    const auto by = world_.keys.find(c.by());
    if (by != world_.keys.end() && hold.recorder != hold.resident) {
      if (by->second.account == hold.recorder)
        c.no.insert(Code::approver_same_person);
      else
        c.refuse_if(one_home(c, by->second.account, hold.recorder), Code::approver_same_household);
    }
    c.refuse_if(resolve.to != hold.resident, Code::account_wrong_kind);
    c.refuse_if(resolve.points.value > hold.points, Code::amount_too_large);
  }
  if (!c.fine()) return;
  world_.accounts.at(hold.owner).held -= hold.points;
  hold.points = 0;
  hold.resolved = true;
  if (resolve.capture) {
    pay(c, hold.owner, hold.resident, hold.expiry_months, resolve.points.value);
    c.out.budget = hold.owner;
    remember_approval(c, hold.resident);
    return;
  }
  world_.facts.erase(hold.fact);
  for (const auto& cap : hold.caps) --world_.caps[cap];
  world_.accounts.at(hold.resident).earned_as_phone -= hold.as_phone;
}

}  // namespace dfb::sim
