// Facts, awards and the town's own transfers.
#include <algorithm>

#include "ledger/crypto/hash.h"
#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

Workload::Line Workload::record() {
  struct Kind {
    const char *kind, *subject, *rule, *task;
    Unique unique;
    RuleProof proof;
  };
  static const std::vector<Kind> kinds{
      {"checkin", "patrol-evening", "patrol", "", Unique::day, RuleProof::site},
      {"checkin", "visit", "visit", "", Unique::day, RuleProof::officer},
      {"report", "case", "report", "", Unique::once, RuleProof::none},
      {"report", "case", "report", "report-reviewed", Unique::once, RuleProof::none},
      {"attendance", "sunday", "clean", "", Unique::once, RuleProof::none},
      {"opinion", "park", "opinion", "", Unique::month, RuleProof::none},
      {"vote", "street", "vote", "", Unique::once, RuleProof::none},
      {"adoption", "tree", "adoption", "", Unique::once, RuleProof::officer}};
  auto kind = pick(kinds);
  if (!mix_.later && (kind.rule == std::string("clean") || *kind.task != 0)) kind = kinds[2];
  const auto& who = anybody();
  Record record;
  record.kind = kind.kind, record.subject = kind.subject, record.rule = kind.rule, record.task = kind.task;
  if (kind.unique == Unique::once) record.subject += "-" + std::to_string(roll(12));
  record.account = who.account;
  record.period =
      period_at(kind.unique, chance(96) ? now_ : now_ - (kind.unique == Unique::month ? 31 : 1) * kDayUs);
  if (chance(2)) record.task = "picnic";
  if (chance(2)) record.rule = "picnic";
  if (kind.proof == RuleProof::site && chance(97)) {
    SiteCode code;
    code.key = stage_.town.site.public_key().id();
    const std::vector<std::int64_t> steps{-3, -2, -1, 1};
    code.step = static_cast<std::uint32_t>(now_ / kSiteStepUs + (chance(20) ? pick(steps) : 0));
    code.signature = sign_inner(stage_.town.site, SignedKind::site, code.signed_part());
    record.site = code.text();
  }
  const PrivateKey* key = &phone_of(who);
  if (kind.proof == RuleProof::officer || chance(15))
    key = chance(50) ? &stage_.town.officer.key : chance(50) ? &stage_.officer_b.key : &stage_.reviewer.key;
  return sign(record, {key});
}

// A fact that waits for its review, stated by the person or by another.
test::SignedLine Workload::attendance(const Person& who, const PrivateKey* by) {
  Record record;
  record.kind = "attendance", record.subject = "sunday-" + std::to_string(roll(1000)), record.rule = "clean";
  record.account = who.account, record.period = period_at(Unique::once, now_);
  return sign(record, {by != nullptr ? by : &phone_of(who)});
}

Workload::Line Workload::award() {
  const auto& limits = model_.policy_at(now_)->limits;
  AccountId who = anybody().account;
  if (chance(8)) who = stage_.town.officer.account;
  Transfer transfer;
  transfer.kind = TransferKind::award;
  transfer.from = chance(75) ? stage_.town.budget : stage_.small_budget;
  transfer.to = who;
  transfer.rule = chance(70) ? "help" : "thanks";
  if (chance(3)) transfer.rule = chance(60) ? "patrol" : "picnic";
  const Amount large = std::min<Amount>(limits.large_award_points, 100);
  const std::vector<Amount> edges{large - 1, large, 100, 15,
                                  limits.balance_max - model_.world().accounts.at(who).balance};
  transfer.points = {std::max<Amount>(1, chance(50) ? pick(edges) + (chance(15) ? 1 : 0) : 1 + roll(40))};
  const auto *a = &stage_.town.officer.key, *b = &stage_.officer_b.key;
  if (chance(40)) std::swap(a, b);
  if (transfer.points.value >= limits.large_award_points && chance(85)) return sign(transfer, {a, b});
  return sign(transfer, {a});
}

Workload::Line Workload::mint() {
  Transfer transfer;
  transfer.kind = TransferKind::mint;
  transfer.from = kIssuance, transfer.to = stage_.small_budget;
  transfer.points = {1 + roll(60)};
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  if (chance(10)) return sign(transfer, {a});
  Payload payload{next_id(), {}, now_ + 7 * kDayUs + (chance(10) ? 1 : 0), transfer, {}};
  return sign(payload, {a, b});
}

Workload::Line Workload::give_back() {
  Transfer transfer;
  transfer.kind = TransferKind::return_;
  transfer.from = stage_.small_budget, transfer.to = kIssuance;
  const auto& budget = model_.world().accounts.at(stage_.small_budget);
  transfer.points = {std::max<Amount>(1, chance(30) ? budget.balance - budget.held + roll(2) : 1 + roll(20))};
  return sign(transfer, {&stage_.town.admin_b.key, &stage_.town.admin_a.key});
}

Workload::Line Workload::expire() {
  const auto& who = chance(90) ? anybody().account : stage_.town.officer.account;
  const auto& lots = model_.world().accounts.at(who).lots;
  if (lots.empty()) return {};
  const Day day = chance(70) ? lots.begin()->first.first : pick_entry(lots)->first.first;
  Amount sum = 0;
  for (const auto& [lot, points] : lots)
    if (lot.first == day) sum += points;
  Transfer transfer;
  transfer.kind = TransferKind::expire;
  transfer.from = who, transfer.to = kExpired;
  transfer.day = day;
  transfer.points = {sum + (chance(5) ? 1 : 0)};
  return sign(transfer, {&server()});
}

Workload::Line Workload::settle() {
  const auto& shop = some_shop();
  const auto& world = model_.world();
  const auto& limits = model_.policy_at(now_)->limits;
  Amount recent = 0;
  const Day since = civil_day(now_ - limits.dispute_hours * kHourUs);
  for (const auto& [key, points] : world.sold)
    if (key.first == shop.account && key.second >= since) recent += points;
  const Amount most = world.accounts.at(shop.account).balance - recent;
  Transfer transfer;
  transfer.kind = TransferKind::settle;
  transfer.from = shop.account, transfer.to = kSettled;
  transfer.points = {std::max<Amount>(1, chance(50) ? most : most - roll(20) + 2)};
  transfer.statement = no_evidence();
  transfer.fen = transfer.points.value * limits.fen_per_point + (chance(5) ? 1 : 0);
  transfer.count = roll(100);
  transfer.through = world.size - 1 + (chance(5) ? 1 : 0) - roll(3);
  return sign(transfer, {&stage_.town.admin_a.key, &stage_.town.admin_b.key});
}

test::SignedLine Workload::payout(AccountId shop, Amount points) {
  Transfer settle;
  settle.kind = TransferKind::settle, settle.from = shop, settle.to = kSettled;
  settle.points = {points}, settle.fen = points * model_.policy_at(now_)->limits.fen_per_point;
  settle.statement = no_evidence(), settle.count = 1, settle.through = model_.world().size - 1;
  return sign(settle, {&stage_.town.admin_b.key, &stage_.town.admin_a.key});
}

// A shop's last days: it sells, is paid what it is owed, is closed, and its till goes on as if it were not.
Workload::Line Workload::closing() {
  const auto& shop = stage_.closing_shop;
  const auto& world = model_.world();
  const auto& purse = world.accounts.at(shop.account);
  std::vector<Uuid> sales;
  for (const auto& [id, sale] : world.sales)
    if (sale.shop == shop.account && sale.left > 0) sales.push_back(id);
  if (purse.state == AccountState::closed) {
    if (chance(20)) return sign(Cancel{make_uuid(now_, ids_)}, {&shop.key});
    if (sales.empty()) return {};
    const auto& sale = world.sales.at(pick(sales));
    if (chance(50)) return sign(Cancel{pick(sales)}, {&shop.key});
    Transfer refund;
    refund.kind = TransferKind::refund, refund.from = shop.account, refund.to = sale.resident;
    refund.sale = pick(sales), refund.points = {1};
    return sign(refund, {&shop.key});
  }
  if (purse.balance == 0 && !sales.empty())
    return sign(SetState{shop.account, AccountState::closed, "moved"}, {&stage_.town.admin_a.key});
  if (purse.balance <= 0) {
    const auto& who = anybody();
    auto transfer = redemption(who, shop);
    transfer.points = {1 + roll(5)};
    return confirmed(transfer, phone_of(who));
  }
  const auto& limits = model_.policy_at(now_)->limits;
  Amount recent = 0;
  for (const auto& [key, points] : world.sold)
    if (key.first == shop.account && key.second >= civil_day(now_ - limits.dispute_hours * kHourUs))
      recent += points;
  if (recent > 0) {
    now_ = std::max(now_, day_start_us(civil_day(now_) + 1));
    return {};
  }
  return payout(shop.account, purse.balance);
}

Workload::Line Workload::fund() {
  Transfer transfer;
  transfer.kind = TransferKind::fund;
  transfer.from = chance(50) ? stage_.small_budget : stage_.town.budget, transfer.to = kOfflineLoss;
  transfer.points = {1 + roll(30)};
  return sign(transfer, {&stage_.town.admin_a.key, &stage_.town.admin_b.key});
}

Workload::Line Workload::cover() {
  const auto& world = model_.world();
  Transfer transfer;
  transfer.kind = TransferKind::cover;
  transfer.from = kOfflineLoss, transfer.to = some_shop().account;
  transfer.points = {1 + roll(10)};
  if (!world.convictions.empty() && chance(90)) {
    const auto& [id, conviction] = *pick_entry(world.convictions);
    transfer.sale = id;
    if (chance(90)) transfer.to = conviction.shop;
    transfer.points = {chance(80) ? 1 + roll(std::max<Amount>(conviction.left, 1))
                                  : std::max<Amount>(conviction.left, 1) + (chance(15) ? 1 : 0)};
  } else if (!world.sales.empty()) {
    transfer.sale = pick_entry(world.sales)->first;
  } else {
    return {};
  }
  return sign(transfer, {&stage_.town.admin_a.key});
}

Workload::Line Workload::reverse() {
  const auto& world = model_.world();
  if (world.paid.empty()) return {};
  Reverse reverse;
  auto paid = pick_entry(world.paid);
  reverse.entry = paid->first;
  if (chance(4)) reverse.entry = roll(world.size + 2);
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  const bool large = paid->second.points >= model_.policy_at(now_)->limits.large_reversal_points;
  if (large && chance(90)) return sign(reverse, {a, b});
  return sign(reverse, {a});
}

Workload::Line Workload::publish() {
  const auto& policies = model_.world().policies;
  Policy policy = policies.rbegin()->second.policy;
  ++policy.version;
  if (chance(4)) ++policy.version;
  policy.from_us = now_ + (chance(50) ? 0 : roll(3) * kHourUs);
  auto& limits = policy.limits;
  auto vary = [&](std::int64_t& limit, std::int64_t lowest) {
    if (chance(25)) limit = std::max(lowest, limit + roll(21) - 10);
  };
  vary(limits.code_points, 5), vary(limits.code_points_day, 5), vary(limits.quote_points, 5);
  vary(limits.quote_points_day, 5), vary(limits.card_points, 5), vary(limits.card_points_day, 5);
  vary(limits.balance_max, 50), vary(limits.balance_min, 0);
  vary(limits.refund_grace_days, 0), vary(limits.shop_floor, 0), vary(limits.cancel_hours, 1);
  if (chance(20)) limits.refund_days = 1 + roll(6);
  if (chance(20)) limits.burns_hour = 1 + roll(8);
  for (auto& rule : policy.rules) {
    if (chance(15)) rule.expiry_months = static_cast<int>(1 + roll(3));
    if (chance(15) && !rule.caps.empty()) rule.caps.pop_back();
    if (chance(10))
      rule.caps.push_back({static_cast<CapOf>(roll(4)), static_cast<CapPer>(roll(4)), 1 + roll(9)});
    if (chance(10) && rule.kind != "award") rule.points.value = 5 + roll(30);
  }
  return sign(PublishPolicy{policy}, {&stage_.town.admin_a.key, &stage_.town.admin_b.key});
}

Workload::Line Workload::task() {
  Task task = pick_entry(model_.world().tasks)->second;
  if (chance(30)) task.closes_us = now_ + 1 + roll(3) * kDayUs;
  if (chance(40)) task.closes_us = now_ + 400 * kDayUs;
  if (chance(20)) task.scope = chance(50) ? "/lijing/03" : "/lijing";
  if (chance(20)) task.budget = task.scope == "/lijing/03" ? stage_.small_budget : stage_.town.budget;
  if (chance(8)) task.task = chance(50) ? "thanks" : "patrol";
  if (chance(30) && mix_.later) task.review = chance(50) ? Review::all : Review::none;
  return sign(PublishTask{task}, {chance(80) ? &stage_.town.officer.key : &stage_.officer_b.key});
}

Workload::Line Workload::clock() {
  ConfirmClock clock{now_};
  if (chance(5)) clock.confirm_us += 15 * kMinuteUs + roll(2);
  Payload payload{next_id(), {}, now_ + 5 * kMinuteUs, clock, {}};
  return sign(payload, {&stage_.town.admin_a.key});
}

Workload::Line Workload::shift_report() {
  Record record;
  record.kind = chance(50) ? "xreport" : "zreport";
  record.subject = "shift-" + std::to_string(roll(5));
  record.account = stage_.town.shop.account;
  record.period = format_day(civil_day(now_));
  record.lines = 7;
  record.head = std::string(22, 'A');
  return sign(record, {&stage_.town.shop.key});
}

// Two or three commands that stand or fall together; sometimes one fails or is out of order. Each is made for
// the ledger that those before it leave, so that a chain may undo what it did.
std::vector<test::SignedLine> Workload::chain() {
  static const std::vector<Line (Workload::*)()> kinds{
      &Workload::award,       &Workload::award,          &Workload::refund,      &Workload::refund,
      &Workload::redeem_code, &Workload::redeem_quote,   &Workload::redeem_card, &Workload::record,
      &Workload::record,      &Workload::reserve,        &Workload::resolve,     &Workload::cancel,
      &Workload::allowance,   &Workload::redeem_offline, &Workload::expire,      &Workload::reverse,
      &Workload::state,       &Workload::issue_card};
  std::vector<test::SignedLine> made;
  const Model before = model_;
  for (int i = 0; i < 5 && made.size() < 3; ++i) {
    const auto line = (this->*pick(kinds))();
    if (!line) continue;
    const auto answer = model_.answer(test::command_of(*line), now_);
    // One that is refused breaks them all, and most would be.
    if ((answer.outcome && !answer.outcome->refused) || chance(10)) made.push_back(*line);
  }
  model_ = before;
  if (made.size() < 2) return {};
  std::vector<Uuid> ids;
  for (const auto& line : made) ids.push_back(line.id);
  for (std::size_t i = 0; i < ids.size(); ++i)
    for (std::size_t j = i + 1; j < ids.size(); ++j)
      if (ids[i] == ids[j]) return {};
  std::vector<test::SignedLine> lines;
  for (const auto& line : made) {
    auto payload = parse_payload(line.payload).value();
    payload.linked = ids;
    Signers keys;
    for (const auto& signature : line.signatures) keys.push_back(stage_.keys.at(signature.key));
    lines.push_back(sign(payload, keys));
  }
  if (chance(10)) std::swap(lines[0], lines[1]);
  return lines;
}

}  // namespace dfb::sim
