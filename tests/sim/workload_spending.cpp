// Sales, refunds, cancels and holds, aimed at limits.
#include <algorithm>

#include "ledger/crypto/hash.h"
#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

const PrivateKey& Workload::phone_of(const Person& person) {
  std::vector<const PrivateKey*> live;
  for (const auto* phone : person.phones)
    if (auto key = model_.world().keys.find(phone->public_key().id());
        key != model_.world().keys.end() && key->second.revoked < 0)
      live.push_back(phone);
  if (live.empty() || chance(3)) return *pick(person.phones);
  return *pick(live);
}

const test::Member& Workload::some_shop() {
  if (chance(8)) return stage_.closing_shop;
  return chance(80) ? stage_.town.shop : stage_.town.other_shop;
}

const PrivateKey& Workload::till_of(AccountId shop) const {
  for (const auto* member : {&stage_.town.shop, &stage_.town.other_shop})
    if (member->account == shop) return member->key;
  return stage_.closing_shop.key;
}

Amount Workload::some_points(AccountId resident) {
  const auto& limits = model_.policy_at(now_)->limits;
  DayOfSpending spent;
  const auto& spending = model_.world().spending;
  if (auto it = spending.find({resident, civil_day(now_)}); it != spending.end()) spent = it->second;
  const Amount available = model_.available(resident, now_);
  const std::vector<Amount> edges{available,
                                  available - limits.balance_min,
                                  limits.code_points,
                                  limits.code_points_day - spent.code_points,
                                  limits.quote_points_day - spent.quote_points,
                                  limits.quote_points,
                                  limits.offline_allowance};
  const Amount points = chance(45) ? pick(edges) + (chance(30) ? 1 : 0) : 1 + roll(25);
  return std::clamp<Amount>(points, 1, 1000);
}

Transfer Workload::redemption(const Person& who, const test::Member& shop) {
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = who.account, transfer.to = shop.account;
  transfer.points = {some_points(who.account)};
  transfer.goods = no_evidence();
  return transfer;
}

Workload::Line Workload::redeem_code() {
  const auto& who = anybody();
  const auto& shop = some_shop();
  auto transfer = redemption(who, shop);
  const auto& phone = phone_of(who);
  std::string text;
  if (!codes_.empty() && chance(10)) {
    text = pick(codes_);
    transfer.from = parse_pay_code(text).value().account;
  } else {
    PayCode code;
    code.account = who.account;
    const std::vector<std::int64_t> steps{-73, -72, -71, -1, 1, 2};
    code.step = static_cast<std::uint32_t>(now_ / kPayStepUs + (chance(15) ? pick(steps) : 0));
    code.limit = {transfer.points.value + (chance(8) ? -1 : chance(50) ? 0 : 20)};
    if (code.limit.value < 1) code.limit = {1};
    code.signature = sign_inner(phone, SignedKind::paycode, code.signed_part());
    text = code.text();
    codes_.push_back(text);
  }
  const KeyId device = phone.public_key().id();
  const auto& owner = *std::find_if(stage_.people.begin(), stage_.people.end(),
                                    [&](const Person& x) { return x.account == transfer.from; });
  transfer.proof =
      CodeProof{owner.account == who.account ? device : owner.phones[0]->public_key().id(), text};
  if (mix_.real_signatures) {
    // The proof must verify: find the phone that signed this code.
    const auto code = parse_pay_code(text).value();
    for (const auto* candidate : owner.phones)
      if (verify(code, candidate->public_key(), stage_.town.origin))
        transfer.proof = CodeProof{candidate->public_key().id(), text};
  }
  return sign(transfer, {&shop.key});
}

Workload::Line Workload::redeem_quote() {
  const auto& who = anybody();
  const auto& shop = some_shop();
  auto transfer = redemption(who, shop);
  const auto& phone = phone_of(who);
  transfer.cash_fen = roll(3);
  TimeUs expires = now_ + 2 * kMinuteUs;
  if (chance(6)) expires = now_ + roll(3) - 1;
  if (chance(4)) expires = now_ + kRedeemWindowUs + roll(2);
  transfer.proof = QuoteProof{phone.public_key().id(), expires, std::string(64, '\0')};
  Payload payload{next_id(), shop.key.public_key().id(), now_ + 5 * kMinuteUs, transfer, {}};
  transfer.proof =
      QuoteProof{phone.public_key().id(), expires, sign_inner(phone, SignedKind::quote, quote_line(payload))};
  payload.body = transfer;
  return sign(payload, {&shop.key});
}

test::SignedLine Workload::confirmed(Transfer transfer, const PrivateKey& phone) {
  const auto& till = till_of(transfer.to);
  const KeyId device = phone.public_key().id();
  const TimeUs expires = now_ + kMinuteUs;
  transfer.proof = QuoteProof{device, expires, std::string(64, '\0')};
  Payload payload{next_id(), till.public_key().id(), now_ + 5 * kMinuteUs, transfer, {}};
  transfer.proof = QuoteProof{device, expires, sign_inner(phone, SignedKind::quote, quote_line(payload))};
  payload.body = transfer;
  return sign(payload, {&till});
}

Workload::Line Workload::refund() {
  const auto& sales = model_.world().sales;
  if (sales.empty()) return {};
  const auto& [id, sale] = *pick_entry(sales);
  Transfer transfer;
  transfer.kind = TransferKind::refund;
  transfer.from = chance(92) ? sale.shop : some_shop().account;
  transfer.to = chance(95) ? sale.resident : anybody().account;
  transfer.sale = id;
  if (chance(3)) transfer.sale = pick(sent_).id;
  transfer.points = {chance(40) ? sale.left : 1 + roll(std::max<Amount>(sale.left, 1))};
  if (chance(8)) ++transfer.points.value;
  if (transfer.points.value < 1) transfer.points.value = 1;
  return sign(transfer, {&till_of(transfer.from)});
}

Workload::Line Workload::cancel() {
  Cancel cancel;
  const auto& world = model_.world();
  const PrivateKey* key = &some_shop().key;
  if (chance(12)) {
    cancel.target = make_uuid(now_, ids_);
    if (chance(60)) future_ids_.push_back(cancel.target);
  } else if (!delayed_.empty() && chance(30)) {
    cancel.target = delayed_.back().id;
  } else if (!world.holds.empty() && chance(30)) {
    const auto& [id, hold] = *pick_entry(world.holds);
    cancel.target = id;
    const auto owner = std::find_if(stage_.people.begin(), stage_.people.end(),
                                    [&owner_account = hold.owner](const Person& x) { return x.account == owner_account; });
    if (owner != stage_.people.end() && chance(95)) key = &phone_of(*owner);
  } else if (!world.sales.empty() && chance(85)) {
    const auto& [id, sale] = *pick_entry(world.sales);
    cancel.target = id;
    if (chance(92)) key = &till_of(sale.shop);
  } else if (!sent_.empty()) {
    cancel.target = pick(sent_).id;
  } else {
    return {};
  }
  return sign(cancel, {key});
}

Workload::Line Workload::reserve() {
  const auto& who = anybody();
  Hold hold;
  hold.purpose = HoldPurpose::reserve;
  hold.account = who.account;
  hold.points = {some_points(who.account)};
  hold.shop = some_shop().account;
  hold.goods = no_evidence();
  const auto longest = model_.policy_at(now_)->limits.reserve_hours * kHourUs;
  hold.until_us = now_ + (chance(30) ? longest : 1 + roll(longest));
  return sign(hold, {&phone_of(who)});
}

Workload::Line Workload::allowance() {
  const auto& who = anybody();
  const auto& phone = phone_of(who);
  Hold hold;
  hold.purpose = HoldPurpose::allowance;
  hold.account = who.account;
  hold.points = {some_points(who.account)};
  const auto& limits = model_.policy_at(now_)->limits;
  if (chance(70)) hold.points.value = std::min(hold.points.value, limits.offline_allowance);
  hold.device = phone.public_key().id();
  hold.until_us =
      now_ + (chance(30) ? limits.offline_hours * kHourUs : 1 + roll(limits.offline_hours * kHourUs));
  return sign(hold, {&phone});
}

Workload::Line Workload::resolve() {
  const auto& world = model_.world();
  if (world.holds.empty()) return {};
  auto it = pick_entry(world.holds);
  if (it->second.resolved && chance(70)) it = pick_entry(world.holds);
  const auto& [id, hold] = *it;
  Resolve resolve;
  resolve.hold = id;
  if (chance(2)) resolve.hold = make_uuid(now_, ids_);
  resolve.capture = chance(60);
  const PrivateKey* key = nullptr;
  const auto owner = std::find_if(stage_.people.begin(), stage_.people.end(),
                                  [&owner_account = hold.owner](const Person& x) { return x.account == owner_account; });
  switch (hold.kind) {
    case HoldKind::reserve:
      key = &till_of(hold.shop);
      if (!resolve.capture && chance(50)) key = chance(50) ? &server() : &phone_of(*owner);
      break;
    case HoldKind::allowance:
      resolve.capture = chance(3);
      key = &server();
      break;
    case HoldKind::review:
      key = chance(97) ? &stage_.reviewer.key : &stage_.officer_b.key;
      break;
  }
  resolve.to = hold.owner;
  if (resolve.capture) {
    resolve.to = hold.kind == HoldKind::reserve ? hold.shop : hold.resident;
    resolve.points = {chance(60) ? hold.points : 1 + roll(std::max<Amount>(hold.points, 1))};
    if (chance(3)) ++resolve.points.value;
    if (resolve.points.value < 1) resolve.points.value = 1;
  }
  if (hold.kind == HoldKind::allowance && resolve.capture) resolve.to = stage_.town.shop.account;
  return sign(resolve, {key});
}

Workload::Line Workload::redeem_offline() {
  const auto& world = model_.world();
  std::vector<std::pair<Uuid, Reserved>> allowances;
  for (const auto& [id, hold] : world.holds)
    if (hold.kind == HoldKind::allowance && (!hold.resolved || chance(10))) allowances.push_back({id, hold});
  if (allowances.empty()) return allowance();
  const auto& [id, hold] = pick(allowances);
  const auto& shop = some_shop();
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = hold.owner, transfer.to = shop.account;
  transfer.goods = no_evidence();
  const PrivateKey* phone = stage_.keys.at(hold.device);
  OfflineProof proof;
  proof.device = hold.device, proof.allowance = id;
  proof.counter = 1 + roll(6);
  transfer.points = {chance(20) ? std::max<Amount>(hold.points, 1) : 1 + roll(8)};
  if (chance(5)) transfer.points.value = hold.points + 1;
  if (chance(5)) transfer.points.value = hold.allowed + 1 + roll(5);
  const TimeUs latest = std::min(now_, hold.until - 1);
  proof.at_us = std::max(hold.at, latest - roll(3) * kHourUs) / kPayStepUs * kPayStepUs;
  if (chance(5)) proof.at_us = (hold.at - roll(3) * kHourUs) / kPayStepUs * kPayStepUs - kPayStepUs;
  if (chance(4)) proof.at_us = (now_ / kPayStepUs + 1 + roll(2)) * kPayStepUs;
  if (chance(6)) {
    const PrivateKey& other = phone_of(anybody());
    if (model_.world().keys.contains(other.public_key().id())) phone = &other;
    proof.device = phone->public_key().id();
  }
  const PrivateKey* till = &shop.key;
  if (!offline_proofs_.empty() && chance(15)) {
    const auto index = static_cast<std::size_t>(roll(std::int64_t(offline_proofs_.size())));
    proof = offline_proofs_[index];
    transfer.points = {offline_of_[index].first};
    transfer.to = offline_of_[index].second;
    phone = stage_.keys.at(proof.device);
    till = &till_of(transfer.to);
    if (auto it = world.holds.find(proof.allowance); it != world.holds.end())
      transfer.from = it->second.owner;
  } else {
    offline_proofs_.push_back(proof);
    offline_of_.push_back({transfer.points.value, transfer.to});
  }
  proof.signature = std::string(64, '\0');
  if (mix_.real_signatures)
    proof.signature = sign_inner(*phone, SignedKind::offline, offline_part(transfer, proof));
  transfer.proof = proof;
  return sign(transfer, {till});
}

}  // namespace dfb::sim
