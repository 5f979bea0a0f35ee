#include "ledger/book/authority.h"

#include <algorithm>

#include "ledger/book/counters.h"
#include "ledger/crypto/hash.h"

namespace dfb::book {
namespace {

// The keys that the payload itself brings in.
std::vector<KeyId> brought(const Body& body) {
  if (const auto* open = std::get_if<Open>(&body); open && !open->key.empty()) return {key_id(open->key)};
  if (const auto* add = std::get_if<AddKey>(&body)) return {key_id(add->key)};
  if (const auto* server = std::get_if<NextServerKey>(&body)) return {key_id(server->key)};
  std::vector<KeyId> keys;
  if (const auto* next = std::get_if<ReplaceRoots>(&body))
    for (const auto& root : next->roots) keys.push_back(key_id(root));
  return keys;
}

bool reciprocal(Ruling& r, AccountId signer, AccountId person) {
  if (!r.policy) return false;
  std::int64_t at_us = counter(r.state, approval_counter(person, signer));
  return at_us != 0 && r.now_us < at_us + r.policy->limits.reciprocity_days * kDayUs;
}

void judge_person(Ruling& r, Verdict& verdict, AccountId signer, const Account& person, Deed deed) {
  if (deed == Deed::key && signer == person.id) return;
  const auto* row = r.state.find<Account>({signer});
  verdict.refuse_if(row && same_household(r, *row, person), Code::own_benefit,
                    "nobody signs for themselves or their household");
  if (deed != Deed::benefit) return;
  verdict.refuse_if(reciprocal(r, signer, person.id), Code::approver_reciprocal,
                    "this person approved a benefit for the signer lately");
}

// `left` is the household of another who is judged beside them.
bool left_lately(Ruling& r, AccountId person, const std::string& left) {
  if (!r.policy || left.empty()) return false;
  std::int64_t at_us = counter(r.state, left_counter(person, left));
  return at_us != 0 && r.now_us < at_us + r.policy->limits.reciprocity_days * kDayUs;
}

void remember_approval(Ruling& r, AccountId signer, AccountId person) {
  r.state.put(CounterRow{approval_counter(signer, person), r.now_us});
}

// Why `other` cannot be the second person beside `by`.
Verdict judge_second(Ruling& r, const KeyRow& other, Power power, const std::string& scope,
                     const Account* person, Deed deed) {
  Verdict verdict;
  const auto* first = r.state.find<Account>({r.by().account});
  const auto* second = r.state.find<Account>({other.account});
  if (other.use != KeyUse::device || !second || !has_power(r.state, other.account, power, scope, r.now_us)) {
    verdict.refuse(Code::approver_not_allowed, "the second signer holds no role for this here");
  }
  if (other.use == KeyUse::device && other.account == r.by().account) {
    verdict.refuse(Code::approver_same_person, "two keys of one person are one person");
  } else if (first && second && same_household(r, *first, *second)) {
    verdict.refuse(Code::approver_same_household, "the two signers are of one household");
  }
  if (person) judge_person(r, verdict, other.account, *person, deed);
  return verdict;
}

}  // namespace

bool same_household(Ruling& r, const Account& one, const Account& other) {
  if (one.id == other.id || (!one.household.empty() && one.household == other.household)) return true;
  return left_lately(r, one.id, other.household) || left_lately(r, other.id, one.household);
}

KeyId key_id(const std::string& spki) { return sha256(spki); }

bool load_signers(Ruling& r) {
  const auto own_keys = brought(r.command.payload.body);
  for (const auto& id : r.command.signers) {
    const auto* row = r.state.find<KeyRow>({id});
    if (row) {
      r.signers.push_back(*row);
      r.needs_live(*row, "a signing key");
    } else if (std::find(own_keys.begin(), own_keys.end(), id) == own_keys.end()) {
      r.verdict.refuse(Code::key_not_enrolled, "a signing key is not enrolled");
    }
  }
  bool by_enrolled = !r.signers.empty() && r.by().id == r.command.payload.by;
  r.verdict.refuse_if(!by_enrolled, Code::key_not_enrolled, "the key named by `by` is not enrolled");
  return by_enrolled;
}

bool has_power(State& state, AccountId account, Power power, const std::string& scope, TimeUs now_us) {
  const auto* person = state.find<Account>({account});
  const auto* roles = state.find<RoleRow>({account});
  if (!person || person->state != AccountState::open || !roles) return false;
  return std::any_of(roles->grants.begin(), roles->grants.end(), [&](const Grant& grant) {
    return has_power(grant.role, power) && within(grant.from_us, grant.until_us, now_us) &&
           (scope.empty() || covers(grant.scope, scope));
  });
}

bool has_power_anywhere(State& state, AccountId account, Power power, TimeUs now_us) {
  return has_power(state, account, power, std::string(), now_us);
}

bool is_staff(State& state, AccountId account, TimeUs now_us) {
  const auto* roles = state.find<RoleRow>({account});
  return roles && std::any_of(roles->grants.begin(), roles->grants.end(), [&](const Grant& grant) {
           return grant.until_us == 0 || now_us < grant.until_us;
         });
}

void needs_power(Ruling& r, const KeyRow& key, Power power, const std::string& scope) {
  if (key.use != KeyUse::device) {
    r.verdict.refuse(Code::key_wrong_use, "this needs a person's own device");
  } else if (!has_power_anywhere(r.state, key.account, power, r.now_us)) {
    r.verdict.refuse(Code::signer_not_allowed, "the signer holds no role for this");
  } else if (!has_power(r.state, key.account, power, scope, r.now_us)) {
    r.verdict.refuse(Code::out_of_scope, "the signer's role does not cover " + scope);
  }
}

void acts_on(Ruling& r, const Account& person) {
  judge_person(r, r.verdict, r.by().account, person, Deed::act);
}

void acts_for(Ruling& r, const Account& person) {
  judge_person(r, r.verdict, r.by().account, person, Deed::benefit);
  remember_approval(r, r.by().account, person.id);
}

void needs_two_administrators(Ruling& r, const std::string& scope, const Account* person, Deed deed) {
  needs_power(r, r.by(), Power::administer, scope);
  if (person) judge_person(r, r.verdict, r.by().account, *person, deed);
  if (person && deed == Deed::benefit) remember_approval(r, r.by().account, person->id);
  needs_second(r, Power::administer, scope, person, deed);
}

void needs_second(Ruling& r, Power power, const std::string& scope, const Account* person, Deed deed) {
  if (r.signers.size() < 2) {
    r.verdict.refuse(Code::needs_second_person, "a second person has to sign too");
    return;
  }
  Verdict best;
  for (auto other = r.signers.begin() + 1; other != r.signers.end(); ++other) {
    auto judged = judge_second(r, *other, power, scope, person, deed);
    if (judged.result()) {
      if (person && deed == Deed::benefit) remember_approval(r, other->account, person->id);
      return;
    }
    auto error = judged.result().error();
    best.refuse(error.code, error.detail);
  }
  auto error = best.result().error();
  r.verdict.refuse(error.code, error.detail);
}

void needs_another_person(Ruling& r, AccountId first) {
  const auto* one = r.state.find<Account>({first});
  const auto* other = r.state.find<Account>({r.by().account});
  if (first == r.by().account) {
    r.verdict.refuse(Code::approver_same_person, "two keys of one person are one person");
  } else if (one && other && same_household(r, *one, *other)) {
    r.verdict.refuse(Code::approver_same_household, "the two signers are of one household");
  }
}

void needs_roots(Ruling& r) {
  auto roots = std::count_if(r.signers.begin(), r.signers.end(),
                             [](const KeyRow& key) { return key.use == KeyUse::root; });
  r.verdict.refuse_if(r.by().use != KeyUse::root, Code::key_wrong_use, "this needs the root keys");
  r.verdict.refuse_if(roots < r.ledger.threshold, Code::too_few_roots, "more root keys have to sign");
}

void needs_till(Ruling& r, AccountId shop) {
  if (r.by().use != KeyUse::till) {
    r.verdict.refuse(Code::key_wrong_use, "only a till does this");
  } else {
    r.verdict.refuse_if(r.by().account != shop, Code::signer_not_allowed, "the till belongs to another shop");
  }
}

void needs_new_key(Ruling& r, const KeyId& key) {
  r.verdict.refuse_if(r.state.find<KeyRow>({key}), Code::key_exists, "the key is enrolled already");
  r.verdict.refuse_if(!r.signed_by(key), Code::possession_not_proven, "the new key has to sign too");
}

void enrol(Ruling& r, const std::string& spki, KeyUse use, Account* account, TimeUs until_us) {
  KeyRow row;
  row.id = key_id(spki);
  row.spki = spki;
  row.use = use;
  row.account = account ? account->id : AccountId{};
  row.enroller = r.command.payload.by;
  row.from_us = r.now_us;
  row.until_us = until_us;
  if (account && use == KeyUse::device) account->devices.push_back(row.id);
  r.state.put(std::move(row));
}

}  // namespace dfb::book
