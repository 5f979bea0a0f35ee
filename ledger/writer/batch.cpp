#include "ledger/writer/batch.h"

#include <algorithm>

#include "ledger/base/check.h"
#include "ledger/book/apply.h"
#include "ledger/book/touched.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"

namespace dfb {
namespace {

constexpr TimeUs kClockSlackUs = 15 * kMinuteUs;

// What an id's first answer decides holds at any time; every other rule would be judged by a wrong clock.
bool answers_without_clock(const Result<book::Applied>& applied) {
  if (applied) return !applied->outcome;
  return applied.error().code == Code::exists_with_different_content ||
         applied.error().code == Code::id_burnt;
}

// What was sent together is one command without links, or exactly the chain that each of its commands names.
Result<void> check_whole(const std::vector<check::CheckedCommand>& commands) {
  DFB_CHECK(!commands.empty());
  const auto& linked = commands.front().command().payload.linked;
  if (linked.empty() && commands.size() == 1) return ok();
  bool whole = linked.size() == commands.size();
  for (std::size_t i = 0; whole && i < commands.size(); ++i) {
    const auto& payload = commands[i].command().payload;
    whole = payload.linked == linked && payload.id == linked[i];
  }
  return whole ? ok() : fail(Code::chain_broken, "linked commands come as one whole chain, in its order");
}

}  // namespace

Batch::Batch(store::Store& store, std::string origin, log::Edge edge, book::State& state)
    : origin_(std::move(origin)), transaction_(store.begin()), state_(state), edge_(std::move(edge)) {
  state_.read_from(*transaction_);
  DFB_CHECK(transaction_->size() == edge_.size());
}

TimeUs Batch::entry_time(TimeUs now_us) {
  const auto* ledger = state_.find<book::LedgerRow>({1});
  const TimeUs last_us = ledger ? ledger->last_time_us : 0;
  return now_us < last_us - kClockSlackUs ? now_us : std::max(now_us, last_us);
}

Result<std::vector<Batch::Draft>> Batch::decide(const std::vector<check::CheckedCommand>& commands,
                                                TimeUs time_us) {
  if (auto whole = check_whole(commands); !whole) return answered_before_or(whole.error(), commands, time_us);
  std::vector<Draft> drafts;
  for (const auto& command : commands) {
    auto draft = decide_one(command, size() + static_cast<std::int64_t>(drafts.size()), time_us);
    // The state holds what the chain's earlier commands did, and lets go of all of it at once.
    if (!draft) return draft.error();
    drafts.push_back(*std::move(draft));
    if (drafts.back().known_seq.has_value() == drafts.front().known_seq.has_value()) continue;
    state_.drop();
    return fail(Code::chain_broken, "some commands of the chain were answered before, others were not");
  }
  return drafts;
}

// Before every other rule stands the id, also before that of the whole chain.
Result<std::vector<Batch::Draft>> Batch::answered_before_or(
    Error broken, const std::vector<check::CheckedCommand>& commands, TimeUs time_us) {
  if (commands.size() > 1) return broken;
  auto draft = decide_one(commands.front(), size(), time_us);
  state_.drop();
  if (draft && draft->known_seq) return std::vector<Draft>{*std::move(draft)};
  const bool by_id = !draft && (draft.error().code == Code::id_burnt ||
                                draft.error().code == Code::exists_with_different_content);
  return by_id ? draft.error() : broken;
}

Result<Batch::Draft> Batch::decide_one(const check::CheckedCommand& command, std::int64_t seq,
                                       TimeUs time_us) {
  const auto* ledger = state_.find<book::LedgerRow>({1});
  const bool clock_behind = ledger && time_us < ledger->last_time_us;
  auto applied = book::apply(state_, command.command(), time_us);
  if (!applied || (clock_behind && applied->outcome)) state_.drop();
  if (clock_behind && !answers_without_clock(applied))
    return fail(Code::clock_behind, "the server's clock is more than 15 minutes behind the last entry");
  if (!applied) return applied.error();
  Draft draft;
  if (!applied->outcome) {
    draft.known_seq = applied->known_seq;
    return draft;
  }
  draft.seq = seq;
  draft.time_us = time_us;
  draft.outcome = *std::move(applied->outcome);
  auto text = log::format_entry_text({origin_, draft.seq, time_us, command.payload(),
                                      book::format_outcome(draft.outcome), command.signatures()});
  if (!text) {
    state_.drop();
    if (text.error().code == Code::too_large)
      return fail(Code::entry_too_large, "the entry would not fit a leaf");
    return text.error();
  }
  draft.text = *std::move(text);
  draft.changes_log_key = std::holds_alternative<book::NextLogKey>(command.command().payload.body);
  draft.touched = touched(command.command().payload, draft.outcome);
  return draft;
}

// What a payload names only by its id, looked up while the state still holds it.
std::vector<book::AccountId> Batch::touched(const book::Payload& payload, const book::Outcome& outcome) {
  if (const auto* cancel = std::get_if<book::Cancel>(&payload.body)) {
    if (const auto* sale = state_.find<book::SaleRow>({cancel->target}))
      return book::touched(payload, outcome, book::parties(*sale));
    if (const auto* hold = state_.find<book::HoldRow>({cancel->target}))
      return book::touched(payload, outcome, book::parties(*hold));
  } else if (const auto* resolve = std::get_if<book::Resolve>(&payload.body)) {
    if (const auto* hold = state_.find<book::HoldRow>({resolve->hold}))
      return book::touched(payload, outcome, book::parties(*hold));
  } else if (const auto* reverse = std::get_if<book::Reverse>(&payload.body)) {
    if (const auto* award = state_.find<book::AwardRow>({reverse->entry}))
      return book::touched(payload, outcome, book::parties(*award));
  } else if (const auto* revoke = std::get_if<book::RevokeKey>(&payload.body)) {
    const auto* key = state_.find<book::KeyRow>({revoke->key});
    if (key && key->account.value != 0) return book::touched(payload, outcome, {&key->account, 1});
  }
  return book::touched(payload, outcome);
}

void Batch::accept(const std::vector<Draft>& drafts) {
  for (const auto& draft : drafts) {
    DFB_CHECK(!draft.known_seq && draft.seq == size());
    const Hash leaf = log::leaf_hash(draft.text);
    if (draft.changes_log_key) log_key_changes_.push_back(draft.seq);
    transaction_->append(draft.seq, draft.text, leaf, draft.touched);
    for (const auto& tile : edge_.append(leaf)) transaction_->put_tile(tile);
  }
  state_.accept();
}

void Batch::finish(std::string_view note) {
  state_.for_each_change([this](const auto& row) { transaction_->put(row); });
  if (!note.empty()) transaction_->put_checkpoint(note);
}

void Batch::keep_log_key_changes(const std::string& note) {
  for (const std::int64_t seq : log_key_changes_) transaction_->put_log_key_change({seq, note});
}

}  // namespace dfb
