#include "ledger/audit/replay.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/book/apply.h"
#include "ledger/crypto/hash.h"

namespace dfb::audit {
namespace {

using namespace book;

What broken_part(Code code) {
  if (code == Code::bad_signature) return What::signature;
  return code == Code::unknown_key ? What::signer : What::form;
}

}  // namespace

std::optional<Finding> Replay::run(const std::vector<CheckedEntry>& entries) {
  for (const CheckedEntry& entry : entries)
    if (auto finding = one(entry)) return finding;
  std::optional<Finding> finding;
  state_.for_each_change([&]<class Row>(const Row& row) {
    if constexpr (std::is_same_v<Row, Account>)
      if (!finding) finding = check_account(row);
    rows_.put(row);
  });
  state_.keep();
  return finding;
}

std::optional<Finding> Replay::one(const CheckedEntry& entry) {
  if (auto finding = check_place(entry)) return finding;
  if (auto finding = check_signers(entry)) return finding;
  if (as_of_) as_of_->pass(size_, entry.time_us, state_);
  if (auto finding = check_rules(entry)) return finding;
  last_us_ = entry.time_us;
  if (times_of_.count(size_) != 0) times_[size_] = last_us_;
  ++size_;
  return note_log_key(entry.parsed->command().payload.body);
}

// A key that is none would leave nobody who could ever sign for the log.
std::optional<Finding> Replay::note_log_key(const Body& body) {
  const auto* genesis = std::get_if<Genesis>(&body);
  const auto* next = std::get_if<NextLogKey>(&body);
  if (!genesis && !next) return std::nullopt;
  const std::string& vkey = genesis ? genesis->log_vkey : next->vkey;
  const auto named = log_keys_.name(vkey, size_, genesis ? 0 : next->until_us);
  if (named) return std::nullopt;
  --size_;
  return found(What::log_key, "the vkey of an Ed25519 key", vkey);
}

std::optional<TimeUs> Replay::time_of(std::int64_t seq) const {
  const auto it = times_.find(seq);
  return it == times_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<Finding> Replay::check_place(const CheckedEntry& entry) const {
  if (entry.origin != origin_) return found(What::origin, origin_, entry.origin);
  if (entry.seq != size_) return found(What::number, std::to_string(size_), std::to_string(entry.seq));
  if (entry.time_us < last_us_)
    return found(What::time, std::to_string(last_us_) + " or later", std::to_string(entry.time_us));
  return std::nullopt;
}

// Signatures hold, by keys that the entries before this one, or this one itself, brought in.
std::optional<Finding> Replay::check_signers(const CheckedEntry& entry) {
  if (!entry.parsed) return found(What::form, "a payload", to_string(entry.parsed.error()));
  const Command& command = entry.parsed->command();
  const Body& body = command.payload.body;
  if (size_ == 0 && !std::holds_alternative<Genesis>(body))
    return found(What::form, "authority genesis", operation_of(body));
  std::vector<KeyId> needed = keys_named(body);
  needed.insert(needed.end(), command.signers.begin(), command.signers.end());
  for (const std::string& spki : keys_brought(body)) std::erase(needed, sha256(spki));
  for (const KeyId& id : needed)
    if (!state_.find<KeyRow>({id})) return found(What::signer, "a key enrolled before", hash_text(id));
  if (const Result<void>& hold = *entry.signatures; !hold)
    return found(broken_part(hold.error().code), "valid", to_string(hold.error()));
  return std::nullopt;
}

std::optional<Finding> Replay::check_rules(const CheckedEntry& entry) {
  const Command& command = entry.parsed->command();
  const std::string& claimed = entry.outcome;
  if (trial_) trial_->judge(command, entry.time_us, size_, state_);
  const auto applied = apply(state_, command, entry.time_us);
  if (!applied) {
    const std::string rule(name(applied.error().code));
    return found(What::rule, "no entry (" + to_string(applied.error()) + ")", claimed, rule);
  }
  if (!applied->outcome)
    return found(What::command_id, "a new id", "the id of entry " + std::to_string(applied->known_seq));
  const std::string derived = format_outcome(*applied->outcome);
  if (derived != claimed) return found(What::outcome, derived, claimed);
  const auto legs = plain_.post(size_, command.payload, *applied->outcome);
  if (!legs) return found(What::legs, "a sum of 0", to_string(legs.error()));
  if (auto finding = check_legs(*legs)) return finding;
  if (auto wrong = totals_.add(size_, command.payload, *applied->outcome, *legs, state_))
    wrong_totals_.add(*std::move(wrong));
  if (const auto* end = std::get_if<EndOrigin>(&command.payload.body)) end_ = *end;
  if (trial_) trial_->note(command.payload, *applied->outcome);
  figures_.add(size_, entry.time_us, command.payload, *applied->outcome, state_);
  state_.accept();
  return std::nullopt;
}

std::optional<Finding> Replay::check_legs(const std::vector<Leg>& legs) {
  std::int64_t sum = 0;
  for (const Leg& leg : legs) sum += leg.points;
  if (sum != 0) return found(What::legs, "0", std::to_string(sum));
  for (const Leg& leg : legs) {
    const auto* account = state_.find<Account>({leg.account});
    if (!account) return found(What::balance, "an account", "none", {}, to_string(leg.account));
    if (auto finding = check_account(*account)) return finding;
  }
  return std::nullopt;
}

std::optional<Finding> Replay::check_account(const Account& account) const {
  const std::string id = to_string(account.id);
  if (account.balance.value != plain_.balance(account.id))
    return found(What::balance, std::to_string(plain_.balance(account.id)),
                 std::to_string(account.balance.value), {}, id);
  std::int64_t parts = account.held.value;
  for (const Lot& lot : account.lots) parts += lot.points.value;
  if (account.kind == AccountKind::resident && parts != account.balance.value)
    return found(What::lots, std::to_string(account.balance.value), std::to_string(parts), {}, id);
  // Only issuance has no floor; a shop's floor is the policy's, and the rules have judged it.
  const bool may_owe = account.kind == AccountKind::issuance || account.kind == AccountKind::shop;
  if (!may_owe && (account.balance.value < 0 || account.held.value < 0 || account.held > account.balance))
    return found(What::balance, "0 or more", std::to_string(account.balance.value), {}, id);
  return std::nullopt;
}

std::optional<Finding> Replay::close() {
  if (const auto ledger = rows_.get<LedgerRow>({1}); ledger && !ledger->chain.empty()) {
    auto finding = found(What::chain, "all of its commands: " + ledger->chain,
                         "the first " + std::to_string(ledger->chain_done));
    finding.entry = size_ - 1;
    return finding;
  }
  std::uint64_t sum = 0;  // unsigned, as the plain ledger's
  std::size_t moved = 0;
  std::optional<Finding> wrong;
  rows_.each<Account>([&](const Account& account) {
    if (!wrong) wrong = check_account(account);
    sum += static_cast<std::uint64_t>(account.balance.value);
    moved += plain_.knows(account.id) ? 1 : 0;
  });
  if (wrong) return wrong;
  if (sum != 0 || plain_.sum() != 0)
    return found(What::sum, "0", std::to_string(sum != 0 ? static_cast<std::int64_t>(sum) : plain_.sum()));
  if (moved != plain_.accounts()) return found(What::balance, "an account for every leg", "legs without one");
  closed_ = figures_.closed(rows_);
  if (as_of_) {
    State state(rows_);
    as_of_->end(state);
  }
  return std::nullopt;
}

Finding Replay::found(What what, std::string expected, std::string found, std::string rule,
                      std::string account) const {
  return {.entry = size_,
          .file = {},
          .what = what,
          .expected = std::move(expected),
          .found = std::move(found),
          .rule = std::move(rule),
          .account = std::move(account)};
}

}  // namespace dfb::audit
