#include "tests/sim/model.h"

#include <algorithm>

#include "ledger/base/overloaded.h"

namespace dfb::sim {

using namespace book;

namespace {

constexpr TimeUs kSeveralSignersUs = 7 * kDayUs, kOneSignerUs = 5 * kMinuteUs;

bool is_offline(const Payload& payload) {
  const auto* transfer = std::get_if<Transfer>(&payload.body);
  return transfer != nullptr && transfer->kind == TransferKind::redeem &&
         std::holds_alternative<OfflineProof>(transfer->proof);
}

// The kinds that the tables mark as signed by more than one key, and those that may be.
bool several_sign(const Command& command) {
  const bool second = command.signers.size() > 1;
  return std::visit(
      Overloaded{[&](const Transfer& t) {
                   return t.kind == TransferKind::mint || t.kind == TransferKind::return_ ||
                          t.kind == TransferKind::settle || t.kind == TransferKind::fund ||
                          t.kind == TransferKind::opening || (t.kind == TransferKind::award && second);
                 },
                 [&](const Move&) { return second; }, [&](const RevokeKey&) { return second; },
                 [&](const SetState&) { return second; }, [](const Reverse&) { return true; },
                 [](const PublishPolicy&) { return true; }, [](const Genesis&) { return true; },
                 [](const Open&) { return true; }, [](const AddKey&) { return true; },
                 [](const GrantRole&) { return true; }, [](const EndRole&) { return true; },
                 [](const Import&) { return true; }, [](const AddWitness&) { return true; },
                 [](const NextLogKey&) { return true; }, [](const EndOrigin&) { return true; },
                 [](const EndWitness&) { return true; }, [](const ReplaceRoots&) { return true; },
                 [](const NextServerKey&) { return true; }, [](const auto&) { return false; }},
      command.payload.body);
}

// The rows of docs/refusals.md that are marked "redeem".
bool another_moment_might_not(Code code) {
  static const std::set<Code> marked{
      Code::not_after_too_far,  Code::account_unknown,    Code::account_frozen, Code::level_too_low,
      Code::code_not_valid_now, Code::limit_per_sale,     Code::limit_per_day,  Code::limit_count_per_day,
      Code::balance_minimum,    Code::insufficient_points};
  return marked.contains(code);
}

}  // namespace

std::string to_string(const Prediction& p) {
  if (p.known) return "known, entry " + std::to_string(*p.known);
  if (p.refused)
    return "refused, no entry: " + std::string(name(*p.refused)) +
           (p.detail.empty() ? "" : " (" + p.detail + ")");
  return "entry " + format_outcome(*p.outcome);
}

bool scope_covers(std::string_view outer, std::string_view inner) {
  if (outer == "/" || outer == inner) return true;
  return inner.size() > outer.size() && inner.substr(0, outer.size()) == outer && inner[outer.size()] == '/';
}

std::string grid_of(std::string_view scope) {
  auto second = scope.find('/', 1);
  if (second == scope.npos) return std::string(scope);
  return std::string(scope.substr(0, scope.find('/', second + 1)));
}

const Policy* Model::policy_at(TimeUs now) const {
  const Policy* newest = nullptr;
  for (const auto& [version, published] : world_.policies)
    if (published.effective <= now) newest = &published.policy;
  return newest;
}

Prediction Model::answer(const Command& command, TimeUs now) { return decide(command, now, false); }

std::vector<Prediction> Model::answer_chain(const std::vector<Command>& chain, TimeUs now) {
  const World before = world_;
  std::vector<Prediction> answers;
  auto whole = [&] {
    for (const auto& command : chain) {
      if (command.payload.linked.size() != chain.size()) return false;
      for (std::size_t i = 0; i < chain.size(); ++i)
        if (command.payload.linked[i] != chain[i].payload.id) return false;
    }
    return true;
  };
  for (const auto& command : chain) {
    answers.push_back(decide(command, now, whole()));
    const Prediction answer = answers.back();
    if (answer.known) continue;
    if (answer.outcome && !answer.outcome->refused) continue;
    // One of them refused: none takes effect, and no id is burnt.
    world_ = before;
    std::vector<Prediction> broken(chain.size(), Prediction{{}, Code::chain_broken, {}});
    broken[answers.size() - 1] = answer;
    return broken;
  }
  return answers;
}

Prediction Model::decide(const Command& command, TimeUs now, bool in_chain) {
  if (auto it = world_.seen.find(command.payload.id); it != world_.seen.end()) {
    if (it->second.burnt_unseen) return {{}, Code::id_burnt, {}};
    if (it->second.digest != command.digest) return {{}, Code::exists_with_different_content, {}};
    return {{}, {}, it->second.seq};
  }
  Case c{command, now, civil_day(now), policy_at(now), world_.size};
  judge_time(c);
  c.refuse_if(!command.payload.linked.empty() && !in_chain, Code::chain_broken);
  judge_signers(c);
  judge_body(c);
  if (!command.payload.linked.empty()) c.burner.reset();
  return conclude(c);
}

void Model::judge_time(Case& c) const {
  const auto& payload = c.command.payload;
  if (!is_offline(payload)) {
    c.refuse_if(c.now >= payload.not_after_us, Code::too_late);
    const TimeUs ahead = several_sign(c.command) ? kSeveralSignersUs : kOneSignerUs;
    c.refuse_if(payload.not_after_us > c.now + ahead, Code::not_after_too_far);
  }
  const bool confirms = std::holds_alternative<ConfirmClock>(payload.body);
  if (c.policy != nullptr && !confirms)
    c.refuse_if(c.now - world_.last_time > c.policy->limits.idle_gap_hours * kHourUs,
                Code::clock_unconfirmed);
  c.refuse_if(world_.ended, Code::origin_ended);
}

void Model::judge_body(Case& c) {
  std::visit(Overloaded{[&](const Transfer& x) { judge_transfer(c, x); },
                        [&](const Hold& x) { judge_hold(c, x); },
                        [&](const Resolve& x) { judge_resolve(c, x); },
                        [&](const Record& x) { judge_record(c, x); },
                        [&](const PublishPolicy& x) { judge_publish(c, x); },
                        [&](const PublishTask& x) { judge_task(c, x); },
                        [&](const Genesis& x) { judge_genesis(c, x); },
                        [&](const Open& x) { judge_open(c, x); },
                        [&](const Move& x) { judge_move(c, x); },
                        [&](const SetLevel& x) { judge_level(c, x); },
                        [&](const AddKey& x) { judge_key(c, x); },
                        [&](const RevokeKey& x) { judge_revoke(c, x); },
                        [&](const GrantRole& x) { judge_role(c, x); },
                        [&](const EndRole& x) { judge_unrole(c, x); },
                        [&](const SetCard& x) { judge_card(c, x); },
                        [&](const SetState& x) { judge_state(c, x); },
                        [&](const Roster& x) { judge_roster(c, x); },
                        [&](const Import& x) { judge_import(c, x); },
                        [&](const AddWitness& x) { judge_witness(c, x); },
                        [&](const EndWitness& x) { judge_unwitness(c, x); },
                        [&](const NextLogKey& x) { judge_log_key(c, x); },
                        [&](const ReplaceRoots& x) { judge_roots(c, x); },
                        [&](const NextServerKey& x) { judge_server_key(c, x); },
                        [&](const ConfirmClock& x) { judge_clock(c, x); },
                        [&](const EndOrigin& x) { judge_end(c, x); },
                        [&](const Cancel& x) { judge_cancel(c, x); },
                        [&](const Reverse& x) { judge_reverse(c, x); }},
             c.command.payload.body);
}

std::int64_t Model::burns_left(const KeyId& key, TimeUs now) const {
  const Policy* policy = policy_at(now);
  if (policy == nullptr) return 0;
  auto it = world_.burns.find({key, now / kHourUs});
  return policy->limits.burns_hour - (it == world_.burns.end() ? 0 : it->second);
}

bool Model::burns(const Case& c, Code code) const {
  if (!c.burner) return false;
  // Nothing is entered before the clock is confirmed, and nothing after the end.
  if (c.no.contains(Code::clock_unconfirmed) || c.no.contains(Code::origin_ended)) return false;
  const bool kind =
      c.convicts ? code == Code::key_revoked || code == Code::allowance_spent || code == Code::counter_used
                 : another_moment_might_not(code);
  return kind && burns_left(*c.burner, c.now) > 0;
}

Prediction Model::conclude(Case& c) {
  Outcome out = c.out;
  if (!c.no.empty()) {
    const Code code = *c.no.begin();
    if (!burns(c, code)) return {{}, code, {}};
    ++world_.burns[{*c.burner, c.now / kHourUs}];
    out = {};
    out.refused = code;
  }
  world_.seen[c.id()] = {c.command.digest, c.seq, false, out.refused.has_value()};
  ++world_.size;
  world_.last_time = c.now;
  return {out, {}, {}};
}

std::string Model::problem() const {
  Amount sum = 0;
  std::map<AccountId, Amount> held;
  for (const auto& [id, hold] : world_.holds)
    if (!hold.resolved) held[hold.owner] += hold.points;
  for (const auto& [id, purse] : world_.accounts) {
    const auto who = to_string(id);
    sum += purse.balance;
    Amount lots = 0;
    for (const auto& [lot, points] : purse.lots) {
      if (points <= 0) return who + ": an empty lot";
      lots += points;
    }
    const bool resident = purse.kind == AccountKind::resident;
    if (resident && lots + purse.held != purse.balance) return who + ": the lots are not the balance";
    if (!resident && !purse.lots.empty()) return who + ": lots outside a resident's account";
    if (purse.held != held[id]) return who + ": what is held is not what the holds say";
    const bool may_owe = purse.kind == AccountKind::issuance || purse.kind == AccountKind::shop;
    if (!may_owe && purse.balance < 0) return who + ": below zero";
    if (!may_owe && purse.balance < purse.held) return who + ": holds more than it has";
    if (purse.state == AccountState::closed && purse.balance != 0) return who + ": closed with points";
  }
  return sum == 0 ? "" : "the balances sum to " + std::to_string(sum);
}

}  // namespace dfb::sim
