// The history's part for the shift: who stands at the till, what the shift sums up to, what of it may be voided.
#include <algorithm>

#include "terminal/till/history.h"
#include "terminal/till/record_reader.h"

namespace dfb::terminal {

Result<void> History::add_staff(const Record& record) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  std::string staff = reader.fields().text("staff", kStaffIdMax);
  DFB_TRY_VOID(reader.fields().done());
  const bool in = record.what == What::signin;
  if (staff.empty() || (!in && staff != staff_))
    return fail(Code::corrupt, "somebody signs out or goes on who does not stand here");
  knows_staff_ = true;
  no_pin_ = record.what == What::resumed;
  if (record.what != What::resumed) staff_ = in ? std::move(staff) : std::string();
  return ok();
}

// An X report of before there were such in the ledger: it was shown and counted, and its number stays taken.
Result<void> History::add_counted_xreport(const Record& record) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  const std::int64_t number = reader.integer("number", 1);
  for (const char* field : {"count", "total", "refunds", "refunded"}) reader.integer(field);
  DFB_TRY_VOID(reader.fields().done());
  if (number != x_number_ + 1) return fail(Code::corrupt, "an X report whose number does not follow");
  x_number_ = number;
  return ok();
}

bool History::is_in_shift(const Past& past) const {
  const auto found = index_.find(past.id);
  return found != index_.end() && found->second >= shift_begin_;
}

void History::count(const Past& past, ShiftTotals& totals) {
  const bool done = past.phase == Phase::done;
  if (past.kind == Kind::refund && done) {
    ++totals.refunds;
    totals.refunded += past.points.value;
    totals.cash_fen -= past.cash_fen;
  }
  if (past.kind != Kind::sale) return;
  // What was sold without a line is in the drawer, whatever the town says of its points.
  const bool sold = done || past.phase == Phase::kept || (past.offline && past.phase == Phase::refused);
  if (sold && !past.undone) totals.cash_fen += past.cash_fen;
  if (sold && past.no_pin) ++totals.no_pin;
  if (!done) return;
  if (past.undone)
    ++totals.voids;
  else
    ++totals.count;
  totals.total += past.points.value - past.undone_points.value;
}

ShiftTotals History::shift_totals() const {
  ShiftTotals totals = shift_before_;
  totals.from_us = shift_from_us_;
  for (const auto& [id, awaited] : awaited_)
    if (awaited.first >= shift_begin_) count(awaited.second, totals);
  for (std::int64_t n = std::max(shift_begin_, first_); n < first_ + static_cast<std::int64_t>(past_.size()); ++n)
    count(past_[static_cast<std::size_t>(n - first_)], totals);
  return totals;
}

CanVoid can_void(const History& history, const Past& sale) {
  if (sale.kind != Kind::sale || sale.phase != Phase::done) return CanVoid::no_sale;
  if (sale.undone) return CanVoid::voided_already;
  if (sale.given_back.value > 0) return CanVoid::given_back;
  return history.is_in_shift(sale) ? CanVoid::yes : CanVoid::earlier_shift;
}

}  // namespace dfb::terminal
