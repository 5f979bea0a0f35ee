// Crossings of what a town decides: caps that people share, a budget that ends, people of one home who sign
// for one another, more phones than one may have.
#include <algorithm>

#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

void Workload::crossing(Sequence& out) {
  struct Choice {
    int weight;
    void (Workload::*play)(Sequence&);
  };
  static constexpr Choice choices[] = {
      {28, &Workload::cross_grace}, {14, &Workload::cross_reservation}, {16, &Workload::cross_farewell},
      {12, &Workload::cross_debt},  {18, &Workload::cross_caps},        {4, &Workload::cross_budget},
      {6, &Workload::cross_home},   {3, &Workload::cross_second},       {3, &Workload::cross_phones},
  };
  std::int64_t sum = 0;
  for (const auto& choice : choices) sum += choice.weight;
  auto at = roll(sum);
  for (const auto& choice : choices)
    if ((at -= choice.weight) < 0) return (this->*choice.play)(out);
}

// Two people share what a cap counts by: a home, or a grid whose parts they live in.
bool Workload::share(Sequence& out, CapOf of, const Person& one, const Person& other) {
  const auto& world = model_.world();
  const auto &a = world.accounts.at(one.account), &b = world.accounts.at(other.account);
  const auto move = [&](const std::string& scope, const std::string& household) {
    if (b.scope == scope && b.household == household) return true;
    if (other.account == stage_.officer_b.account) return false;
    return entered(out, sign(Move{other.account, scope, household}, {&stage_.town.officer.key}));
  };
  if (of == CapOf::household) return !a.household.empty() ? move(b.scope, a.household) : true;
  if (of != CapOf::grid) return true;
  const auto grid = grid_of(a.scope);
  if (grid_of(b.scope) == grid && a.scope != b.scope) return true;
  return move(a.scope == grid ? grid + "/" + std::to_string(1 + roll(2)) : grid, b.household);
}

// A rule's cap is counted for two people together, or for each, or by who pays.
void Workload::cross_caps(Sequence& out) {
  const auto &one = anybody(), &other = anybody();
  if (one.account == other.account) return;
  const auto of = chance(40) ? CapOf::household : chance(60) ? CapOf::grid : static_cast<CapOf>(roll(4));
  if (!share(out, of, one, other)) return;
  // Either an award, or a fact that they state themselves.
  const bool states = chance(40);
  const Cap cap{of, static_cast<CapPer>(roll(4)), 1 + roll(2)};
  if (!publish_with(out, [&](Policy& policy) {
        for (auto& rule : policy.rules) {
          if (!states && rule.id == "thanks") rule.caps = {cap};
          if (states && rule.id == "vote") rule.caps = {cap, {CapOf::account, CapPer::life, 50}};
        }
      }))
    return;
  for (int i = 0; i < 3; ++i) {
    const auto& who = i % 2 == 0 ? one : other;
    if (states) {
      Record record;
      record.kind = "vote", record.subject = "street-" + std::to_string(roll(1000)), record.rule = "vote";
      record.account = who.account, record.period = period_at(Unique::once, now_);
      entered(out, sign(record, {&phone_of(who)}));
      continue;
    }
    Transfer award;
    award.kind = TransferKind::award, award.from = stage_.town.budget, award.rule = "thanks";
    award.to = who.account, award.points = {1 + roll(3)};
    entered(out, sign(award, {&stage_.town.officer.key}));
  }
}

// A budget pays, gives back the rest and is closed; what it paid is then taken back.
void Workload::cross_budget(Sequence& out) {
  const auto& budget = model_.world().accounts.at(stage_.small_budget);
  const auto &who = anybody(), &other = anybody();
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  Transfer award;
  award.kind = TransferKind::award, award.from = stage_.small_budget, award.to = who.account;
  award.rule = "help", award.points = {1 + roll(5)};
  const auto paid = model_.world().size;
  if (budget.held > 0 || !entered(out, sign(award, {&stage_.town.officer.key}))) return;
  Transfer rest;
  rest.kind = TransferKind::return_, rest.from = stage_.small_budget, rest.to = kIssuance;
  rest.points = {budget.balance};
  if (rest.points.value > 0 && !entered(out, sign(rest, {a, b}))) return;
  if (!entered(out, sign(SetState{stage_.small_budget, AccountState::closed, "spent"}, {a}))) return;
  award.to = other.account;
  if (chance(50)) entered(out, sign(award, {&stage_.town.officer.key}));
  entered(out, sign(Reverse{paid, {}}, {a}));
}

// Of one home with the officer: neither may approve what the other began.
void Workload::cross_home(Sequence& out) {
  const auto& world = model_.world();
  const auto& home = world.accounts.at(stage_.town.officer.account).household;
  const bool reviews = chance(50);
  const auto& moves = reviews ? stage_.reviewer : stage_.officer_b;
  const auto& purse = world.accounts.at(moves.account);
  const Signers both{&stage_.town.admin_a.key, &stage_.town.admin_b.key};
  if (purse.household != home && !entered(out, sign(Move{moves.account, purse.scope, home}, both))) return;
  const auto& who = anybody();
  if (reviews) {
    const auto stated = attendance(who, &stage_.town.officer.key);
    if (!entered(out, stated)) return;
    entered(out, sign(Resolve{stated.id, true, who.account, {1 + roll(20)}}, {&moves.key}));
  } else {
    Transfer award;
    award.kind = TransferKind::award, award.from = stage_.town.budget, award.to = who.account;
    award.rule = "help", award.points = {model_.policy_at(now_)->limits.large_award_points};
    entered(out, sign(award, {&stage_.town.officer.key, &moves.key}));
  }
  if (chance(50)) entered(out, sign(Move{moves.account, purse.scope, reviews ? "R1" : "D1"}, both));
}

// One of the staff lives with an administrator, who is then the second to sign for them.
void Workload::cross_second(Sequence& out) {
  const auto& world = model_.world();
  const auto& who = chance(50) ? stage_.officer_b : stage_.reviewer;
  const bool swapped = chance(50);
  const auto& first = swapped ? stage_.town.admin_a : stage_.town.admin_b;
  const auto& second = swapped ? stage_.town.admin_b : stage_.town.admin_a;
  const auto& purse = world.accounts.at(who.account);
  const auto& home = world.accounts.at(second.account).household;
  const Signers both{&first.key, &second.key};
  if (purse.household != home && !entered(out, sign(Move{who.account, purse.scope, home}, both))) return;
  const auto state = purse.state == AccountState::open ? AccountState::frozen : AccountState::open;
  entered(out, sign(SetState{who.account, state, ""}, both));
  if (chance(50)) entered(out, sign(Move{who.account, purse.scope, ""}, both));
}

// Phone after phone for one of the staff, until one is too many.
void Workload::cross_phones(Sequence& out) {
  const auto& who = chance(50) ? stage_.reviewer : stage_.officer_b;
  for (const auto& phone : stage_.staff_phones) {
    if (model_.world().keys.contains(phone.public_key().id())) continue;
    AddKey add{who.account, KeyUse::device, phone.public_key().spki(), 0, {}};
    if (!entered(out, sign(add, {&stage_.town.admin_b.key, &stage_.town.admin_a.key, &phone}))) return;
  }
}

}  // namespace dfb::sim
