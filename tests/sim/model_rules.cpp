// Policies, tasks, and the origin's own affairs: docs/formats.md#policy, #authority.
#include <algorithm>

#include "ledger/crypto/hash.h"
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

void Model::judge_publish(Case& c, const PublishPolicy& publish) {
  two_administrators(c);
  const auto& policy = publish.policy;
  const std::int64_t newest = world_.policies.empty() ? 0 : world_.policies.rbegin()->first;
  c.refuse_if(policy.version != newest + 1, Code::policy_wrong_version);
  std::set<std::string> names;
  bool valid = policy.book == 1;
  for (const auto& rule : policy.rules) {
    valid = names.insert(rule.id).second && valid;
    // Where no officer looks, only a cap on the person or their household bounds what a rule pays.
    const bool bounded = std::any_of(rule.caps.begin(), rule.caps.end(), [](const Cap& cap) {
      return cap.of == CapOf::account || cap.of == CapOf::household;
    });
    valid = valid && (rule.proof == RuleProof::officer || bounded);
  }
  c.refuse_if(!valid, Code::policy_invalid);
  if (c.fine()) world_.policies[policy.version] = {std::max(policy.from_us, c.now), policy};
}

void Model::judge_task(Case& c, const PublishTask& publish) {
  const Task& task = publish.task;
  person(c, {Role::officer, Role::administrator}, task.scope);
  if (auto former = world_.tasks.find(task.task); former != world_.tasks.end())
    person(c, {Role::officer, Role::administrator}, former->second.scope);
  c.refuse_if(task.opens_us >= task.closes_us, Code::policy_invalid);
  if (Purse* budget = purse(c, task.budget, {AccountKind::budget}); budget != nullptr)
    c.refuse_if(!scope_covers(budget->scope, task.scope), Code::out_of_scope),
        c.refuse_if(budget->state == AccountState::closed, Code::account_closed),
        c.refuse_if(budget->state == AccountState::frozen, Code::account_frozen);
  c.refuse_if(c.policy == nullptr, Code::policy_missing);
  if (c.policy != nullptr) {
    const Rule* rule = c.policy->rule(task.rule);
    c.refuse_if(rule == nullptr, Code::rule_unknown);
    c.refuse_if(task.task != task.rule && c.policy->rule(task.task) != nullptr, Code::rule_wrong_kind);
    if (rule != nullptr && rule->proof == RuleProof::site)
      c.refuse_if(task.sites.empty(), Code::site_not_allowed);
  }
  for (const auto& id : task.sites) {
    auto key = world_.keys.find(id);
    c.refuse_if(key == world_.keys.end() || key->second.use != KeyUse::site || key->second.revoked >= 0,
                Code::site_not_allowed);
  }
  if (c.fine()) world_.tasks[task.task] = task;
}

void Model::judge_clock(Case& c, const ConfirmClock& clock) {
  person(c, {Role::administrator}, "/");
  const TimeUs off = clock.confirm_us > c.now ? clock.confirm_us - c.now : c.now - clock.confirm_us;
  c.refuse_if(off > 15 * kMinuteUs, Code::clock_unconfirmed);
}

void Model::judge_end(Case& c, const EndOrigin& end) {
  two_administrators(c);
  c.refuse_if(end.size != world_.size, Code::amount_wrong);
  if (c.fine()) world_.ended = true;
}

void Model::judge_witness(Case& c, const AddWitness& witness) {
  two_administrators(c);
  c.refuse_if(world_.witnesses.contains(witness.name), Code::key_exists);
  if (c.fine()) world_.witnesses.insert(witness.name);
}

void Model::judge_unwitness(Case& c, const EndWitness& end) {
  two_administrators(c);
  c.refuse_if(!world_.witnesses.contains(end.name), Code::state_unchanged);
  if (c.fine()) world_.witnesses.erase(end.name);
}

void Model::judge_roots(Case& c, const ReplaceRoots& next) {
  signer(c, c.by(), {KeyUse::root});
  enough_roots(c);
  std::set<KeyId> named;
  for (const auto& spki : next.roots) {
    named.insert(sha256(spki));
    if (!world_.roots.contains(sha256(spki))) brought_key(c, spki);
  }
  c.refuse_if(named.size() < 3 || next.threshold < 2, Code::too_few_roots);
  c.refuse_if(named == world_.roots && next.threshold == world_.threshold, Code::state_unchanged);
  if (!c.fine()) return;
  for (const auto& id : world_.roots)
    if (!named.contains(id)) world_.keys.at(id).revoked = c.now;
  for (const auto& id : named) world_.keys[id].use = KeyUse::root;
  world_.roots = named;
  world_.threshold = next.threshold;
}

void Model::judge_server_key(Case& c, const NextServerKey& next) {
  signer(c, c.by(), {KeyUse::root});
  enough_roots(c);
  brought_key(c, next.key);
  c.refuse_if(next.until_us != 0 && next.until_us <= c.now, Code::key_outside_dates);
  if (!c.fine()) return;
  for (auto& [id, key] : world_.keys) {
    if (key.use != KeyUse::server || key.revoked >= 0 || (key.until != 0 && key.until <= c.now)) continue;
    if (next.until_us == 0)
      key.revoked = c.now;
    else if (key.until == 0 || next.until_us < key.until)
      key.until = next.until_us;
  }
  world_.keys[sha256(next.key)].use = KeyUse::server;
}

void Model::judge_log_key(Case& c, const NextLogKey& next) {
  signer(c, c.by(), {KeyUse::root});
  enough_roots(c);
  c.refuse_if(next.vkey == world_.log_vkey, Code::key_exists);
  c.refuse_if(next.until_us <= c.now, Code::key_outside_dates);
  if (c.fine()) world_.log_vkey = next.vkey;
}

}  // namespace dfb::sim
