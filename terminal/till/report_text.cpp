#include "terminal/till/report_text.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

std::string count_and_points(std::int64_t count, std::int64_t points) {
  return std::to_string(count) + " / " + std::to_string(points);
}

std::string minute_of(TimeUs at_us) { return at_us == 0 ? "-" : format_time(at_us).substr(0, 16); }

}  // namespace

ShiftReport x_report(const History& history, std::int64_t number, TimeUs now_us, std::string cashier) {
  ShiftReport report;
  report.number = number;
  report.at_us = now_us;
  report.totals = history.shift_totals();
  report.cashier = std::move(cashier);
  report.till = hash_text(history.identity()->till);
  return report;
}

ShiftReport z_report(const Sale& sale, std::string cashier, const KeyId& till) {
  DFB_CHECK(sale.kind == Kind::zreport && sale.phase == Phase::done);
  ShiftReport report;
  report.closed = true;
  report.number = sale.number;
  report.at_us = sale.entry_us;
  report.totals = sale.totals;
  report.cashier = std::move(cashier);
  report.till = hash_text(till);
  report.id = sale.id;
  report.seq = sale.seq;
  report.log_size = sale.log_size;
  report.log_root = sale.log_root;
  return report;
}

std::string report_text(const ShiftReport& report, const ReceiptHead& head, Lang lang, int columns) {
  DFB_CHECK(columns >= 24);
  const std::string rule(static_cast<std::size_t>(columns), '-');
  const auto line = [&](std::string_view zh, std::string_view en, const std::string& right) {
    return two_ends(pick(lang, zh, en), right, columns);
  };
  const ShiftTotals& totals = report.totals;
  const std::string number = std::to_string(report.number);
  std::string out = centred(head.shop, columns);
  out += centred(report.closed ? lang == Lang::zh ? "结班报表 Z " + number : "Z REPORT " + number
                 : lang == Lang::zh ? "当班报表 X " + number
                                    : "X REPORT " + number,
                 columns);
  if (!report.closed)
    out += centred(pick(lang, "班次未结，不入账本", "not in the ledger"), columns);
  out += rule + "\n";
  out += line("开始", "From", minute_of(totals.from_us));
  out += line("截至", "To", minute_of(report.at_us));
  if (!report.cashier.empty()) out += line("经手", "By", report.cashier);
  out += rule + "\n";
  out += line("消费 笔/分", "Sales, points", count_and_points(totals.count, totals.total));
  out += line("退还 笔/分", "Refunds, points", count_and_points(totals.refunds, totals.refunded));
  out += line("作废 笔", "Voids", std::to_string(totals.voids));
  out += line("净收积分", "Points, net", std::to_string(totals.total - totals.refunded));
  out += line("另收现金", "Cash beside", "¥" + yuan(totals.cash_fen));
  out += rule + "\n";
  out += line("收款机", "Till", report.till);
  if (!report.closed) return out;
  out += line("编号", "Id", to_string(report.id));
  out += line("账本", "Ledger", head.origin);
  out += line("记录号", "Entry", std::to_string(report.seq));
  out += line("共记", "Entries", std::to_string(report.log_size));
  out += line("根", "Root", base64_encode(report.log_root.view()));
  return out;
}

}  // namespace dfb::terminal
