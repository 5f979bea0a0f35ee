// Keys and roles: docs/formats.md#authority.
#include <algorithm>

#include "ledger/crypto/hash.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

namespace {
constexpr std::int64_t kDevicesMax = 4;
constexpr TimeUs kTicketUs = 31 * kDayUs;
}  // namespace

void Model::brought_key(Case& c, const std::string& spki) const {
  const KeyId id = sha256(spki);
  const auto& signers = c.command.signers;
  const bool signs = std::find(signers.begin(), signers.end(), id) != signers.end();
  if (auto key = world_.keys.find(id); key != world_.keys.end()) {
    c.no.insert(Code::key_exists);
    // It signs as any other key does.
    if (signs) standing(c, id);
  }
  c.refuse_if(!signs, Code::possession_not_proven);
}

std::int64_t Model::live_devices(AccountId account) const {
  return std::count_if(world_.keys.begin(), world_.keys.end(), [&](const auto& entry) {
    const Key& key = entry.second;
    return key.account == account && key.use == KeyUse::device && key.revoked < 0;
  });
}

void Model::judge_key(Case& c, const AddKey& add) {
  brought_key(c, add.key);
  auto account = world_.accounts.find(add.account);
  c.refuse_if(account == world_.accounts.end(), Code::account_unknown);
  c.refuse_if(add.until_us != 0 && add.until_us <= c.now, Code::key_outside_dates);
  if (add.use == KeyUse::ticket)
    c.refuse_if(add.until_us == 0 || add.until_us > c.now + kTicketUs, Code::key_outside_dates);
  if (account == world_.accounts.end()) {
    c.refuse_if(!world_.keys.contains(c.by()), Code::key_not_enrolled);
    return;
  }
  const Purse& purse = account->second;
  c.refuse_if(purse.state == AccountState::closed, Code::account_closed);
  const bool resident = purse.kind == AccountKind::resident, shop = purse.kind == AccountKind::shop;
  const bool kind = add.use == KeyUse::till ? shop : add.use == KeyUse::ticket ? resident || shop : resident;
  c.refuse_if(!kind, Code::account_wrong_kind);
  const Key* by = signer(c, c.by(), {KeyUse::device, KeyUse::ticket});
  if (by == nullptr) return;
  const bool own = by->account == add.account;
  bool by_another = !own;
  c.refuse_if(own && purse.state == AccountState::frozen, Code::account_frozen);
  const bool by_ticket = by->use == KeyUse::ticket && add.use == (resident ? KeyUse::device : KeyUse::till);
  Whom whom = act_on(add.account);
  whom.keys = true;
  if (add.use == KeyUse::site) {
    c.refuse_if(by->use != KeyUse::device, Code::key_wrong_use);
    c.refuse_if(!own || !holds_anywhere(add.account, Role::officer, c.now), Code::signer_not_allowed);
  } else if (by_ticket) {
    c.refuse_if(!own, Code::signer_not_allowed);
    by_another = by->brought_by_another;
    auto issuer = world_.keys.find(by->brought_by);
    const bool by_two = by->for_staff && issuer != world_.keys.end() &&
                        holds_anywhere(issuer->second.account, Role::administrator, c.now);
    c.refuse_if(is_staff(add.account, c.now) && !by_two, Code::needs_second_person);
  } else if (is_staff(add.account, c.now)) {
    two_administrators(c, &whom);
  } else if (shop) {
    person(c, {Role::administrator}, purse.scope);
  } else if (!own || by->use != KeyUse::device) {
    person(c, {Role::officer}, purse.scope), not_for_oneself(c, add.account);
  }
  if (add.use == KeyUse::device) c.refuse_if(live_devices(add.account) >= kDevicesMax, Code::too_many_keys);
  if (!c.fine()) return;
  Key key;
  key.use = add.use, key.account = add.account, key.until = add.until_us;
  key.brought_by_another = by_another, key.brought_by = c.by();
  key.for_staff = add.use == KeyUse::ticket && is_staff(add.account, c.now);
  if (add.use == KeyUse::device && by_another && live_devices(add.account) > 0 && c.policy != nullptr)
    key.proves_from = c.now + c.policy->limits.new_device_hours * kHourUs;
  // Who waits cannot bring in what need not.
  key.proves_from = std::max(key.proves_from, by->proves_from);
  if (by->use == KeyUse::ticket) world_.keys.at(c.by()).spent = true;
  world_.keys[sha256(add.key)] = key;
}

void Model::judge_revoke(Case& c, const RevokeKey& revoke) {
  auto it = world_.keys.find(revoke.key);
  if (it == world_.keys.end()) {
    c.no.insert(Code::key_not_enrolled);
    return;
  }
  Key& target = it->second;
  c.refuse_if(target.revoked >= 0, Code::state_unchanged);
  auto by = world_.keys.find(c.by());
  if (by == world_.keys.end()) return;
  auto account = world_.accounts.find(target.account);
  if (account == world_.accounts.end()) {
    c.no.insert(Code::key_wrong_use);
    return;
  }
  const bool owner = by->second.use == KeyUse::device || by->second.use == KeyUse::till;
  if (!owner || by->second.account != target.account) {
    if (signed_by_roots(c))
      enough_roots(c);
    else if (target.use != KeyUse::site && is_staff(target.account, c.now))
      two_administrators(c);
    else
      person(c, {Role::officer, Role::administrator}, account->second.scope);
  }
  if (c.fine()) target.revoked = c.now;
}

void Model::judge_role(Case& c, const GrantRole& grant) {
  Whom whom = act_on(grant.account);
  whom.benefit = true;
  std::optional<AccountId> second;
  if (signed_by_roots(c)) {
    enough_roots(c);
  } else {
    second = two_administrators(c, &whom);
    c.refuse_if(grant.role == Role::administrator, Code::signer_not_allowed);
  }
  Purse* account = purse(c, grant.account, {AccountKind::resident});
  if (account != nullptr) {
    c.refuse_if(account->state == AccountState::closed, Code::account_closed);
    c.refuse_if(account->state == AccountState::frozen, Code::account_frozen);
    c.refuse_if(account->level != Level::verified, Code::level_too_low);
  }
  c.refuse_if(grant.until_us != 0 && (grant.until_us <= grant.from_us || grant.until_us <= c.now),
              Code::key_outside_dates);
  auto& grants = world_.roles[grant.account];
  for (const auto& other : grants)
    c.refuse_if(other.role == grant.role && other.scope == grant.scope && other.from == grant.from_us &&
                    other.until == grant.until_us,
                Code::state_unchanged);
  if (!c.fine()) return;
  std::erase_if(grants, [&](const Grant& g) { return g.role == grant.role && g.scope == grant.scope; });
  grants.push_back({grant.role, grant.scope, grant.from_us, grant.until_us});
  if (!signed_by_roots(c)) remember_approval(c, grant.account, second);
}

void Model::judge_unrole(Case& c, const EndRole& end) {
  if (signed_by_roots(c)) {
    enough_roots(c);
  } else {
    two_administrators(c);
    c.refuse_if(end.role == Role::administrator, Code::signer_not_allowed);
  }
  purse(c, end.account, {AccountKind::resident});
  auto& grants = world_.roles[end.account];
  auto same = [&](const Grant& g) { return g.role == end.role && g.scope == end.scope; };
  c.refuse_if(std::none_of(grants.begin(), grants.end(), same), Code::state_unchanged);
  if (c.fine()) std::erase_if(grants, same);
}

}  // namespace dfb::sim
