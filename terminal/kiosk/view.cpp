#include "terminal/kiosk/view.h"

#include <algorithm>

#include "api/qr/qr.h"
#include "ledger/base/encoding.h"
#include "terminal/flow.h"
#include "terminal/offline_words.h"
#include "terminal/pickup_words.h"

namespace dfb::terminal::kiosk {
namespace {

std::string effect_name(CancelEffect effect) {
  return effect == CancelEffect::burnt ? "burnt" : effect == CancelEffect::undone ? "undone" : "none";
}

}  // namespace

OfflineView offline_of(const Counter& counter, const History& history, const std::string& folder) {
  OfflineView view;
  view.unsynced_sales = counter.unsynced().sales;
  view.unsynced_points = counter.unsynced().points.value;
  view.points_left = budget_left(counter.pins(), counter.unsynced()).value;
  view.minutes_left = time_left_us(counter.pins(), counter.town_us()) / kMinuteUs;
  view.banner_zh = offline_banner(Lang::zh, counter);
  view.banner_en = offline_banner(Lang::en, counter);
  view.warning_zh = warning_words(Lang::zh, counter, folder);
  view.warning_en = warning_words(Lang::en, counter, folder);
  for (const Past& past : history.conflicts()) {
    const std::string name = counter.pins().name_of(past.account);
    view.refused.push_back(
        {to_string(past.id), conflict_line(Lang::zh, past, name), conflict_line(Lang::en, past, name)});
  }
  return view;
}

SaleView view_of(const Sale& sale, const Shelf& shelf) {
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
  view.goods_zh = shelf.text(sale.goods, Lang::zh);
  view.goods_en = shelf.text(sale.goods, Lang::en);
  view.card = sale.customer.card.value != 0;
  view.offline = sale.customer.offline;
  view.pickup = sale.hold.has_value();
  if (sale.customer.reserved) view.until_us = sale.customer.reserved->until_us;
  view.asked_us = sale.asked_us;
  view.sent_us = sale.sent_us;
  view.entry_us = sale.entry_us;
  view.seq = sale.seq;
  view.alarm = is_open(sale) && sale.told_alarm;
  if (sale.phase == Phase::cancelled) view.effect = effect_name(sale.effect);
  if (sale.phase == Phase::cancelled && sale.hold) {
    view.why_zh = cancelled_pickup(Lang::zh, sale.effect);
    view.why_en = cancelled_pickup(Lang::en, sale.effect);
  }
  if (stands_late(sale)) {
    view.why_zh = late_words(Lang::zh);
    view.why_en = late_words(Lang::en);
  }
  const bool pin_again = sale.phase == Phase::pin && sale.why != Error{};
  if (sale.phase == Phase::refused || view.alarm || pin_again) view.why = name(sale.why.code);
  if (sale.phase == Phase::refused || pin_again) {
    view.why_zh = refused_words(Lang::zh, sale);
    view.why_en = refused_words(Lang::en, sale);
  }
  return view;
}

PastView view_of(const Past& past, const Shelf& shelf) {
  PastView view;
  view.id = to_string(past.id);
  view.kind = name(past.kind);
  view.given_back = past.given_back.value;
  view.number = past.number;
  view.undone = past.undone;
  view.pickup = past.pickup;
  view.phase = name(past.phase);
  if (past.phase == Phase::refused) {
    view.why = name(past.why);
    view.why_zh = words(Lang::zh, fail(past.why));
    view.why_en = words(Lang::en, fail(past.why));
  }
  view.at_us = past.at_us;
  view.points = past.points.value;
  view.cash_fen = past.cash_fen;
  view.seq = past.seq;
  view.goods_zh = shelf.text(past.goods, Lang::zh);
  view.goods_en = shelf.text(past.goods, Lang::en);
  return view;
}

std::vector<GoodView> shelf_view(const Shelf& shelf) {
  std::vector<GoodView> views;
  for (const ShopGood& good : shelf.goods())
    views.push_back({good.id, good.name_zh, good.name_en, good.points, good.stock});
  return views;
}

std::vector<GoodsLineView> view_of(const std::vector<book::GoodsLine>& lines) {
  std::vector<GoodsLineView> views;
  for (const book::GoodsLine& line : lines) views.push_back({line.good, line.count});
  return views;
}

PrinterView view_of(const PrinterStatus& status) {
  constexpr std::string_view kStates[] = {"none", "ready", "printing", "silent", "no_paper"};
  return {std::string(kStates[static_cast<std::size_t>(status.state)]),
          static_cast<std::int64_t>(status.waiting_count), static_cast<std::int64_t>(status.given_up_count)};
}

RefundView refund_view_of(const History& history, const Past& sale, const Shelf& shelf) {
  RefundView view{view_of(sale, shelf), left_of(history, sale).value, cash_left_of(history, sale), {}};
  view.elsewhere = history.by_id(sale.id) == nullptr;
  for (const RefundReason& reason : refund_reasons())
    view.reasons.push_back({std::string(reason.memo), std::string(reason.zh), std::string(reason.en)});
  return view;
}

template <class Record>
ReceiptView receipt_view_of(const Receipts& receipts, const Record& record) {
  ReceiptView view;
  view.sale = to_string(record.id);
  view.kind = name(record.kind);
  view.number = record.number;
  view.columns = receipts.paper().columns;
  for (const Lang lang : {Lang::zh, Lang::en})
    for (const PaperPart& part : receipts.preview(receipts.receipt(record, lang))) {
      auto& lines = lang == Lang::zh ? view.zh : view.en;
      if (const auto* line = std::get_if<PaperLine>(&part)) {
        lines.push_back(
            {std::string(static_cast<std::size_t>(line->indent), ' ') + line->text, line->large, false});
      } else {
        view.qr_text = std::get<PaperQr>(part).text;
        lines.push_back({"", false, true});
      }
    }
  if (!view.qr_text.empty()) view.qr_svg = qr::svg(view.qr_text);
  return view;
}
template ReceiptView receipt_view_of(const Receipts&, const Sale&);
template ReceiptView receipt_view_of(const Receipts&, const Past&);

PeopleView view_of(const Attendance& attendance) {
  PeopleView view;
  for (const StaffMember& one : attendance.staff())
    view.staff.push_back({one.id, one.name, one.manager, one.tries_left == 0});
  view.cashier = attendance.cashier();
  view.shut = attendance.is_shut();
  view.resumed = attendance.is_resumed();
  return view;
}

ShiftView shift_view(const History& history) {
  const ShiftTotals totals = history.shift_totals();
  return {history.z_number() + 1, history.x_number() + 1, totals.from_us, totals.count,   totals.total,
          totals.refunds,         totals.refunded,        totals.voids,   totals.cash_fen};
}

std::vector<PastView> last_ones(const History& history, const Shelf& shelf) {
  std::vector<PastView> views;
  const auto& past = history.past();
  for (auto one = past.rbegin(); one != past.rend() && views.size() < kPastMost; ++one)
    views.push_back(view_of(*one, shelf));
  return views;
}

DayView day_of(const History& history, TimeUs now_us) {
  const Day day = civil_day(now_us);
  DayView view;
  view.day = format_day(day);
  // A clock that was set back may have left earlier times behind later ones: no stopping at the first.
  for (const Past& past : history.past()) {
    if ((past.phase != Phase::done && past.phase != Phase::kept) || civil_day(past.at_us) != day) continue;
    if (past.kind == Kind::sale) {
      if (past.undone) continue;
      ++view.sales;
      view.points += past.points.value;
      view.cash_fen += past.cash_fen;
    } else if (past.kind == Kind::refund) {
      ++view.refunds;
      view.points_back += past.points.value;
      view.cash_fen -= past.cash_fen;
    }
  }
  return view;
}

}  // namespace dfb::terminal::kiosk
