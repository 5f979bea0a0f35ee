#include "ledger/writer/rebuild.h"

#include "ledger/base/check.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/entry_text.h"
#include "ledger/writer/batch.h"

namespace dfb {
namespace {

constexpr std::int64_t kEntriesAtOnce = 1000;

// The keys as the entries before have enrolled them.
class KeysOfBatch final : public check::KeySource {
 public:
  explicit KeysOfBatch(Batch& batch) : batch_(batch) {}
  std::optional<PublicKey> key(const KeyId& id) const override {
    const auto* row = batch_.state().find<book::KeyRow>({id});
    if (!row) return std::nullopt;
    auto key = PublicKey::from_spki(row->spki);
    return key ? std::optional(*std::move(key)) : std::nullopt;
  }

 private:
  Batch& batch_;
};

Result<void> replay(Batch& batch, const std::string& origin, const std::string& text) {
  DFB_TRY(auto entry, log::parse_entry_text(text));
  if (entry.origin != origin || entry.seq != batch.size())
    return fail(Code::corrupt, "not the next entry of this log");
  DFB_TRY(const auto command,
          check::check(std::move(entry.payload), std::move(entry.signatures), KeysOfBatch(batch), origin));
  if (batch.entry_time(entry.time_us) != entry.time_us) return fail(Code::corrupt, "time went backwards");
  DFB_TRY(const auto draft, batch.decide_again(command, entry.time_us));
  if (draft.known_seq || draft.text != text) return fail(Code::corrupt, "the rules give another entry");
  batch.accept({draft});
  return ok();
}

Result<void> replay_range(store::Store& to, const std::string& origin, log::Edge& edge,
                          const std::vector<std::string>& texts, std::string_view note) {
  Batch batch(to, origin, edge);
  for (const auto& text : texts)
    if (auto done = replay(batch, origin, text); !done)
      return fail(Code::corrupt, "entry " + std::to_string(batch.size()) + ": " + to_string(done.error()));
  batch.finish(note);
  batch.transaction().commit();
  edge = batch.edge();
  return ok();
}

}  // namespace

Result<void> rebuild(store::Store& from, store::Store& to) {
  DFB_CHECK(to.snapshot()->size() == 0);
  const auto view = from.snapshot();
  const std::int64_t size = view->size();
  if (size == 0) return ok();
  const std::string note = view->checkpoint();
  DFB_TRY(const auto parsed, log::parse_note(note));
  DFB_TRY(const auto checkpoint, log::parse_checkpoint(parsed.text));
  log::Edge edge;
  while (edge.size() < size) {
    const auto texts = view->entries(edge.size(), kEntriesAtOnce);
    const bool last = edge.size() + std::ssize(texts) == size;
    if (texts.empty()) return fail(Code::corrupt, "entries are missing");
    DFB_TRY_VOID(replay_range(to, checkpoint.origin, edge, texts, last ? note : std::string()));
  }
  if (checkpoint.size != size || checkpoint.root != edge.root())
    return fail(Code::corrupt, "the entries do not give the stored checkpoint");
  return ok();
}

}  // namespace dfb
