#include "api/programme/shift_figures.h"

#include <limits>
#include <map>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/shift_report.h"
#include "ledger/log/entry_text.h"

namespace dfb::programme {
namespace {

using namespace book;

constexpr std::int64_t kShiftPage = 50;

// Goes from the newest entry back, so that what undoes a sale comes before it.
class ShiftReader {
 public:
  ShiftFigures figures;

  // False at the Z report before.
  bool take(const Payload& payload, const Outcome& outcome, std::int64_t seq) {
    if (outcome.refused) return true;
    if (outcome.undone) undone_[*outcome.undone] = outcome.points.value_or(Points{});
    if (const auto* record = std::get_if<Record>(&payload.body)) {
      if (record->kind == kXReport && !figures.reading) figures.reading = *record;
      if (record->kind != kZReport) return true;
      figures.last = *record;
      return false;
    }
    if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
      if (transfer->kind == TransferKind::redeem) sale(transfer->points, seq);
      if (transfer->kind == TransferKind::refund) {
        ++figures.refunds;
        figures.refunded += transfer->points.value;
      }
    }
    if (const auto* resolve = std::get_if<Resolve>(&payload.body); resolve && resolve->capture)
      sale(resolve->points, seq);
    return true;
  }

 private:
  // What was given back of an undone sale before it was undone stays in both sums.
  void sale(Points points, std::int64_t seq) {
    const auto undone = undone_.find(seq);
    if (undone == undone_.end()) ++figures.count;
    figures.total += points.value - (undone == undone_.end() ? 0 : undone->second.value);
  }
  std::map<std::int64_t, Points> undone_;
};

}  // namespace

ShiftFigures shift_figures(const store::View& view, AccountId shop, const KeyId& till) {
  ShiftReader reader;
  const std::string by = hash_text(till);
  for (std::int64_t before = std::numeric_limits<std::int64_t>::max();;) {
    const auto page = view.entries_of(shop, before, kShiftPage);
    for (const std::int64_t seq : page) {
      const auto texts = view.entries(seq, 1);
      DFB_CHECK(texts.size() == 1);
      const auto entry = log::parse_entry_text(texts.front());
      DFB_CHECK(entry.has_value());
      before = seq;
      if (entry->payload.find(by) == entry->payload.npos) continue;  // another till's
      const auto payload = parse_payload(entry->payload);
      const auto outcome = parse_outcome(entry->outcome);
      DFB_CHECK(payload.has_value() && outcome.has_value());
      if (payload->by == till && !reader.take(*payload, *outcome, seq)) return reader.figures;
    }
    if (static_cast<std::int64_t>(page.size()) < kShiftPage) return reader.figures;
  }
}

}  // namespace dfb::programme
