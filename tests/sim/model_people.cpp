// Who signs, and whether they may: docs/formats.md#authority, docs/refusals.md#keys-and-signers.
#include "ledger/crypto/hash.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

const Key* Model::standing(Case& c, const KeyId& id) const {
  auto it = world_.keys.find(id);
  if (it == world_.keys.end()) {
    c.no.insert(Code::key_not_enrolled);
    return nullptr;
  }
  const Key& key = it->second;
  c.refuse_if(key.revoked >= 0 || key.spent, Code::key_revoked);
  c.refuse_if(key.until != 0 && c.now >= key.until, Code::key_outside_dates);
  return &key;
}

const Key* Model::signer(Case& c, const KeyId& id, std::initializer_list<KeyUse> uses) const {
  const Key* key = standing(c, id);
  if (key == nullptr) return nullptr;
  if (std::find(uses.begin(), uses.end(), key->use) == uses.end()) {
    c.no.insert(Code::key_wrong_use);
    return nullptr;
  }
  return key;
}

bool Model::holds(AccountId account, Role role, std::string_view scope, TimeUs now) const {
  auto it = world_.roles.find(account);
  if (it == world_.roles.end()) return false;
  for (const auto& grant : it->second)
    if (grant.role == role && scope_covers(grant.scope, scope) && grant.from <= now &&
        (grant.until == 0 || now < grant.until))
      return true;
  return false;
}

bool Model::holds_anywhere(AccountId account, Role role, TimeUs now) const {
  auto it = world_.roles.find(account);
  if (it == world_.roles.end()) return false;
  for (const auto& grant : it->second)
    if (grant.role == role && grant.from <= now && (grant.until == 0 || now < grant.until)) return true;
  return false;
}

bool Model::is_staff(AccountId account, TimeUs now) const {
  auto it = world_.roles.find(account);
  if (it == world_.roles.end()) return false;
  for (const auto& grant : it->second)
    if (grant.until == 0 || now < grant.until) return true;
  return false;
}

bool Model::one_home(AccountId a, AccountId b) const {
  if (a == b) return true;
  auto first = world_.accounts.find(a), second = world_.accounts.find(b);
  if (first == world_.accounts.end() || second == world_.accounts.end()) return false;
  return !first->second.household.empty() && first->second.household == second->second.household;
}

void Model::person(Case& c, std::initializer_list<Role> roles, std::string_view scope) const {
  const Key* key = signer(c, c.by(), {KeyUse::device});
  if (key == nullptr) return;
  bool any = false, here = false;
  for (Role role : roles) {
    any = any || holds_anywhere(key->account, role, c.now);
    here = here || holds(key->account, role, scope, c.now);
  }
  c.refuse_if(!any, Code::signer_not_allowed);
  c.refuse_if(any && !here, Code::out_of_scope);
}

void Model::second_person(Case& c, std::initializer_list<Role> roles, std::string_view scope,
                          const std::string& brought) const {
  const KeyId new_key = sha256(brought);
  auto first = world_.keys.find(c.by());
  bool found = false;
  for (std::size_t i = 1; i < c.command.signers.size(); ++i) {
    const KeyId& id = c.command.signers[i];
    if (!brought.empty() && id == new_key) continue;
    found = true;
    const Key* key = signer(c, id, {KeyUse::device});
    if (key == nullptr || first == world_.keys.end()) continue;
    bool may = false;
    for (Role role : roles) may = may || holds(key->account, role, scope, c.now);
    c.refuse_if(!may, Code::approver_not_allowed);
    if (key->account == first->second.account)
      c.no.insert(Code::approver_same_person);
    else
      c.refuse_if(one_home(key->account, first->second.account), Code::approver_same_household);
  }
  c.refuse_if(!found, Code::needs_second_person);
}

void Model::two_administrators(Case& c, const std::string& brought) const {
  person(c, {Role::administrator}, "/");
  second_person(c, {Role::administrator}, "/", brought);
}

bool Model::signed_by_roots(const Case& c) const { return world_.roots.contains(c.by()); }

void Model::enough_roots(Case& c) const {
  std::int64_t count = 0;
  for (const auto& id : c.command.signers) {
    count += world_.roots.contains(id);
    if (world_.keys.contains(id)) standing(c, id);
  }
  c.refuse_if(count < world_.threshold, Code::too_few_roots);
}

void Model::not_for_oneself(Case& c, AccountId beneficiary) const {
  for (const auto& id : c.command.signers)
    if (auto key = world_.keys.find(id); key != world_.keys.end())
      c.refuse_if(one_home(key->second.account, beneficiary), Code::own_benefit);
}

void Model::no_reciprocity(Case& c, AccountId beneficiary) const {
  if (c.policy == nullptr) return;
  for (const auto& id : c.command.signers) {
    auto key = world_.keys.find(id);
    if (key == world_.keys.end()) continue;
    auto it = world_.approved.find({beneficiary, key->second.account});
    if (it == world_.approved.end()) continue;
    c.refuse_if(c.now < it->second + c.policy->limits.reciprocity_days * kDayUs, Code::approver_reciprocal);
  }
}

void Model::remember_approval(Case& c, AccountId beneficiary) {
  for (const auto& id : c.command.signers)
    if (auto key = world_.keys.find(id); key != world_.keys.end() && key->second.account != beneficiary)
      world_.approved[{key->second.account, beneficiary}] = c.now;
}

const Key* Model::till(Case& c, AccountId shop) const {
  const Key* key = signer(c, c.by(), {KeyUse::till});
  if (key != nullptr) c.refuse_if(key->account != shop, Code::signer_not_allowed);
  return key;
}

}  // namespace dfb::sim
