#include "terminal/report/leaves.h"

#include <algorithm>
#include <utility>

#include "ledger/base/check.h"
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

Result<std::string> LeafPages::KeptTiles::tile(int level, std::int64_t index, int width) {
  const auto at = std::tuple(level, index, width);
  if (const auto found = tiles_.find(at); found != tiles_.end()) return found->second;
  DFB_TRY(std::string bytes, reader_.tile(level, index, width));
  return tiles_.emplace(at, std::move(bytes)).first->second;
}

LeafPages::LeafPages(Counter& counter, Line& line, std::optional<std::int64_t> before)
    : counter_(counter), line_(line), tiles_(line), before_(before) {}

Result<LeafPage> LeafPages::ask() {
  DFB_TRY(LeafPage page, line_.leaves(before_));
  if (!std::exchange(begun_, true)) {
    DFB_TRY(under_, counter_.see(page.checkpoint));
    last_ = std::min(under_.size, before_.value_or(under_.size));
    before_ = last_ + 1;
  }
  return page;
}

Result<std::vector<Leaf>> LeafPages::next() {
  DFB_CHECK(more_);
  DFB_TRY(const LeafPage page, ask());
  std::vector<Leaf> leaves;
  for (const auto& [seq, text] : page.leaves) {
    if (seq >= last_) return out_of_order();
    last_ = seq;
    DFB_TRY(Leaf leaf, prove(seq, text, under_, tiles_));
    if (const auto goods = page.goods.find(seq); goods != page.goods.end()) leaf.goods = goods->second;
    leaves.push_back(std::move(leaf));
  }
  more_ = page.next.has_value();
  if (!more_) return leaves;
  // Each page lies below the one before, so that there is a last one whatever the town says.
  if (*page.next > last_ || *page.next >= *before_) return out_of_order();
  before_ = *page.next;
  return leaves;
}

LeafReading::LeafReading(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us)
    : pages_(counter, line), from_us_(from_us), until_us_(until_us) {}

Result<bool> LeafReading::step() {
  const bool first = count_ == 0;
  DFB_TRY(auto page, pages_.next());
  out_.under = pages_.under();
  if (first) undone_from_ = out_.under.size;
  return read(std::move(page)) || !pages_.has_more();
}

// True at the first entry that is older than what is wanted.
bool LeafReading::read(std::vector<Leaf> page) {
  for (Leaf& leaf : page) {
    ++count_;
    const std::int64_t seq = leaf.seq;
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
