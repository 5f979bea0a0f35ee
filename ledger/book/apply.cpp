#include "ledger/book/apply.h"

#include "ledger/book/authority.h"
#include "ledger/book/burns.h"
#include "ledger/book/decide.h"
#include "ledger/book/offline.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {
namespace {

constexpr TimeUs kClockBehindMaxUs = 15 * kMinuteUs;
constexpr TimeUs kAheadMaxUs = 5 * kMinuteUs;
constexpr TimeUs kAheadOfManyMaxUs = 7 * kDayUs;

// Commands that a second person or a new key has to sign, and those that want one for some accounts or sums
// alone: these have longer only when more than one did sign, and no other command has, whoever signs it too.
// Marked ² and ⁽²⁾ in docs/formats.md; transfers say so in their table.
template <class... Marked>
struct OneOf {
  template <class T>
  static constexpr bool has = (std::is_same_v<T, Marked> || ...);
};
using SignedByMany = OneOf<PublishPolicy, Genesis, Open, AddKey, GrantRole, EndRole, Import, AddWitness,
                           EndWitness, NextLogKey, ReplaceRoots, NextServerKey, EndOrigin, Reverse>;
using SometimesByMany = OneOf<Move, RevokeKey, SetState>;

bool signed_by_many(const Command& command) {
  const Body& body = command.payload.body;
  const bool several = command.signers.size() > 1;
  if (const auto* transfer = std::get_if<Transfer>(&body)) {
    auto by = transfer_row(transfer->kind).signed_by;
    return by == SignedBy::two_administrators || by == SignedBy::roots ||
           (by == SignedBy::officer && several);
  }
  return std::visit(
      [several](const auto& one) {
        using T = std::decay_t<decltype(one)>;
        return SignedByMany::has<T> || (SometimesByMany::has<T> && several);
      },
      body);
}

// Made without a clock that the ledger knows, and unique by allowance and counter instead.
bool sold_offline(const Body& body) {
  const auto* transfer = std::get_if<Transfer>(&body);
  return transfer && transfer->kind == TransferKind::redeem &&
         std::holds_alternative<OfflineProof>(transfer->proof);
}

// The first answer to an id, before any rule that depends on state, time or authority.
Result<std::optional<std::int64_t>> answered_before(State& state, const Command& command) {
  const auto* seen = state.find<CommandRow>({command.payload.id});
  if (!seen) return std::optional<std::int64_t>();
  if (seen->burnt_unseen != 0) return fail(Code::id_burnt, "this command was cancelled before it arrived");
  if (seen->digest != command.digest)
    return fail(Code::exists_with_different_content, "another command has this id");
  return std::optional(seen->seq);
}

void judge_times(Ruling& r) {
  TimeUs not_after_us = r.command.payload.not_after_us;
  TimeUs ahead_us = signed_by_many(r.command) ? kAheadOfManyMaxUs : kAheadMaxUs;
  if (!sold_offline(r.command.payload.body)) {
    r.verdict.refuse_if(r.now_us >= not_after_us, Code::too_late, "`not_after` has passed");
    r.verdict.refuse_if(not_after_us > r.now_us + ahead_us, Code::not_after_too_far,
                        "`not_after` is too far away");
  }
  r.verdict.refuse_if(r.now_us < r.ledger.last_time_us - kClockBehindMaxUs, Code::clock_behind,
                      "the clock is behind the last entry");
  bool confirms = std::holds_alternative<ConfirmClock>(r.command.payload.body);
  bool gap = r.policy && r.ledger.size > 0 &&
             r.now_us > r.ledger.last_time_us + r.policy->limits.idle_gap_hours * kHourUs;
  r.verdict.refuse_if(gap && !confirms, Code::clock_unconfirmed,
                      "after so long a pause an administrator confirms the time first");
}

std::string chain_text(const std::vector<Uuid>& ids) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : " ") + to_string(id);
  return text;
}

// The commands of a chain follow one another; nothing comes between them.
void judge_chain(Ruling& r) {
  const Payload& payload = r.command.payload;
  std::size_t place = static_cast<std::size_t>(r.ledger.chain_done);
  bool right = payload.linked.empty()
                   ? r.ledger.chain.empty()
                   : place < payload.linked.size() && payload.linked[place] == payload.id &&
                         (place == 0 || r.ledger.chain == chain_text(payload.linked));
  r.verdict.refuse_if(!right, Code::chain_broken, "the commands of a chain come together and in their order");
}

void note_chain(Ruling& r) {
  const auto& linked = r.command.payload.linked;
  if (linked.empty()) return;
  r.ledger.chain_done += 1;
  bool whole = static_cast<std::size_t>(r.ledger.chain_done) == linked.size();
  r.ledger.chain = whole ? std::string() : chain_text(linked);
  if (whole) r.ledger.chain_done = 0;
}

// The rows that every entry leaves: its id's first answer, the ledger's size and time.
void put_entry(Ruling& r) {
  CommandRow row;
  row.id = r.command.payload.id;
  row.digest = r.command.digest;
  row.seq = r.ledger.size;
  note_chain(r);
  row.refused = r.outcome.refused ? static_cast<std::int64_t>(*r.outcome.refused) : 0;
  r.state.put(std::move(row));
  r.ledger.size += 1;
  r.ledger.last_time_us = r.now_us;
  r.state.put(r.ledger);
}

Result<void> decide_command(Ruling& r) {
  const Body& body = r.command.payload.body;
  judge_times(r);
  judge_chain(r);
  r.verdict.refuse_if(r.ledger.ended != 0, Code::origin_ended,
                      "this origin was ended; go on with the new one");
  if (const auto* genesis = std::get_if<Genesis>(&body)) return decide(r, *genesis);
  if (!load_signers(r)) return r.verdict.result();
  return std::visit([&](const auto& one) { return decide(r, one); }, body);
}

}  // namespace

Result<Applied> apply(State& state, const Command& command, TimeUs now_us) {
  DFB_TRY(auto known, answered_before(state, command));
  if (known) return Applied{std::nullopt, *known};
  Ruling r{state, command, now_us, {}, state.policy_at(now_us), {}, {}, {}, {}};
  if (const auto* ledger = state.find<LedgerRow>({1})) r.ledger = *ledger;
  if (auto decided = decide_command(r); !decided) {
    Error refusal = decided.error();
    state.drop();
    if (!burns(r, refusal.code) || burns_exhausted(r)) return refusal;
    r.outcome = {};
    r.outcome.refused = refusal.code;
    count_burn(r);
    if (r.conviction) convict(r, std::get<Transfer>(command.payload.body));
  }
  put_entry(r);
  return Applied{std::move(r.outcome), -1};
}

}  // namespace dfb::book
