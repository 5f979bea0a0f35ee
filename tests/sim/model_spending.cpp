// Redemptions: docs/formats.md#transfer, #limits, #pay-code, #quote, #offline-code.
#include <algorithm>

#include "ledger/book/codes.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

// The phone that proves a redemption or makes a hold: of this account, in force, and past its waiting time.
const Key* Model::phone(Case& c, const KeyId& id, AccountId account) const {
  const Key* key = signer(c, id, {KeyUse::device});
  if (key == nullptr) return nullptr;
  c.refuse_if(c.now < key->proves_from, Code::key_outside_dates);
  c.refuse_if(key->account != account, Code::signer_not_allowed);
  return key;
}

void Model::judge_redeem(Case& c, const Transfer& t) {
  till(c, t.to);
  const bool good_till = c.no.upper_bound(Code::chain_broken) == c.no.end();
  if (good_till) c.burner = c.by();
  if (const auto* proof = std::get_if<OfflineProof>(&t.proof)) return judge_offline(c, t, *proof);

  Purse* resident = purse(c, t.from, {AccountKind::resident});
  Purse* shop = purse(c, t.to, {AccountKind::shop});
  for (const Purse* side : {resident, shop}) {
    if (side == nullptr) continue;
    c.refuse_if(side->state == AccountState::closed, Code::account_closed);
    c.refuse_if(side->state == AccountState::frozen, Code::account_frozen);
  }
  if (resident != nullptr) c.refuse_if(resident->level != Level::verified, Code::level_too_low);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  if (const auto* card = std::get_if<CardProof>(&t.proof))
    judge_card_proof(c, t, *card);
  else if (const auto* code = std::get_if<CodeProof>(&t.proof))
    phone(c, code->device, t.from);
  else
    phone(c, std::get<QuoteProof>(t.proof).device, t.from);
  // What a phone out of standing has proven needs no burning.
  if (c.no.lower_bound(Code::key_not_enrolled) != c.no.lower_bound(Code::account_unknown)) c.burner.reset();
  if (c.policy == nullptr) return;
  if (const auto* code = std::get_if<CodeProof>(&t.proof)) judge_code(c, t, *code);
  if (const auto* quote = std::get_if<QuoteProof>(&t.proof)) judge_quote(c, *quote);
  if (resident == nullptr || shop == nullptr) return;
  if (std::holds_alternative<QuoteProof>(t.proof)) judge_confirmed_amount(c, t.from, t.points.value);
  if (std::holds_alternative<CardProof>(t.proof)) judge_card_amount(c, t.from, t.points.value);
  judge_balance(c, t.from, t.points.value);
  if (!c.fine()) return;
  c.out.policy = c.policy->version;
  auto ate = eat(t.from, t.points.value, c.today);
  move(t.from, t.to, t.points.value);
  enter_sale(c, t, ate, count_sale(t, c.today));
}

// What the sale takes from the day's limits of its proof.
SaleKind Model::count_sale(const Transfer& t, Day today) {
  auto& spending = world_.spending[{t.from, today}];
  if (const auto* code = std::get_if<CodeProof>(&t.proof)) {
    world_.keys.at(code->device).last_step = parse_pay_code(code->code).value().step;
    spending.code_points += t.points.value;
    ++spending.code_count;
    return SaleKind::code;
  }
  if (std::holds_alternative<CardProof>(t.proof)) {
    spending.card_points += t.points.value;
    ++spending.card_count;
    return SaleKind::card;
  }
  spending.quote_points += t.points.value;
  return SaleKind::quote;
}

void Model::enter_sale(Case& c, const Transfer& t, Pieces ate, SaleKind kind) {
  c.out.ate = as_lots(ate);
  Sale sale;
  sale.seq = c.seq, sale.at = c.now, sale.resident = t.from, sale.shop = t.to;
  sale.points = sale.left = t.points.value;
  sale.ate = std::move(ate), sale.kind = kind;
  world_.sales[c.id()] = std::move(sale);
  world_.sold[{t.to, c.today}] += t.points.value;
}

void Model::judge_code(Case& c, const Transfer& t, const CodeProof& proof) {
  auto code = parse_pay_code(proof.code).value();
  const TimeUs start = static_cast<TimeUs>(code.step) * kPayStepUs;
  c.refuse_if(c.now >= start + kRedeemWindowUs || c.now < start - kPayStepUs, Code::code_not_valid_now);
  if (auto key = world_.keys.find(proof.device); key != world_.keys.end())
    c.refuse_if(code.step <= key->second.last_step, Code::code_used);
  c.refuse_if(t.points.value > code.limit.value, Code::code_limit_exceeded);
  const auto& limits = c.policy->limits;
  DayOfSpending spent;
  if (auto it = world_.spending.find({t.from, c.today}); it != world_.spending.end()) spent = it->second;
  c.refuse_if(t.points.value > limits.code_points, Code::limit_per_sale);
  c.refuse_if(spent.code_points + t.points.value > limits.code_points_day, Code::limit_per_day);
  c.refuse_if(spent.code_count + 1 > limits.code_count_day, Code::limit_count_per_day);
}

void Model::judge_quote(Case& c, const QuoteProof& proof) const {
  c.refuse_if(proof.expires_us > c.now + kRedeemWindowUs, Code::code_not_valid_now);
  c.refuse_if(c.now >= proof.expires_us, Code::quote_expired);
}

void Model::judge_confirmed_amount(Case& c, AccountId resident, Amount points) {
  Amount spent = 0;
  if (auto it = world_.spending.find({resident, c.today}); it != world_.spending.end())
    spent = it->second.quote_points;
  c.refuse_if(points > c.policy->limits.quote_points, Code::limit_per_sale);
  c.refuse_if(spent + points > c.policy->limits.quote_points_day, Code::limit_per_day);
}

void Model::judge_balance(Case& c, AccountId resident, Amount points) {
  const Amount left = available(resident, c.now) - points;
  c.refuse_if(left < 0, Code::insufficient_points);
  c.refuse_if(left >= 0 && left < c.policy->limits.balance_min, Code::balance_minimum);
}

void Model::judge_offline(Case& c, const Transfer& t, const OfflineProof& proof) {
  purse(c, t.from, {AccountKind::resident});
  Purse* shop = purse(c, t.to, {AccountKind::shop});
  if (shop != nullptr) c.refuse_if(shop->state == AccountState::closed, Code::account_closed);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  auto it = world_.holds.find(proof.allowance);
  if (it == world_.holds.end() || it->second.kind != HoldKind::allowance || it->second.owner != t.from ||
      it->second.device != proof.device) {
    c.no.insert(Code::allowance_unknown);
    return;
  }
  Reserved& hold = it->second;
  c.refuse_if(hold.resolved, Code::hold_resolved);
  c.refuse_if(proof.at_us > c.now + kPayStepUs || proof.at_us >= hold.until, Code::hold_expired);
  const std::string body = to_string(t.to) + " " + std::to_string(t.points.value) + " " +
                           std::to_string(proof.at_us) + " " + to_string(t.from);
  auto& bodies = hold.bodies[proof.counter];
  const bool same = bodies.contains(body);
  const Key& phone = world_.keys.at(proof.device);
  const bool revoked = phone.revoked >= 0 && phone.revoked <= proof.at_us;
  const bool nothing_else = c.fine();  // only then is the phone at fault
  c.refuse_if(revoked, Code::key_revoked);
  // After its release nobody is at fault any more.
  c.refuse_if(!hold.resolved && !bodies.empty(), Code::counter_used);
  c.refuse_if(!same && !hold.resolved && t.points.value > hold.points, Code::allowance_spent);
  if (!c.fine()) {
    c.convicts = true;
    if (same || hold.resolved || !nothing_else) c.burner.reset();
    if (!burns(c, *c.no.begin())) return;
    bodies.insert(body);
    world_.accounts.at(t.from).offline_right = false;
    Amount& by_till = hold.sold[c.by()];
    const Amount loss = std::min(t.points.value, std::max<Amount>(0, hold.allowed - by_till));
    by_till += loss;
    world_.convictions[c.id()] = {t.to, loss};
    return;
  }
  bodies.insert(body);
  hold.sold[c.by()] += t.points.value;
  hold.points -= t.points.value;
  world_.accounts.at(t.from).held -= t.points.value;
  c.out.policy = c.policy->version;
  auto ate = take_from_front(hold.pieces, t.points.value);
  move(t.from, t.to, t.points.value);
  enter_sale(c, t, ate, SaleKind::offline);
}

}  // namespace dfb::sim
