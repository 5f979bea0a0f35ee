#include "ledger/book/apply.h"

#include "ledger/book/authority.h"
#include "ledger/book/burns.h"
#include "ledger/book/decide.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {
namespace {

constexpr TimeUs kClockBehindMaxUs = 15 * kMinuteUs;
constexpr TimeUs kAheadMaxUs = 5 * kMinuteUs;
constexpr TimeUs kAheadOfManyMaxUs = 7 * kDayUs;

// Commands that a second person or a new key always has to sign; others of these operations may be signed so.
// Marked ² in docs/formats.md; transfers say so in their table.
template <class... Marked>
struct OneOf {
  template <class T>
  static constexpr bool has = (std::is_same_v<T, Marked> || ...);
};
using SignedByMany = OneOf<PublishPolicy, Genesis, Open, AddKey, GrantRole, EndRole, Import, AddWitness,
                           NextLogKey, EndOrigin, Reverse>;

bool signed_by_many(const Command& command) {
  const Body& body = command.payload.body;
  if (const auto* transfer = std::get_if<Transfer>(&body)) {
    auto by = transfer_row(transfer->kind).signed_by;
    return by == SignedBy::two_administrators || by == SignedBy::roots;
  }
  return command.signers.size() > 1 ||
         std::visit([](const auto& one) { return SignedByMany::has<std::decay_t<decltype(one)>>; }, body);
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
  r.verdict.refuse_if(r.now_us >= not_after_us, Code::too_late, "`not_after` has passed");
  r.verdict.refuse_if(not_after_us > r.now_us + ahead_us, Code::not_after_too_far,
                      "`not_after` is too far away");
  r.verdict.refuse_if(r.now_us < r.ledger.last_time_us - kClockBehindMaxUs, Code::clock_behind,
                      "the clock is behind the last entry");
}

// The rows that every entry leaves: its id's first answer, the ledger's size and time.
void put_entry(Ruling& r) {
  CommandRow row;
  row.id = r.command.payload.id;
  row.digest = r.command.digest;
  row.seq = r.ledger.size;
  row.refused = r.outcome.refused ? static_cast<std::int64_t>(*r.outcome.refused) : 0;
  r.state.put(std::move(row));
  r.ledger.size += 1;
  r.ledger.last_time_us = r.now_us;
  r.state.put(r.ledger);
}

Result<void> decide_command(Ruling& r) {
  const Body& body = r.command.payload.body;
  judge_times(r);
  if (!r.command.payload.linked.empty()) return not_taken("linked commands");
  if (const auto* genesis = std::get_if<Genesis>(&body)) return decide(r, *genesis);
  if (!load_signers(r)) return r.verdict.result();
  return std::visit([&](const auto& one) { return decide(r, one); }, body);
}

}  // namespace

Result<Applied> apply(State& state, const Command& command, TimeUs now_us) {
  DFB_TRY(auto known, answered_before(state, command));
  if (known) return Applied{std::nullopt, *known};
  Ruling r{state, command, now_us, {}, state.policy_at(now_us), {}, {}, {}};
  if (const auto* ledger = state.find<LedgerRow>({1})) r.ledger = *ledger;
  if (auto decided = decide_command(r); !decided) {
    Error refusal = decided.error();
    state.drop();
    if (!burns(r, refusal.code) || burns_exhausted(r)) return refusal;
    r.outcome = {};
    r.outcome.refused = refusal.code;
    count_burn(r);
  }
  put_entry(r);
  return Applied{std::move(r.outcome), -1};
}

}  // namespace dfb::book
