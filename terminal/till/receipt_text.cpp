#include "terminal/till/receipt_text.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "terminal/text.h"

namespace dfb::terminal {

std::string receipt_text(const Sale& sale, const ReceiptHead& head, Lang lang, int columns) {
  DFB_CHECK(sale.phase == Phase::done && columns >= 24);
  DFB_CHECK(sale.kind != Kind::zreport);
  const bool refund = sale.kind != Kind::sale;
  const std::string rule(static_cast<std::size_t>(columns), '-');
  const auto line = [&](std::string_view zh, std::string_view en, const std::string& right) {
    return two_ends(pick(lang, zh, en), right, columns);
  };
  std::string out = centred(head.shop, columns);
  out += centred(sale.kind == Kind::undo ? pick(lang, "消费作废", "SALE VOIDED")
                 : refund                ? pick(lang, "积分退还", "POINTS GIVEN BACK")
                                         : pick(lang, "积分消费", "PAID WITH POINTS"),
                 columns);
  out += rule + "\n";
  out += line("时间", "Time", format_time(sale.entry_us).substr(0, 19));
  out += line("小票号", "Receipt", std::to_string(sale.seq));
  if (!sale.customer.name.empty()) out += line("顾客", "Customer", sale.customer.name);
  out += line("积分", "Points", (refund ? "+" : "-") + std::to_string(sale.points.value));
  if (sale.cash_fen > 0) out += line("现金", "Cash", "¥" + yuan(sale.cash_fen));
  if (!sale.memo.empty()) out += line("事由", "Reason", sale.memo);
  out += rule + "\n";
  out += line("编号", "Id", to_string(sale.id));
  if (refund) out += line("原交易", "Of sale", to_string(sale.refunded));
  out += line("账本", "Ledger", head.origin);
  out += line("共记", "Entries", std::to_string(sale.log_size));
  out += line("根", "Root", base64_encode(sale.log_root.view()));
  return out;
}

}  // namespace dfb::terminal
