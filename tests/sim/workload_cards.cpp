// Printed cards: issued, ended, and sales by them.
#include <algorithm>

#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

namespace {
constexpr std::uint64_t kFirstCard = kFirstFreeAccount + 700'000'000;
}

// A card that was issued, rather one that still pays; or, where there is none, a number.
AccountId Workload::some_card() {
  const auto& cards = model_.world().cards;
  if (cards.empty() || chance(3)) return {kFirstCard + static_cast<std::uint64_t>(roll(20))};
  auto it = pick_entry(cards);
  if (it->second.ended && chance(60)) it = pick_entry(cards);
  if (model_.world().accounts.at(it->second.account).state != AccountState::open && chance(40))
    it = pick_entry(cards);
  return it->first;
}

const Person* Workload::holder_of(AccountId card) const {
  auto it = model_.world().cards.find(card);
  if (it == model_.world().cards.end()) return nullptr;
  for (const auto& person : stage_.people)
    if (person.account == it->second.account) return &person;
  return nullptr;
}

Workload::Line Workload::issue_card() {
  SetCard set{anybody().account, {kFirstCard + cards_}, true, "form 12"};
  if (chance(12))
    set.card = some_card();
  else if (chance(3))
    set.card = anybody().account;
  else
    ++cards_;
  if (chance(2)) set.card = {kFirstFreeAccount - 1 - static_cast<std::uint64_t>(roll(3))};
  if (chance(4)) set.account = stage_.town.officer.account;
  if (chance(3)) {
    set.account = pick(
        std::vector<AccountId>{some_shop().account, stage_.small_budget, {kFirstFreeAccount + 999'999'999}});
  }
  const PrivateKey* by = &stage_.town.officer.key;
  if (chance(15)) by = &stage_.officer_b.key;
  if (chance(10))
    by = pick(std::vector<const PrivateKey*>{&stage_.town.admin_a.key, &stage_.reviewer.key,
                                             &phone_of(anybody()), &stage_.town.shop.key, &server(),
                                             &stage_.town.roots[0]});
  return sign(set, {by});
}

Workload::Line Workload::end_card() {
  const AccountId card = some_card();
  const Person* holder = holder_of(card);
  if (holder == nullptr || chance(6)) holder = &anybody();
  SetCard set{holder->account, card, false, "lost"};
  const PrivateKey* by = &phone_of(*holder);
  const auto& officer = chance(70) ? stage_.town.officer : stage_.officer_b;
  if (chance(50)) by = &officer.key;
  if (chance(15))
    by = pick(std::vector<const PrivateKey*>{&stage_.town.admin_a.key, &phone_of(anybody()),
                                             &stage_.town.shop.key, &server()});
  return sign(set, {by});
}

Workload::Line Workload::redeem_card() {
  const AccountId card = some_card();
  const Person* holder = holder_of(card);
  if (holder == nullptr || chance(6)) holder = &anybody();
  const auto& shop = some_shop();
  auto transfer = redemption(*holder, shop);
  const auto& limits = model_.policy_at(now_)->limits;
  DayOfSpending spent;
  const auto& spending = model_.world().spending;
  if (auto it = spending.find({holder->account, civil_day(now_)}); it != spending.end()) spent = it->second;
  if (chance(35)) {
    const std::vector<Amount> edges{limits.card_points, limits.card_points_day - spent.card_points};
    transfer.points = {std::max<Amount>(1, pick(edges) + (chance(30) ? 1 : 0))};
  } else if (chance(60)) {
    transfer.points = {1 + roll(12)};
  }
  transfer.proof = CardProof{card};
  const auto *till = &shop.key, *attests = &server();
  if (chance(85)) return sign(transfer, {till, attests});
  switch (roll(8)) {
    case 0:
      return sign(transfer, {attests, till});
    case 1:
      return sign(transfer, {till, &phone_of(*holder)});
    case 2:
      return sign(transfer, {till, &phone_of(*holder), attests});
    case 3:
      return sign(transfer, {till, &stage_.town.officer.key});
    case 4:
      return sign(transfer, {&stage_.town.other_shop.key, attests});
    case 5:
      return sign(transfer, {attests});
    default:
      return sign(transfer, {till});
  }
}

}  // namespace dfb::sim
