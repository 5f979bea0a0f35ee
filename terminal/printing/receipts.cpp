#include "terminal/printing/receipts.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "terminal/scan/receipt_code.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kTimeSize = 19;  // without the zone

std::string reason_words(std::string_view memo, Lang lang) {
  for (const RefundReason& reason : refund_reasons())
    if (reason.memo == memo) return std::string(pick(lang, reason.zh, reason.en));
  return std::string(memo);
}

std::string ruler(int columns) {
  std::string out;
  for (int i = 1; i <= columns; ++i) out += static_cast<char>('0' + i % 10);
  return out;
}

}  // namespace

const std::vector<RefundReason>& refund_reasons() {
  static const std::vector<RefundReason> kReasons = {
      {"goods returned", "退货", "Goods returned"},
      {"goods damaged", "商品有问题", "Goods damaged"},
      {"wrong amount", "收错积分", "Wrong amount"},
      {"other", "其他", "Other"},
  };
  return kReasons;
}

struct Receipts::Facts {
  Kind kind;
  std::int64_t seq;
  TimeUs entry_us;
  std::string name;  // masked; empty when it is not known
  book::Points points;
  std::int64_t cash_fen;
  std::string memo;
  Basket goods;
  Uuid id, refunded;
  std::int64_t log_size;
  Hash log_root;
  bool copy, voided, no_pin, pickup;
};

Printout Receipts::receipt(const Sale& sale, Lang lang) const {
  DFB_CHECK(sale.phase == Phase::done);
  if (is_report(sale.kind)) return report(shift_report(sale, parts_.cashier()), lang);
  return receipt(Facts{sale.kind, sale.seq, sale.entry_us, sale.customer.name, sale.points, sale.cash_fen,
                       sale.memo, sale.goods, sale.id, sale.refunded, sale.log_size, sale.log_root, false, false,
                       parts_.without_pin(), sale.hold.has_value()},
                 lang);
}

Printout Receipts::receipt(const Past& past, Lang lang) const {
  DFB_CHECK(past.phase == Phase::done);
  if (is_report(past.kind)) return report(shift_report(past), lang);
  return receipt(Facts{past.kind,
                       past.seq,
                       past.entry_us,
                       {},
                       past.points,
                       past.cash_fen,
                       past.memo,
                       past.goods,
                       past.id,
                       past.refunded,
                       past.log_size,
                       past.log_root,
                       true,
                       past.undone,
                       past.no_pin,
                       past.pickup},
                 lang);
}

Printout Receipts::receipt(const Facts& facts, Lang lang) const {
  const auto word = [&](std::string_view zh, std::string_view en) { return std::string(pick(lang, zh, en)); };
  const bool refund = facts.kind != Kind::sale;  // points go back to the customer
  Printout out;
  out.title(word(parts_.shop.name_zh, parts_.shop.name_en));
  out.centred(facts.kind == Kind::undo ? word("消费作废", "SALE VOIDED")
              : refund                 ? word("积分退还", "POINTS GIVEN BACK")
              : facts.pickup           ? word("预留取货", "RESERVATION PICKED UP")
                                       : word("积分消费", "PAID WITH POINTS"));
  if (facts.copy) out.centred(word("补打", "COPY"));
  if (facts.voided) out.centred(word("已作废", "VOIDED"));
  out.rule();
  out.row(word("时间", "Time"), format_time(facts.entry_us).substr(0, kTimeSize));
  out.row(word("小票号", "Receipt"), std::to_string(facts.seq));
  if (!facts.name.empty()) out.row(word("顾客", "Customer"), facts.name);
  for (const SoldGood& one : facts.goods)
    out.row(parts_.good_name(one.good, lang) + " x" + std::to_string(one.count),
            std::to_string(one.count * one.points));
  out.large_row(word("积分", "Points"), (refund ? "+" : "-") + std::to_string(facts.points.value));
  // The fullwidth sign: the other one is not in the printers' fonts.
  if (facts.cash_fen > 0)
    out.row(refund ? word("退回现金", "Cash back") : word("现金", "Cash"), "￥" + yuan(facts.cash_fen));
  if (facts.no_pin) out.row(word("店员", "Cashier"), word("断网续班，未核对密码", "resumed without PIN"));
  if (!facts.memo.empty()) out.row(word("事由", "Reason"), reason_words(facts.memo, lang));
  out.rule();
  out.row(word("编号", "Id"), to_string(facts.id));
  if (refund) out.row(word("原交易", "Of sale"), to_string(facts.refunded));
  out.row(word("账本", "Ledger"), parts_.shop.origin);
  out.row(word("共记", "Entries"), std::to_string(facts.log_size));
  out.row(word("根", "Root"), base64_encode(facts.log_root.view()));
  out.qr(receipt_url(parts_.shop.server, {facts.seq, parts_.shop.account}));
  out.centred(word("用手机扫码，查看并核验这笔记录", "Scan with the phone to see and check this entry"));
  return out;
}

Printout Receipts::report(const ShiftReport& report, Lang lang) const {
  const Shop& shop = parts_.shop;
  return shift_printout(report, std::string(pick(lang, shop.name_zh, shop.name_en)), shop.till, shop.origin, lang);
}

Printout Receipts::test_page(Lang lang) const {
  Printout out;
  out.title(std::string(pick(lang, "打印测试", "Printer test")));
  out.centred(std::string(pick(lang, parts_.shop.name_zh, parts_.shop.name_en)));
  out.text(ruler(parts_.paper.columns));
  out.text(std::string(pick(lang, "上面的数字应正好占满一行。", "The digits above fill exactly one line.")));
  out.rule();
  out.row("左 Left", "右 Right");
  out.large_row("积分 Points", "-30");
  out.text("德分宝 龘鱻麤 ￥12.50");
  out.qr(parts_.shop.server + "/");
  return out;
}

bool Receipts::print(const Printout& printout) {
  return parts_.queue != nullptr &&
         parts_.queue->push(to_escpos(lay_out(printout, parts_.paper), parts_.paper, parts_.qr));
}

std::string trouble(const PrinterStatus& status, Lang lang) {
  if (status.state == PrinterState::no_paper)
    return std::string(
        pick(lang, "打印机缺纸：请装纸。小票都留着，可以补打。",
             "The printer has no paper: put some in. Receipts are kept and can be reprinted."));
  if (status.state == PrinterState::silent)
    return std::string(
        pick(lang, "打印机没有回应：请检查纸和线。小票都留着，可以补打。",
             "The printer does not answer: check paper and cable. Receipts are kept and can be "
             "reprinted."));
  return {};
}

}  // namespace dfb::terminal
