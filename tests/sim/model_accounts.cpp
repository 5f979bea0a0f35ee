// Accounts: opened, moved, verified, frozen, closed. docs/formats.md#authority.
#include <algorithm>

#include "ledger/crypto/hash.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

void Model::judge_genesis(Case& c, const Genesis& genesis) {
  c.refuse_if(world_.size > 0, Code::signer_not_allowed);
  if (!c.fine()) return;
  auto add = [&](AccountId id, AccountKind kind) {
    Purse purse;
    purse.kind = kind;
    purse.scope = "/";
    world_.accounts[id] = purse;
  };
  add(kIssuance, AccountKind::issuance), add(kExpired, AccountKind::expired);
  add(kSettled, AccountKind::settled), add(kOfflineLoss, AccountKind::offline_loss);
  for (const auto& root : genesis.roots) {
    world_.roots.insert(sha256(root));
    world_.keys[sha256(root)].use = KeyUse::root;
  }
  world_.keys[sha256(genesis.server)].use = KeyUse::server;
  world_.threshold = genesis.threshold;
  world_.log_vkey = genesis.log_vkey;
  world_.continues = genesis.continues.has_value();
}

void Model::judge_open(Case& c, const Open& open) {
  const bool resident = open.kind == AccountKind::resident;
  bool by_server = false;
  if (signed_by_roots(c)) {
    signer(c, c.by(), {KeyUse::root});
    enough_roots(c);
  } else if (auto key = world_.keys.find(c.by());
             key != world_.keys.end() && key->second.use == KeyUse::server) {
    by_server = true;
    c.refuse_if(!resident || open.level != Level::phone, Code::signer_not_allowed);
    c.refuse_if(open.key.empty() || !open.household.empty(), Code::signer_not_allowed);
  } else if (resident) {
    person(c, {Role::officer}, open.scope);
    not_for_oneself(c, {open.account, open.household});
    c.refuse_if(open.level != Level::verified, Code::signer_not_allowed);
  } else {
    person(c, {Role::administrator}, open.scope);
  }
  const bool kind = resident || open.kind == AccountKind::budget || open.kind == AccountKind::shop;
  const bool fields = resident ? open.level != Level::none
                               : open.level == Level::none && open.household.empty() && open.key.empty();
  c.refuse_if(!kind || !fields, Code::account_wrong_kind);
  c.refuse_if(world_.accounts.contains(open.account), Code::account_exists);
  if (!open.key.empty()) brought_key(c, open.key);
  if (!c.fine()) return;
  if (by_server && c.policy != nullptr) {
    auto& count = world_.phone_opens[c.now / kHourUs];
    if (count >= c.policy->limits.phone_opens_hour) {
      c.no.insert(Code::rate_limited);
      return;
    }
    ++count;
  }
  Purse purse;
  purse.kind = open.kind, purse.level = open.level;
  purse.scope = open.scope, purse.household = open.household;
  world_.accounts[open.account] = purse;
  if (!open.key.empty()) {
    Key key;
    key.account = open.account;
    world_.keys[sha256(open.key)] = key;
  }
  if (resident && open.level == Level::verified && !signed_by_roots(c)) remember_approval(c, open.account);
}

void Model::judge_move(Case& c, const Move& move) {
  Purse* account = purse(c, move.account, {AccountKind::resident});
  const Whom whom = act_on(move.account);
  if (signed_by_roots(c)) {
    enough_roots(c);
  } else if (is_staff(move.account, c.now)) {
    two_administrators(c, &whom);
  } else {
    if (account != nullptr) person(c, {Role::officer}, account->scope);
    person(c, {Role::officer}, move.scope);
    not_for_oneself(c, whom);
  }
  if (account == nullptr) return;
  c.refuse_if(account->state == AccountState::closed, Code::account_closed);
  c.refuse_if(account->scope == move.scope && account->household == move.household, Code::state_unchanged);
  if (!c.fine()) return;
  if (account->household != move.household) world_.left[{move.account, account->household}] = c.now;
  account->scope = move.scope;
  account->household = move.household;
}

void Model::judge_level(Case& c, const SetLevel& level) {
  Purse* account = purse(c, level.account, {AccountKind::resident});
  if (account == nullptr) {
    signer(c, c.by(), {KeyUse::device});
    return;
  }
  person(c, {Role::officer}, account->scope);
  not_for_oneself(c, level.account);
  if (level.level == Level::verified) no_reciprocity(c, level.account);
  c.refuse_if(level.level == Level::none, Code::account_wrong_kind);
  c.refuse_if(account->state == AccountState::closed, Code::account_closed);
  c.refuse_if(account->level == level.level, Code::state_unchanged);
  if (!c.fine()) return;
  account->level = level.level;
  if (level.level == Level::verified) remember_approval(c, level.account);
}

void Model::judge_state(Case& c, const SetState& state) {
  Purse* account = purse(c, state.account, {AccountKind::resident, AccountKind::shop, AccountKind::budget});
  if (account == nullptr) {
    signer(c, c.by(), {KeyUse::device, KeyUse::root});
    return;
  }
  const Whom whom = act_on(state.account);
  if (signed_by_roots(c))
    enough_roots(c);
  else if (is_staff(state.account, c.now))
    two_administrators(c, &whom);
  else if (account->kind == AccountKind::resident)
    person(c, {Role::officer}, account->scope), not_for_oneself(c, state.account);
  else
    person(c, {Role::administrator}, account->scope);
  c.refuse_if(account->state == AccountState::closed, Code::account_closed);
  c.refuse_if(account->state == state.state, Code::state_unchanged);
  c.refuse_if(state.state == AccountState::closed && account->balance != 0, Code::account_not_empty);
  if (c.fine()) account->state = state.state;
}

void Model::judge_roster(Case& c, const Roster& roster) {
  person(c, {Role::officer}, roster.scope);
  bool changes = false;
  for (const auto& id : roster.accounts) {
    Purse* account = purse(c, id, {AccountKind::resident});
    if (account == nullptr) continue;
    c.refuse_if(!scope_covers(roster.scope, account->scope), Code::out_of_scope);
    c.refuse_if(account->state == AccountState::closed, Code::account_closed);
    if (account->level == Level::verified) continue;  // nothing is done for those
    not_for_oneself(c, id);
    no_reciprocity(c, id);
    changes = true;
  }
  c.refuse_if(!changes, Code::state_unchanged);
  if (!c.fine()) return;
  for (const auto& id : roster.accounts) {
    auto& account = world_.accounts.at(id);
    if (account.level != Level::verified) remember_approval(c, id);
    account.level = Level::verified;
  }
}

void Model::judge_import(Case& c, const Import& import) {
  std::map<AccountId, std::optional<AccountId>> seconds;
  for (const auto& row : import.rows) {
    const Whom whom{row.account, row.household};
    const auto second = two_administrators(c, &whom);
    c.refuse_if(world_.accounts.contains(row.account) || !seconds.insert({row.account, second}).second,
                Code::account_exists);
  }
  if (!c.fine()) return;
  for (const auto& row : import.rows) {
    Purse purse;
    purse.level = Level::verified, purse.scope = row.scope, purse.household = row.household;
    world_.accounts[row.account] = purse;
    remember_approval(c, row.account, seconds.at(row.account));
  }
}

}  // namespace dfb::sim
