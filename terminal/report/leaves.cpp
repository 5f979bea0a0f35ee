#include "terminal/report/leaves.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"
#include "ledger/log/tile.h"

namespace dfb::terminal {
namespace {

// Entries of one shop lie close together: most of their proofs come from the same tiles.
class KeptTiles final : public log::TileReader {
 public:
  explicit KeptTiles(log::TileReader& reader) : reader_(reader) {}
  Result<std::string> tile(int level, std::int64_t index, int width) override {
    const auto at = std::tuple(level, index, width);
    if (const auto found = tiles_.find(at); found != tiles_.end()) return found->second;
    DFB_TRY(std::string bytes, reader_.tile(level, index, width));
    return tiles_.emplace(at, std::move(bytes)).first->second;
  }

 private:
  log::TileReader& reader_;
  std::map<std::tuple<int, std::int64_t, int>, std::string> tiles_;
};

Result<Leaf> prove(std::int64_t seq, const std::string& text, const log::Checkpoint& under,
                   log::TileReader& tiles) {
  DFB_TRY(const auto path, log::inclusion_path(seq, under.size, tiles));
  DFB_TRY_VOID(log::verify_inclusion(log::leaf_hash(text), seq, under.size, path, under.root));
  DFB_TRY(const auto entry, log::parse_entry_text(text));
  if (entry.seq != seq || entry.origin != under.origin)
    return fail(Code::wrong_entry, "the town sent another entry than it named");
  Leaf leaf{seq, entry.time_us, {}, {}};
  DFB_TRY(leaf.payload, book::parse_payload(entry.payload));
  DFB_TRY(leaf.outcome, book::parse_outcome(entry.outcome));
  return leaf;
}

}  // namespace

Result<Leaves> own_leaves(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us,
                          const std::function<void(std::size_t)>& progress) {
  DFB_TRY(LeafPage page, line.leaves(std::nullopt));
  Leaves out;
  DFB_TRY(out.under, counter.see(page.checkpoint));
  KeptTiles tiles(line);
  std::int64_t undone_from = out.under.size;  // the oldest entry that a cancel of the time undid
  std::int64_t last = out.under.size, asked = out.under.size + 1;
  for (std::size_t read = 0;;) {
    for (const auto& [seq, text] : page.leaves) {
      if (seq >= last) return fail(Code::wrong_entry, "the town's entries are not in their order");
      last = seq;
      progress(++read);
      DFB_TRY(Leaf leaf, prove(seq, text, out.under, tiles));
      if (leaf.time_us < from_us && seq < undone_from) {
        std::reverse(out.leaves.begin(), out.leaves.end());
        return out;
      }
      if (leaf.time_us >= until_us) continue;
      if (leaf.time_us >= from_us && leaf.outcome.undone)
        undone_from = std::min(undone_from, *leaf.outcome.undone);
      out.leaves.push_back(std::move(leaf));
    }
    if (!page.next) break;
    // Each page lies below the one before, so that there is a last one whatever the town says.
    if (*page.next > last || *page.next >= asked)
      return fail(Code::wrong_entry, "the town's entries are not in their order");
    asked = *page.next;
    DFB_TRY(page, line.leaves(asked));
  }
  std::reverse(out.leaves.begin(), out.leaves.end());
  return out;
}

}  // namespace dfb::terminal
