#include "terminal/report/leaves.h"

#include <algorithm>

#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"

namespace dfb::terminal {
namespace {

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

Error out_of_order() { return fail(Code::wrong_entry, "the town's entries are not in their order"); }

std::int64_t settled_by(const Leaf& leaf) {
  const auto* transfer = std::get_if<book::Transfer>(&leaf.payload.body);
  const bool settles =
      transfer != nullptr && transfer->kind == book::TransferKind::settle && !leaf.outcome.refused;
  return settles ? transfer->through : -1;
}

}  // namespace

Result<std::string> LeafReading::KeptTiles::tile(int level, std::int64_t index, int width) {
  const auto at = std::tuple(level, index, width);
  if (const auto found = tiles_.find(at); found != tiles_.end()) return found->second;
  DFB_TRY(std::string bytes, reader_.tile(level, index, width));
  return tiles_.emplace(at, std::move(bytes)).first->second;
}

LeafReading::LeafReading(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us)
    : counter_(counter), line_(line), from_us_(from_us), until_us_(until_us), tiles_(line) {}

Result<bool> LeafReading::step() {
  DFB_TRY(const LeafPage page, line_.leaves(asked_));
  if (!asked_) {
    DFB_TRY(out_.under, counter_.see(page.checkpoint));
    last_ = undone_from_ = out_.under.size;
    asked_ = out_.under.size + 1;
  }
  DFB_TRY(const bool ends, read(page));
  if (ends || !page.next) return true;
  // Each page lies below the one before, so that there is a last one whatever the town says.
  if (*page.next > last_ || *page.next >= *asked_) return out_of_order();
  asked_ = *page.next;
  return false;
}

// True at the first entry that is older than what is wanted.
Result<bool> LeafReading::read(const LeafPage& page) {
  for (const auto& [seq, text] : page.leaves) {
    if (seq >= last_) return out_of_order();
    last_ = seq;
    ++count_;
    DFB_TRY(Leaf leaf, prove(seq, text, out_.under, tiles_));
    out_.settled_through = std::max(out_.settled_through, settled_by(leaf));
    if (leaf.time_us < from_us_ && seq < undone_from_ && holds_.empty()) return true;
    if (leaf.time_us >= until_us_) continue;
    holds_.erase(leaf.payload.id);
    const auto* resolve = std::get_if<book::Resolve>(&leaf.payload.body);
    const bool picked_up = resolve != nullptr && resolve->capture && !leaf.outcome.refused;
    if (picked_up && (leaf.time_us >= from_us_ || seq >= undone_from_)) holds_.insert(resolve->hold);
    if (leaf.time_us >= from_us_ && leaf.outcome.undone)
      undone_from_ = std::min(undone_from_, *leaf.outcome.undone);
    out_.leaves.push_back(std::move(leaf));
  }
  return false;
}

Leaves LeafReading::take() {
  std::reverse(out_.leaves.begin(), out_.leaves.end());
  return std::move(out_);
}

Result<Leaves> own_leaves(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us,
                          const std::function<void(std::size_t)>& progress) {
  LeafReading reading(counter, line, from_us, until_us);
  for (bool ended = false; !ended; progress(reading.count())) {
    DFB_TRY(ended, reading.step());
  }
  return reading.take();
}

}  // namespace dfb::terminal
