// Phones, levels, states and roles, changed under the feet of everything else.
#include "ledger/crypto/hash.h"
#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

Workload::Line Workload::add_phone() {
  const auto& who = anybody();
  const auto* phone = pick(who.phones);
  const auto& key = chance(90) ? *phone : pick(stage_.spare_phones);
  AddKey add{who.account, KeyUse::device, key.public_key().spki(), 0, {}};
  if (chance(10)) add.until_us = now_ + 1 + roll(40) * kHourUs;
  if (who.account == stage_.officer_b.account)
    return sign(add, {&stage_.town.admin_a.key, &stage_.town.admin_b.key, &key});
  if (const auto* ticket = ticket_of(who.account); ticket != nullptr && chance(60))
    return sign(add, {ticket, &key});
  const auto& own = phone_of(who);
  if (chance(50) && own.public_key().id() != key.public_key().id()) return sign(add, {&own, &key});
  return sign(add, {&stage_.town.officer.key, &key});
}

Workload::Line Workload::add_ticket() {
  const auto& who = anybody();
  if (who.account == stage_.officer_b.account) return {};
  const auto& ticket = pick(stage_.tickets);
  AddKey add{who.account, KeyUse::ticket, ticket.public_key().spki(), now_ + 31 * kDayUs, {}};
  if (chance(5)) add.until_us += 1;
  return sign(add, {chance(50) ? &phone_of(who) : &stage_.town.officer.key, &ticket});
}

Workload::Line Workload::revoke() {
  const auto& who = anybody();
  if (who.account == stage_.officer_b.account) return {};
  RevokeKey revoke{phone_of(who).public_key().id(), "lost"};
  if (const auto* ticket = ticket_of(who.account); ticket != nullptr && chance(50))
    return sign(revoke, {ticket});
  if (chance(10)) return sign(RevokeKey{stage_.town.officer.key.public_key().id(), ""}, {&stage_.town.site});
  return sign(revoke, {chance(50) ? &phone_of(who) : &stage_.town.officer.key});
}

const PrivateKey* Workload::ticket_of(AccountId account) const {
  for (const auto& ticket : stage_.tickets)
    if (auto it = model_.world().keys.find(ticket.public_key().id());
        it != model_.world().keys.end() && it->second.account == account && !it->second.spent &&
        it->second.revoked < 0)
      return &ticket;
  return nullptr;
}

// A shop gets a till more, or one of its tills ends it.
Workload::Line Workload::tills() {
  const auto& till = pick(stage_.spare_tills);
  const auto& shop = stage_.town.shop;
  if (model_.world().keys.contains(till.public_key().id()))
    return sign(RevokeKey{till.public_key().id(), "sold"}, {chance(80) ? &shop.key : &till});
  return sign(AddKey{shop.account, KeyUse::till, till.public_key().spki(), 0, {}},
              {&stage_.town.admin_a.key, &till});
}

// What is done to members of staff, by one, two or three; they are also moved into the signers' households.
Workload::Line Workload::staff() {
  const auto& who = chance(50) ? stage_.officer_b : stage_.reviewer;
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  if (chance(50)) std::swap(a, b);
  Signers signers{a, b};
  const auto kind = roll(20);
  if (kind == 0) signers = {a};
  if (kind == 1) signers = {&stage_.town.roots[0], &stage_.town.roots[2]};
  if (kind == 2) signers = {&who.key, a};
  if (kind >= 3 && kind < 7) signers = {a, &stage_.town.officer.key, b};
  const auto& phone = pick(stage_.staff_phones);
  const auto& ticket = pick(stage_.tickets);
  static const std::vector<std::string> homes{"D1", "R1", "A1", "B1", "A1", "B1", ""};
  if (const auto* own = ticket_of(who.account); own != nullptr && chance(60))
    return sign(AddKey{who.account, KeyUse::device, phone.public_key().spki(), 0, {}}, {own, &phone});
  switch (roll(7)) {
    case 0:
    case 1:
      return sign(Move{who.account, model_.world().accounts.at(who.account).scope, pick(homes)}, signers);
    case 2:
    case 3:
      return sign(SetState{who.account, chance(65) ? AccountState::open : AccountState::frozen, ""}, signers);
    case 4:
      signers.push_back(&ticket);
      return sign(AddKey{who.account, KeyUse::ticket, ticket.public_key().spki(), now_ + kDayUs, {}},
                  signers);
    default:
      break;
  }
  signers.push_back(&phone);
  return sign(AddKey{who.account, KeyUse::device, phone.public_key().spki(), 0, {}}, signers);
}

// A phone that waits brings in another, which then pays too early; where none waits, an officer brings one
// in.
Workload::Line Workload::pass_on() {
  const auto& keys = model_.world().keys;
  for (const auto& who : stage_.people) {
    if (who.account == stage_.officer_b.account) continue;
    const PrivateKey *waits = nullptr, *brought = nullptr, *fresh = nullptr;
    for (const auto* phone : who.phones) {
      auto key = keys.find(phone->public_key().id());
      if (key == keys.end())
        fresh = phone;
      else if (key->second.account == who.account && key->second.revoked < 0 &&
               now_ < key->second.proves_from)
        (key->second.brought_by_another ? waits : brought) = phone;
    }
    if (brought != nullptr) return confirmed(redemption(who, some_shop()), *brought);
    if (waits != nullptr && fresh != nullptr)
      return sign(AddKey{who.account, KeyUse::device, fresh->public_key().spki(), 0, {}}, {waits, fresh});
  }
  const auto& who = stage_.people.at(static_cast<std::size_t>(roll(3)));
  const auto* phone = who.phones[1];
  return sign(AddKey{who.account, KeyUse::device, phone->public_key().spki(), 0, {}},
              {&stage_.town.officer.key, phone});
}

// Somebody moves to the officer, is moved out again by another one, and is then awarded by the first.
Workload::Line Workload::leave_home() {
  const auto& world = model_.world();
  const std::string home = world.accounts.at(stage_.town.officer.account).household;
  for (const auto& who : stage_.people) {
    const auto& household = world.accounts.at(who.account).household;
    const auto& scope = world.accounts.at(who.account).scope;
    if (household == home) return sign(Move{who.account, scope, "H11"}, {&stage_.reviewer.key});
    if (!world.left.contains({who.account, home})) continue;
    Transfer award;
    award.kind = TransferKind::award, award.from = stage_.town.budget, award.to = who.account;
    award.rule = "thanks", award.points = {1 + roll(15)};
    return sign(award, {&stage_.town.officer.key});
  }
  const auto& who = stage_.people.at(static_cast<std::size_t>(roll(3)));
  return sign(Move{who.account, world.accounts.at(who.account).scope, home}, {&stage_.town.officer.key});
}

Workload::Line Workload::state() {
  SetState state;
  state.state = chance(50) ? AccountState::open : AccountState::frozen;
  const auto kind = roll(10);
  if (kind == 0) {
    state.account = stage_.small_budget;
    return sign(state, {&stage_.town.admin_a.key});
  }
  if (kind == 1) {
    state.account = stage_.town.other_shop.account;
    return sign(state, {&stage_.town.admin_a.key});
  }
  const auto& who = anybody();
  if (who.account == stage_.officer_b.account) return {};
  state.account = who.account;
  if (chance(6)) state.state = AccountState::closed;
  return sign(state, {chance(85) ? &stage_.town.officer.key : &stage_.officer_b.key});
}

Workload::Line Workload::level() {
  SetLevel level{chance(60) ? stage_.town.newcomer.account : anybody().account, Level::verified,
                 no_evidence()};
  return sign(level, {&stage_.town.officer.key});
}

Workload::Line Workload::move_house() {
  const auto& who = anybody();
  if (who.account == stage_.officer_b.account) return {};
  static const std::vector<std::string> scopes{"/lijing/03", "/lijing/04"}, homes{"H7K2", "H8", "", "C1"};
  return sign(Move{who.account, pick(scopes), pick(homes)},
              {chance(70) ? &stage_.town.officer.key : &stage_.officer_b.key});
}

Workload::Line Workload::role() {
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  const bool officer = chance(50);
  const AccountId who = officer ? stage_.officer_b.account : stage_.reviewer.account;
  const Role role = officer ? Role::officer : Role::reviewer;
  const std::string scope = officer ? "/lijing/03" : "/lijing";
  if (chance(40)) return sign(EndRole{who, role, scope}, {a, b});
  GrantRole grant{who, role, scope, now_, 0};
  if (chance(50)) grant.until_us = now_ + (1 + roll(48)) * kHourUs;
  return sign(grant, {a, b});
}

Workload::Line Workload::open() {
  const AccountId account{kFirstFreeAccount + 500'000'000 + opened_};
  if (chance(90)) ++opened_;
  const auto& key = pick(stage_.spare_phones);
  Open open{account, AccountKind::resident, "/lijing/03", "", Level::phone, key.public_key().spki()};
  if (chance(60)) return sign(open, {&server(), &key});
  open.level = Level::verified;
  if (chance(50)) open.household = "H9";
  return sign(open, {&stage_.town.officer.key, &key});
}

// What a town does once in a while.
Workload::Line Workload::rare() {
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  switch (roll(mix_.real_signatures ? 4 : 5)) {
    case 0: {
      Roster roster{"/lijing/03", {stage_.town.newcomer.account}, no_evidence()};
      if (chance(50)) roster.accounts.push_back(anybody().account);
      if (roster.accounts.front() == roster.accounts.back()) roster.accounts.resize(1);
      return sign(roster, {&stage_.town.officer.key});
    }
    case 1: {
      static const std::vector<std::string> homes{"H10", "A1", "B1"};
      Import import;
      import.rows.push_back({{kFirstFreeAccount + 600'000'000 + opened_}, "/lijing/04", pick(homes)});
      if (chance(80)) ++opened_;
      return sign(import, {a, b});
    }
    case 2: {
      Record record;
      record.kind = "erasure", record.subject = "request-" + std::to_string(roll(4));
      record.account = anybody().account, record.period = "-";
      return sign(record, {a});
    }
    case 3: {
      Transfer transfer;
      transfer.kind = TransferKind::opening;
      transfer.from = kIssuance, transfer.to = anybody().account, transfer.points = {5};
      transfer.lots = {{civil_day(now_) + 30, {5}, false}};
      return sign(transfer, some_roots());
    }
    default:
      if (!chance(10)) return {};
      return sign(EndOrigin{model_.world().size, no_evidence()}, {b, a});
  }
}

}  // namespace dfb::sim
