#include "terminal/kiosk/view.h"

#include <algorithm>

#include "ledger/base/encoding.h"

namespace dfb::terminal::kiosk {
namespace {

std::string effect_name(CancelEffect effect) {
  return effect == CancelEffect::burnt ? "burnt" : effect == CancelEffect::undone ? "undone" : "none";
}

}  // namespace

SaleView view_of(const Sale& sale, const ShopView& shop, const std::string& cashier, const KeyId& till) {
  SaleView view;
  view.id = to_string(sale.id);
  view.kind = name(sale.kind);
  view.phase = name(sale.phase);
  view.number = sale.number;
  view.name = sale.customer.name;
  view.code_limit = sale.customer.code_limit.value;
  view.spend_max = sale.customer.spend_max.value;
  view.points = sale.points.value;
  view.cash_fen = sale.cash_fen;
  view.card = sale.customer.card.value != 0;
  view.asked_us = sale.asked_us;
  view.sent_us = sale.sent_us;
  view.entry_us = sale.entry_us;
  view.seq = sale.seq;
  view.alarm = is_open(sale) && sale.told_alarm;
  if (sale.phase == Phase::cancelled) view.effect = effect_name(sale.effect);
  const bool pin_again = sale.phase == Phase::pin && sale.why != Error{};
  if (sale.phase == Phase::refused || view.alarm || pin_again) view.why = name(sale.why.code);
  if (sale.phase == Phase::refused || pin_again) {
    view.why_zh = words(Lang::zh, sale.why);
    view.why_en = words(Lang::en, sale.why);
  }
  if (sale.phase == Phase::done && sale.kind == Kind::zreport) {
    const ReportView report = view_of(z_report(sale, cashier, till), shop);
    view.receipt_zh = report.text_zh;
    view.receipt_en = report.text_en;
  } else if (sale.phase == Phase::done) {
    view.receipt_zh = receipt_text(sale, {shop.name_zh, shop.origin}, Lang::zh);
    view.receipt_en = receipt_text(sale, {shop.name_en, shop.origin}, Lang::en);
  }
  return view;
}

PastView view_of(const Past& past) {
  PastView view;
  view.id = to_string(past.id);
  view.kind = name(past.kind);
  view.given_back = past.given_back.value;
  view.number = past.number;
  view.undone = past.undone;
  view.phase = name(past.phase);
  if (past.phase == Phase::refused) view.why = name(past.why);
  view.at_us = past.at_us;
  view.points = past.points.value;
  view.cash_fen = past.cash_fen;
  view.seq = past.seq;
  return view;
}

ReportView view_of(const ShiftReport& report, const ShopView& shop) {
  return {report.number, report_text(report, {shop.name_zh, shop.origin}, Lang::zh),
          report_text(report, {shop.name_en, shop.origin}, Lang::en)};
}

PeopleView view_of(const Attendance& attendance) {
  PeopleView view;
  for (const StaffMember& one : attendance.staff())
    view.staff.push_back({one.id, one.name, one.manager, one.tries_left == 0});
  view.cashier = attendance.cashier();
  view.shut = attendance.is_shut();
  return view;
}

ShiftView shift_view(const History& history) {
  const ShiftTotals totals = history.shift_totals();
  return {history.z_number() + 1, totals.from_us,  totals.count, totals.total,
          totals.refunds,         totals.refunded, totals.voids, totals.cash_fen};
}

std::vector<PastView> last_ones(const History& history) {
  std::vector<PastView> views;
  const auto& past = history.past();
  for (auto one = past.rbegin(); one != past.rend() && views.size() < kPastMost; ++one)
    views.push_back(view_of(*one));
  return views;
}

DayView day_of(const History& history, TimeUs now_us) {
  const Day day = civil_day(now_us);
  DayView view;
  view.day = format_day(day);
  // A clock that was set back may have left earlier times behind later ones: no stopping at the first.
  for (const Past& past : history.past()) {
    if (past.phase != Phase::done || civil_day(past.at_us) != day) continue;
    if (past.kind == Kind::sale) {
      if (past.undone) continue;
      ++view.sales;
      view.points += past.points.value;
      view.cash_fen += past.cash_fen;
    } else if (past.kind == Kind::refund) {
      ++view.refunds;
      view.points_back += past.points.value;
    }
  }
  return view;
}

}  // namespace dfb::terminal::kiosk
