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

std::int64_t Model::live_devices(AccountId account, TimeUs now) const {
  return std::count_if(world_.keys.begin(), world_.keys.end(), [&](const auto& entry) {
    const Key& key = entry.second;
    return key.account == account && key.use == KeyUse::device && key.revoked < 0 &&
           (key.until == 0 || now < key.until);
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
  bool by_another = false;
  c.refuse_if(own && purse.state == AccountState::frozen, Code::account_frozen);
  if (add.use == KeyUse::site) {
    c.refuse_if(by->use != KeyUse::device, Code::key_wrong_use);
    c.refuse_if(!own || !holds_anywhere(add.account, Role::officer, c.now), Code::signer_not_allowed);
  } else if (is_staff(add.account, c.now)) {
    two_administrators(c, add.key);
    by_another = true;
  } else if (by->use == KeyUse::ticket) {
    c.refuse_if(!own, Code::signer_not_allowed);
    by_another = by->brought_by_another;
    c.refuse_if(add.use == KeyUse::ticket, Code::key_wrong_use);
  } else if (!own) {
    if (resident)
      person(c, {Role::officer}, purse.scope), not_for_oneself(c, add.account);
    else
      person(c, {Role::administrator}, purse.scope);
    by_another = true;
  }
  if (add.use == KeyUse::device)
    c.refuse_if(live_devices(add.account, c.now) >= kDevicesMax, Code::too_many_keys);
  if (!c.fine()) return;
  Key key;
  key.use = add.use, key.account = add.account, key.until = add.until_us;
  key.brought_by_another = by_another;
  if (add.use == KeyUse::device && by_another && live_devices(add.account, c.now) > 0 && c.policy != nullptr)
    key.proves_from = c.now + c.policy->limits.new_device_hours * kHourUs;
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
  if (signed_by_roots(c)) {
    enough_roots(c);
  } else {
    const Key* by = signer(c, c.by(), {KeyUse::device, KeyUse::till});
    if (by == nullptr) return;
    auto account = world_.accounts.find(target.account);
    if (by->account != target.account && account != world_.accounts.end()) {
      if (is_staff(target.account, c.now))
        two_administrators(c);
      else if (account->second.kind == AccountKind::resident)
        person(c, {Role::officer, Role::administrator}, account->second.scope);
      else
        person(c, {Role::administrator}, account->second.scope);
    }
  }
  if (c.fine()) target.revoked = c.now;
}

void Model::judge_role(Case& c, const GrantRole& grant) {
  if (signed_by_roots(c)) {
    enough_roots(c);
  } else {
    two_administrators(c);
    c.refuse_if(grant.role == Role::administrator, Code::signer_not_allowed);
  }
  Purse* account = purse(c, grant.account, {AccountKind::resident});
  if (account != nullptr) c.refuse_if(account->state == AccountState::closed, Code::account_closed);
  c.refuse_if(grant.until_us != 0 && grant.until_us <= grant.from_us, Code::key_outside_dates);
  auto& grants = world_.roles[grant.account];
  for (const auto& other : grants)
    c.refuse_if(other.role == grant.role && other.scope == grant.scope && other.from == grant.from_us &&
                    other.until == grant.until_us,
                Code::state_unchanged);
  if (!c.fine()) return;
  std::erase_if(grants, [&](const Grant& g) { return g.role == grant.role && g.scope == grant.scope; });
  grants.push_back({grant.role, grant.scope, grant.from_us, grant.until_us});
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
