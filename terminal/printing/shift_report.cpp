#include "terminal/printing/shift_report.h"

#include <utility>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kMinuteSize = 16;  // of format_time, without seconds and zone

std::string count_and_points(std::int64_t count, std::int64_t points) {
  return std::to_string(count) + " / " + std::to_string(points);
}

std::string minute_of(TimeUs at_us) { return at_us == 0 ? "-" : format_time(at_us).substr(0, kMinuteSize); }

}  // namespace

ShiftReport shift_report(const Sale& sale, std::string cashier) {
  DFB_CHECK(is_report(sale.kind) && sale.phase == Phase::done);
  ShiftReport report;
  report.closed = sale.kind == Kind::zreport;
  report.number = sale.number;
  report.at_us = sale.entry_us;
  report.totals = sale.totals;
  report.cashier = std::move(cashier);
  report.id = sale.id;
  report.seq = sale.seq;
  report.log_size = sale.log_size;
  report.log_root = sale.log_root;
  return report;
}

ShiftReport shift_report(const Past& past) {
  DFB_CHECK(is_report(past.kind) && past.phase == Phase::done && past.report);
  ShiftReport report;
  report.closed = past.kind == Kind::zreport;
  report.copy = true;
  report.number = past.number;
  report.at_us = past.entry_us;
  report.totals = *past.report;
  report.id = past.id;
  report.seq = past.seq;
  report.log_size = past.log_size;
  report.log_root = past.log_root;
  return report;
}

Printout shift_printout(const ShiftReport& report, const std::string& shop, const KeyId& till,
                        const std::string& origin, Lang lang) {
  const auto word = [&](std::string_view zh, std::string_view en) { return std::string(pick(lang, zh, en)); };
  const ShiftTotals& totals = report.totals;
  const std::string number = std::to_string(report.number);
  Printout out;
  out.title(shop);
  out.centred((report.closed ? word("结班报表 Z ", "Z REPORT ") : word("当班报表 X ", "X REPORT ")) + number);
  if (!report.closed) out.centred(word("班次未结", "the shift runs on"));
  if (report.copy) out.centred(word("补打", "COPY"));
  out.rule();
  out.row(word("开始", "From"), minute_of(totals.from_us));
  out.row(word("截至", "To"), minute_of(report.at_us));
  if (!report.cashier.empty()) out.row(word("经手", "By"), report.cashier);
  out.rule();
  out.row(word("消费 笔/分", "Sales, points"), count_and_points(totals.count, totals.total));
  out.row(word("退还 笔/分", "Refunds, points"), count_and_points(totals.refunds, totals.refunded));
  out.row(word("作废 笔", "Voids"), std::to_string(totals.voids));
  out.large_row(word("净收", "Net"), std::to_string(totals.total - totals.refunded));
  out.row(word("另收现金", "Cash beside"), "￥" + yuan(totals.cash_fen));
  if (totals.no_pin > 0)
    out.row(word("断网续班，未核对密码 笔", "Resumed without PIN, sales"), std::to_string(totals.no_pin));
  out.rule();
  out.row(word("收款机", "Till"), hash_text(till));
  out.row(word("编号", "Id"), to_string(report.id));
  out.row(word("账本", "Ledger"), origin);
  out.row(word("记录号", "Entry"), std::to_string(report.seq));
  out.row(word("共记", "Entries"), std::to_string(report.log_size));
  out.row(word("根", "Root"), base64_encode(report.log_root.view()));
  return out;
}

}  // namespace dfb::terminal
