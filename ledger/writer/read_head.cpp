#include "ledger/writer/read_head.h"

#include "ledger/log/merkle.h"
#include "ledger/writer/log_keys.h"

namespace dfb {
namespace {

class FullTiles final : public log::TileReader {
 public:
  explicit FullTiles(const store::View& view) : view_(view) {}
  Result<std::string> tile(int level, std::int64_t index, int) override {
    if (auto bytes = view_.tile(level, index)) return *std::move(bytes);
    return fail(Code::corrupt, log::format_tile_path({false, level, index, log::kTileWidth}) + " is missing");
  }

 private:
  const store::View& view_;
};

// The last entries are the only ones whose leaves no tile holds; the auditor looks at all of them.
Result<log::Edge> read_edge(const store::View& view, std::int64_t size) {
  const std::int64_t last = size % log::kTileWidth;
  const auto leaves = view.leaves(size - last, last);
  const auto entries = view.entries(size - last, last);
  if (leaves.size() != entries.size()) return fail(Code::corrupt, "entries are missing");
  for (std::size_t i = 0; i < leaves.size(); ++i)
    if (log::leaf_hash(entries[i]) != leaves[i])
      return fail(Code::corrupt,
                  "entry " + std::to_string(size - last + std::int64_t(i)) + " is not what was hashed");
  FullTiles tiles(view);
  return log::Edge::rebuild(size, tiles, leaves);
}

Result<log::Checkpoint> open_stored(const std::string& note, const std::vector<log::Vkey>& keys) {
  Result<log::Checkpoint> checkpoint = fail(Code::unknown_key);
  for (const log::Vkey& key : keys) {
    checkpoint = log::open_checkpoint(note, key);
    if (!checkpoint) break;
  }
  if (checkpoint) return checkpoint;
  switch (checkpoint.error().code) {
    case Code::unknown_key:
    case Code::bad_signature:
      return fail(Code::bad_signature,
                  "the stored checkpoint is not signed by the log's own keys: restore a backup");
    default:
      return fail(Code::corrupt, "the stored checkpoint cannot be read: restore a backup");
  }
}

Result<void> check_own(const std::vector<log::Vkey>& keys, const log::Signer& own) {
  for (const log::Vkey& key : keys)
    if (own.has(format_vkey(key))) return ok();
  return fail(Code::bad_signature,
              "the stored checkpoint is not signed by this log key: check the key files and the origin");
}

}  // namespace

Result<store::Head> read_head(const store::View& view) {
  const std::int64_t size = view.size();
  const std::string note = view.checkpoint();
  const auto ledger = view.get<book::LedgerRow>({1});
  if ((ledger ? ledger->size : 0) != size)
    return fail(Code::corrupt, "the ledger's tables are not those of its entries: restore a backup");
  if (size == 0 && note.empty()) return fail(Code::not_found, "the ledger is empty");
  DFB_TRY(const auto keys, log_keys_in_force(view));
  DFB_TRY(const auto checkpoint, open_stored(note, keys));
  DFB_TRY(auto edge, read_edge(view, size));
  if (checkpoint.size != size || checkpoint.root != edge.root())
    return fail(Code::corrupt,
                "the stored entries and tiles do not give the stored checkpoint: restore a backup");
  return store::Head{std::move(edge), checkpoint, note};
}

Result<store::Head> read_head(const store::View& view, const log::Signer& own) {
  if (view.size() == 0 && view.checkpoint().empty() && !view.get<book::LedgerRow>({1}))
    return store::Head{{}, {own.origin(), 0, log::empty_root()}, ""};
  DFB_TRY(const auto keys, log_keys_in_force(view));
  DFB_TRY_VOID(check_own(keys, own));
  return read_head(view);
}

}  // namespace dfb
