// The fields of policy and authority commands, in the documented order: docs/formats.md#policy, #authority.
// One declaration serves reading and writing. Inner to ledger/book/payload.cpp.
#pragma once
#include <algorithm>
#include <set>

#include "ledger/book/card_number.h"
#include "ledger/book/command.h"
#include "ledger/book/payload_fields.h"
#include "ledger/book/payload_io.h"

namespace dfb::book {

inline constexpr std::int64_t kExpiryMonthsMax = 120, kSpanMax = 36'500, kRootsMax = 15;

// Spans stay small enough to be turned into µs without overflow.
inline std::int64_t limit_max(std::string_view name) {
  return name.ends_with("_days") || name.ends_with("_hours") ? kSpanMax : kPointsMax.value;
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Limits> limits) {
#define DFB_X(name) io.integer(#name, limits.name, 0, limit_max(#name));
  DFB_LIMITS(DFB_X)
#undef DFB_X
}

inline void expiry_field(PayloadReader& io, int& months) {
  std::int64_t value = 0;
  io.integer("expiry_months", value, 1, kExpiryMonthsMax);
  months = static_cast<int>(value);
}
inline void expiry_field(PayloadWriter& io, int months) {
  io.integer("expiry_months", months, 1, kExpiryMonthsMax);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Rule> rule) {
  io.text("id", rule.id, is_name);
  io.text("kind", rule.kind, is_rule_kind);
  io.points("points", rule.points);
  io.texts(
      "caps", rule.caps, [](const Cap& cap) { return to_string(cap); }, parse_cap);
  io.word("unique", rule.unique);
  io.word("proof", rule.proof);
  io.word("review", rule.review);
  expiry_field(io, rule.expiry_months);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<PublishPolicy> publish) {
  io.integer("version", publish.policy.version, 1, kIntegerMax);
  io.integer("book", publish.policy.book, 1, kIntegerMax);
  time(io, "from", publish.policy.from_us);
  auto inner = [](auto& inner_io, auto& item) { fields(inner_io, item); };
  io.objects("rules", publish.policy.rules, inner);
  io.object("limits", publish.policy.limits, inner);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<PublishTask> publish) {
  io.text("task", publish.task.task, is_name);
  io.text("rule", publish.task.rule, is_name);
  io.text("scope", publish.task.scope, is_scope);
  time(io, "opens", publish.task.opens_us);
  time(io, "closes", publish.task.closes_us);
  io.account("budget", publish.task.budget);
  io.texts("sites", publish.task.sites, hash_text, parse_hash_text);
  io.word("review", publish.task.review);
}

inline Result<std::string> parse_spki(std::string_view text) {
  DFB_TRY(auto der, base64url_decode(text));
  if (!is_spki(der)) return fail(Code::malformed, "a key has 91 bytes");
  return der;
}
template <class T>
bool all_different(const std::vector<T>& items) {
  return std::set<T>(items.begin(), items.end()).size() == items.size();
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Former> former) {
  io.text("origin", former.origin, is_vkey);
  io.integer("size", former.size, 0, kIntegerMax);
  io.hash("root", former.root);
}
inline void former_field(PayloadReader& io, std::optional<Former>& former) {
  if (!io.has("continues", false)) return;
  io.object("continues", former.emplace(), [](auto& inner, auto& item) { fields(inner, item); });
}
inline void former_field(PayloadWriter& io, const std::optional<Former>& former) {
  if (former) io.object("continues", *former, [](auto& inner, auto& item) { fields(inner, item); });
}

// `T` has the town's roots and how many of them sign.
template <class Io, class T>
void root_fields(Io& io, T& set) {
  io.integer("threshold", set.threshold, 1, kRootsMax);
  io.texts(
      "roots", set.roots, [](const std::string& der) { return base64url_encode(der); }, parse_spki);
  io.require([&] { return set.roots.size() <= kRootsMax && all_different(set.roots); },
             "at most 15 roots, all different");
  io.require([&] { return set.threshold <= static_cast<std::int64_t>(set.roots.size()); },
             "a threshold above the number of roots");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Genesis> genesis) {
  root_fields(io, genesis);
  io.bytes("server", genesis.server, is_spki);
  io.text("log", genesis.log_vkey, is_vkey);
  former_field(io, genesis.continues);
}

inline bool is_right_open(const Open& open) {
  using enum AccountKind;
  if (open.account.value < kFirstFreeAccount) return false;
  if (open.kind == resident) return open.level != Level::none;
  return (open.kind == budget || open.kind == shop) && open.level == Level::none && open.household.empty();
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Open> open) {
  io.account("account", open.account);
  io.word("kind", open.kind);
  io.text("scope", open.scope, is_scope);
  io.text("household", open.household, is_household);
  io.word("level", open.level);
  io.bytes("key", open.key, is_spki_or_empty);
  io.require([&] { return is_right_open(open); },
             "only residents have a level and a household; budgets, shops and residents are opened, from "
             "2^32 upward");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Move> move) {
  io.account("account", move.account);
  io.text("scope", move.scope, is_scope);
  io.text("household", move.household, is_household);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<SetLevel> level) {
  io.account("account", level.account);
  io.word("level", level.level);
  io.hash("evidence", level.evidence);
  io.require([&] { return level.level != Level::none; }, "level none is no resident's");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<AddKey> add) {
  io.account("account", add.account);
  io.word("use", add.use);
  io.bytes("key", add.key, is_spki);
  time(io, "until", add.until_us);
  if (add.use == KeyUse::site) io.text("place", add.place, is_name);
  io.require([&] { return add.use != KeyUse::root && add.use != KeyUse::server; },
             "roots and the server's key come by genesis, roots and server_key");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<RevokeKey> revoke) {
  io.hash("key", revoke.key);
  io.text("memo", revoke.memo, is_memo);
}

inline constexpr Words<2> kCardStates{"closed", "open"};

template <class Io>
void fields(Io& io, typename Io::template Ref<SetCard> set) {
  io.account("account", set.account);
  io.account("card", set.card);
  io.word("state", kCardStates, set.open);
  io.text("memo", set.memo, is_memo);
  io.require([&] { return set.card.value < kCardNumbers; }, "a card's number has at most 12 decimal digits");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<GrantRole> grant) {
  io.account("account", grant.account);
  io.word("role", grant.role);
  io.text("scope", grant.scope, is_scope);
  time(io, "from", grant.from_us);
  time(io, "until", grant.until_us);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<EndRole> end) {
  io.account("account", end.account);
  io.word("role", end.role);
  io.text("scope", end.scope, is_scope);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<SetState> state) {
  io.account("account", state.account);
  io.word("state", state.state);
  io.text("memo", state.memo, is_memo);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Roster> roster) {
  io.text("scope", roster.scope, is_scope);
  io.texts(
      "accounts", roster.accounts, [](AccountId id) { return to_string(id); }, parse_account);
  io.hash("evidence", roster.evidence);
  io.require([&] { return !roster.accounts.empty() && all_different(roster.accounts); },
             "a roster names at least one account, none twice");
}

inline Result<ImportRow> parse_import_row(const std::vector<std::string>& cells) {
  ImportRow row{{}, cells[1], cells[2]};
  DFB_TRY(row.account, parse_account(cells[0]));
  if (row.account.value < kFirstFreeAccount || !is_scope(row.scope) || !is_household(row.household))
    return fail(Code::malformed, "a row is account, scope, household");
  return row;
}
inline bool are_import_rows(const std::vector<ImportRow>& rows) {
  std::vector<AccountId> accounts;
  for (const auto& row : rows) accounts.push_back(row.account);
  return !accounts.empty() && all_different(accounts);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Import> import) {
  auto format = [](const ImportRow& row) {
    return std::array{to_string(row.account), row.scope, row.household};
  };
  io.rows("rows", import.rows, 3, format, parse_import_row);
  io.hash("evidence", import.evidence);
  io.require([&] { return are_import_rows(import.rows); },
             "an import has at least one row, no account twice");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<AddWitness> witness) {
  io.text("name", witness.name, is_vkey);
  io.text("vkey", witness.vkey, is_vkey);
  io.require([&] { return witness.vkey.starts_with(witness.name + "+"); }, "the vkey is of another name");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<NextLogKey> next) {
  io.text("vkey", next.vkey, is_vkey);
  time(io, "until", next.until_us);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<EndWitness> end) {
  io.text("name", end.name, is_vkey);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<ReplaceRoots> roots) {
  root_fields(io, roots);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<NextServerKey> next) {
  io.bytes("key", next.key, is_spki);
  time(io, "until", next.until_us);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<ConfirmClock> clock) {
  time(io, "confirm", clock.confirm_us);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<EndOrigin> end) {
  io.integer("size", end.size, 0, kIntegerMax);
  io.hash("root", end.root);
}

}  // namespace dfb::book
