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
        it != model_.world().keys.end() && it->second.account == account)
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
  switch (roll(6)) {
    case 0:
    case 1:
      return sign(Move{who.account, model_.world().accounts.at(who.account).scope, pick(homes)}, signers);
    case 2:
      return sign(SetState{who.account, chance(65) ? AccountState::open : AccountState::frozen, ""}, signers);
    case 3:
      if (const auto* own = ticket_of(who.account); own != nullptr && chance(70)) {
        signers = {own};
        break;
      }
      signers.push_back(&ticket);
      return sign(AddKey{who.account, KeyUse::ticket, ticket.public_key().spki(), now_ + kDayUs, {}},
                  signers);
    default:
      break;
  }
  signers.push_back(&phone);
  return sign(AddKey{who.account, KeyUse::device, phone.public_key().spki(), 0, {}}, signers);
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
  if (chance(60)) return sign(open, {&stage_.town.server, &key});
  open.level = Level::verified;
  if (chance(50)) open.household = "H9";
  return sign(open, {&stage_.town.officer.key, &key});
}

// What a town does once in a while.
Workload::Line Workload::rare() {
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  switch (roll(mix_.real_signatures ? 5 : 6)) {
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
    case 2:
      return sign(AddWitness{"station.example/w1",
                             "station.example/w1+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
                  {a, b});
    case 3: {
      Record record;
      record.kind = "erasure", record.subject = "request-" + std::to_string(roll(4));
      record.account = anybody().account, record.period = "-";
      return sign(record, {a});
    }
    case 4: {
      Transfer transfer;
      transfer.kind = TransferKind::opening;
      transfer.from = kIssuance, transfer.to = anybody().account, transfer.points = {5};
      transfer.lots = {{civil_day(now_) + 30, {5}, false}};
      return sign(transfer, {&stage_.town.roots[0], &stage_.town.roots[1]});
    }
    default:
      if (!chance(10)) return {};
      return sign(EndOrigin{model_.world().size, no_evidence()}, {b, a});
  }
}

}  // namespace dfb::sim
