#include "ledger/writer/rebuild.h"

#include "ledger/base/check.h"
#include "ledger/book/apply.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/entry_text.h"
#include "ledger/writer/batch.h"

namespace dfb {
namespace {

constexpr std::int64_t kEntriesAtOnce = 1000;

// The keys as the entries before have enrolled them.
class KeysOfState final : public check::KeySource {
 public:
  explicit KeysOfState(book::State& state) : state_(state) {}
  std::optional<PublicKey> key(const KeyId& id) const override {
    const auto* row = state_.find<book::KeyRow>({id});
    if (!row) return std::nullopt;
    auto key = PublicKey::from_spki(row->spki);
    return key ? std::optional(*std::move(key)) : std::nullopt;
  }

 private:
  book::State& state_;
};

Error at(std::int64_t seq, const Error& error) {
  return fail(Code::corrupt, "entry " + std::to_string(seq) + ": " + to_string(error));
}

Result<log::Checkpoint> stored_checkpoint(const store::View& view) {
  DFB_TRY(const auto note, log::parse_note(view.checkpoint()));
  return log::parse_checkpoint(note.text);
}

// Signed by keys that may be gone, so nothing gives them again.
void carry_log_keys(const store::View& from, store::Store& to) {
  const auto changes = from.log_key_changes();
  if (changes.empty()) return;
  const auto transaction = to.begin();
  for (const auto& change : changes) transaction->put_log_key_change(change);
  transaction->commit();
}

Result<void> replay(Batch& batch, const std::string& origin, const std::string& text) {
  DFB_TRY(auto entry, log::parse_entry_text(text));
  if (entry.origin != origin || entry.seq != batch.size())
    return fail(Code::corrupt, "not the next entry of this log");
  DFB_TRY(const auto command, check::check(std::move(entry.payload), std::move(entry.signatures),
                                           KeysOfState(batch.state()), origin));
  if (batch.entry_time(entry.time_us) != entry.time_us) return fail(Code::corrupt, "time went backwards");
  DFB_TRY(const auto draft, batch.decide_again(command, entry.time_us));
  if (draft.known_seq || draft.text != text) return fail(Code::corrupt, "the rules give another entry");
  batch.accept({draft});
  return ok();
}

Result<void> replay_range(store::Store& to, const std::string& origin, log::Edge& edge, book::State& state,
                          const std::vector<std::string>& texts, std::string_view note) {
  Batch batch(to, origin, edge, state);
  for (const auto& text : texts)
    if (auto done = replay(batch, origin, text); !done) return at(batch.size(), done.error());
  batch.finish(note);
  batch.transaction().commit();
  state.keep();
  edge = batch.edge();
  return ok();
}

// The effects alone: the entry is there, with its tiles.
Result<void> replay_effects(book::State& state, const std::string& origin, std::int64_t seq,
                            const std::string& text) {
  DFB_TRY(auto entry, log::parse_entry_text(text));
  if (entry.origin != origin || entry.seq != seq)
    return fail(Code::corrupt, "not the next entry of this log");
  DFB_TRY(const auto command,
          check::check(std::move(entry.payload), std::move(entry.signatures), KeysOfState(state), origin));
  DFB_TRY(const auto applied, book::apply(state, command.command(), entry.time_us));
  if (!applied.outcome || book::format_outcome(*applied.outcome) != entry.outcome)
    return fail(Code::corrupt, "the rules give another entry");
  state.accept();
  return ok();
}

}  // namespace

Result<void> rebuild(store::Store& from, store::Store& to, const store::Progress& progress) {
  DFB_CHECK(to.snapshot()->size() == 0);
  const auto view = from.snapshot();
  const std::int64_t size = view->size();
  if (size == 0) return ok();
  const std::string note = view->checkpoint();
  DFB_TRY(const auto checkpoint, stored_checkpoint(*view));
  log::Edge edge;
  book::State state;
  while (edge.size() < size) {
    const auto texts = view->entries(edge.size(), kEntriesAtOnce);
    const bool last = edge.size() + std::ssize(texts) == size;
    if (texts.empty()) return fail(Code::corrupt, "entries are missing");
    DFB_TRY_VOID(replay_range(to, checkpoint.origin, edge, state, texts, last ? note : std::string()));
    progress(edge.size(), size);
  }
  if (checkpoint.size != size || checkpoint.root != edge.root())
    return fail(Code::corrupt, "the entries do not give the stored checkpoint");
  carry_log_keys(*view, to);
  return ok();
}

Result<void> replay_rows(store::Store& store, const store::Progress& progress) {
  const auto transaction = store.begin();
  const std::int64_t size = transaction->size();
  if (size == 0 || transaction->get<book::LedgerRow>({1})) return ok();
  DFB_TRY(const auto checkpoint, stored_checkpoint(*transaction));
  book::State state(*transaction);
  for (std::int64_t seq = 0; seq < size; progress(seq, size)) {
    const auto texts = transaction->entries(seq, kEntriesAtOnce);
    if (texts.empty()) return fail(Code::corrupt, "entries are missing");
    for (const auto& text : texts) {
      if (auto done = replay_effects(state, checkpoint.origin, seq, text); !done)
        return at(seq, done.error());
      ++seq;
    }
    state.for_each_change([&](const auto& row) { transaction->put(row); });
    state.keep();
  }
  transaction->commit();
  return ok();
}

}  // namespace dfb
