// Who signs, and whether they may: docs/formats.md#authority, docs/refusals.md#keys-and-signers.
#include <algorithm>

#include "ledger/crypto/hash.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

// All who sign have to be known and in force, also those who need not sign; but for the keys that are new.
void Model::judge_signers(Case& c) const {
  if (std::holds_alternative<Genesis>(c.command.payload.body)) return;
  std::set<KeyId> fresh;
  if (const auto* open = std::get_if<Open>(&c.command.payload.body)) fresh.insert(sha256(open->key));
  if (const auto* add = std::get_if<AddKey>(&c.command.payload.body)) fresh.insert(sha256(add->key));
  if (const auto* next = std::get_if<NextServerKey>(&c.command.payload.body)) fresh.insert(sha256(next->key));
  if (const auto* next = std::get_if<ReplaceRoots>(&c.command.payload.body))
    for (const auto& root : next->roots) fresh.insert(sha256(root));
  for (const auto& id : c.command.signers)
    if (!fresh.contains(id) || world_.keys.contains(id)) standing(c, id);
  c.refuse_if(!world_.keys.contains(c.by()), Code::key_not_enrolled);
}

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

// A role gives nothing while its holder's account is not open.
bool Model::holds(AccountId account, Role role, std::string_view scope, TimeUs now) const {
  auto it = world_.roles.find(account);
  if (it == world_.roles.end() || world_.accounts.at(account).state != AccountState::open) return false;
  for (const auto& grant : it->second)
    if (grant.role == role && (scope.empty() || scope_covers(grant.scope, scope)) && grant.from <= now &&
        (grant.until == 0 || now < grant.until))
      return true;
  return false;
}

bool Model::holds_anywhere(AccountId account, Role role, TimeUs now) const {
  return holds(account, role, {}, now);
}

bool Model::is_staff(AccountId account, TimeUs now) const {
  auto it = world_.roles.find(account);
  if (it == world_.roles.end()) return false;
  for (const auto& grant : it->second)
    if (grant.until == 0 || now < grant.until) return true;
  return false;
}

bool Model::left_lately(const Case& c, AccountId who, const std::string& household) const {
  auto left = world_.left.find({who, household});
  return c.policy != nullptr && left != world_.left.end() &&
         c.now < left->second + c.policy->limits.reciprocity_days * kDayUs;
}

bool Model::one_home(const Case& c, AccountId signer, const Whom& whom) const {
  if (signer == whom.account) return true;
  auto it = world_.accounts.find(signer);
  if (it == world_.accounts.end()) return false;
  const auto& household = it->second.household;
  if (!whom.household.empty() && (household == whom.household || left_lately(c, signer, whom.household)))
    return true;
  return !household.empty() && left_lately(c, whom.account, household);
}

bool Model::one_home(const Case& c, AccountId a, AccountId b) const { return one_home(c, a, act_on(b)); }

Model::Whom Model::act_on(AccountId account) const {
  auto it = world_.accounts.find(account);
  return {account, it == world_.accounts.end() ? "" : it->second.household, false, false};
}

bool Model::reciprocal(const Case& c, AccountId signer, AccountId beneficiary) const {
  auto it = world_.approved.find({beneficiary, signer});
  return c.policy != nullptr && it != world_.approved.end() &&
         c.now < it->second + c.policy->limits.reciprocity_days * kDayUs;
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

// Anybody of the others who signed may be the second; who that is, or nothing.
std::optional<AccountId> Model::second_person(Case& c, std::initializer_list<Role> roles,
                                              std::string_view scope, const Whom* whom) const {
  auto first = world_.keys.find(c.by());
  if (first == world_.keys.end()) return {};
  std::set<Code> why;
  for (std::size_t i = 1; i < c.command.signers.size(); ++i) {
    auto it = world_.keys.find(c.command.signers[i]);
    if (it == world_.keys.end()) continue;
    const Key& key = it->second;
    std::set<Code> unfit;
    bool may = false;
    for (Role role : roles) may = may || holds(key.account, role, scope, c.now);
    if (key.use != KeyUse::device || !may) unfit.insert(Code::approver_not_allowed);
    if (key.account == first->second.account)
      unfit.insert(Code::approver_same_person);
    else if (one_home(c, key.account, first->second.account))
      unfit.insert(Code::approver_same_household);
    if (whom != nullptr && !(whom->keys && key.account == whom->account)) {
      if (one_home(c, key.account, *whom)) unfit.insert(Code::own_benefit);
      if (whom->benefit && reciprocal(c, key.account, whom->account)) unfit.insert(Code::approver_reciprocal);
    }
    if (unfit.empty()) return key.account;
    why.insert(*unfit.begin());
  }
  c.no.insert(why.empty() ? Code::needs_second_person : *why.begin());
  return {};
}

std::optional<AccountId> Model::two_administrators(Case& c, const Whom* whom) const {
  person(c, {Role::administrator}, "/");
  if (whom != nullptr) {
    auto by = world_.keys.find(c.by());
    const bool themselves = by != world_.keys.end() && by->second.account == whom->account;
    if (!whom->keys || !themselves) not_for_oneself(c, *whom);
    if (whom->benefit) no_reciprocity(c, whom->account);
  }
  return second_person(c, {Role::administrator}, "/", whom);
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

void Model::not_for_oneself(Case& c, const Whom& whom) const {
  if (auto key = world_.keys.find(c.by()); key != world_.keys.end())
    c.refuse_if(one_home(c, key->second.account, whom), Code::own_benefit);
}

void Model::no_reciprocity(Case& c, AccountId beneficiary) const {
  if (auto key = world_.keys.find(c.by()); key != world_.keys.end())
    c.refuse_if(reciprocal(c, key->second.account, beneficiary), Code::approver_reciprocal);
}

void Model::remember_approval(Case& c, AccountId beneficiary, std::optional<AccountId> second) {
  world_.approved[{world_.keys.at(c.by()).account, beneficiary}] = c.now;
  if (second) world_.approved[{*second, beneficiary}] = c.now;
}

const Key* Model::till(Case& c, AccountId shop) const {
  const Key* key = signer(c, c.by(), {KeyUse::till});
  if (key != nullptr) c.refuse_if(key->account != shop, Code::signer_not_allowed);
  return key;
}

}  // namespace dfb::sim
