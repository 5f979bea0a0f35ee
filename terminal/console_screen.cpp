// The text terminal's part for the screen: what it answers, as lines of text.
#include "terminal/code_words.h"
#include "terminal/console.h"
#include "terminal/offline_words.h"
#include "terminal/refundable.h"
#include "terminal/scan/code_kind.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kListMost = 50;

}  // namespace

Result<void> Console::not_understood(const std::string& text) {
  if (const CodeKind kind = kind_of(text); !pays(kind) && kind != CodeKind::number && kind != CodeKind::unknown)
    parts_.screen.line(std::string(wrong_code(parts_.screen.lang(), kind)), Screen::Tone::care);
  else
    parts_.screen.say("没看懂；帮助请输入 help", "Not understood; type help");
  return ok();
}

Result<void> Console::tell(Flow::Outcome outcome) {
  if (!outcome) return outcome.error();
  const Sale& sale = parts_.counter.sale();
  switch (outcome.value()) {
    case Flow::Said::nothing:
      break;
    case Flow::Said::not_known_yet:
      if (flow_.has_aside())
        parts_.screen.line(aside_words(parts_.screen.lang(), parts_.history), Screen::Tone::care);
      else
        parts_.screen.show(Do::show_unknown, sale);
      break;
    case Flow::Said::asked:
      ask_to_confirm();
      break;
    case Flow::Said::scan_first:
      parts_.screen.say("请先扫顾客的付款码", "Scan the customer's code first");
      break;
    case Flow::Said::more_than_allowed: {
      const std::string most = std::to_string(sale.customer.spend_max.value);
      parts_.screen.say("这个码最多可用 " + most + " 分", "This code allows up to " + most + " points",
                        Screen::Tone::care);
      break;
    }
    case Flow::Said::not_given_back:
      parts_.screen.say("没有做", "Nothing was done");
      break;
    case Flow::Said::no_pin_wanted:
      break;
    case Flow::Said::exactly_these: {
      if (sale.hold) {
        parts_.screen.say("积分、现金和商品以预留为准：回车交货，n 取消",
                          "The reservation says points, cash and goods: Enter hands them out, n = drop",
                          Screen::Tone::care);
        break;
      }
      const std::string these = std::to_string(sale.customer.spend_max.value);
      parts_.screen.say("这个离线码只能付 " + these + " 分：回车收下", "This offline code pays " + these + " points, no others: Enter takes it",
                        Screen::Tone::care);
      break;
    }
    case Flow::Said::no_goods_offline:
      parts_.screen.say("离线码不能按商品卖：回车收下码上的积分",
                        "An offline code buys no goods by name: Enter takes its points", Screen::Tone::care);
      break;
    case Flow::Said::unsynced_first:
      parts_.screen.say("还有离线交易没有上报：网络恢复、自动上报后再退还、作废、出报表、结班或交班",
                        "Offline sales wait for the town: try this again when the line is back and they are "
                        "counted, which happens by itself",
                        Screen::Tone::care);
      break;
    case Flow::Said::old_journal:
      parts_.screen.line(words(parts_.screen.lang(), fail(Code::corrupt)), Screen::Tone::bad);
      break;
    case Flow::Said::customer_waits:
      parts_.screen.show(Do::show_customer, sale);
      break;
  }
  return ok();
}

void Console::ask_to_confirm() {
  if (const auto* refund = std::get_if<Flow::Refund>(&flow_.question())) {
    const std::string points = std::to_string(refund->points.value),
                      receipt = std::to_string(refund->sale.seq);
    const std::string cash = refund->cash_fen > 0 ? yuan(refund->cash_fen) : "";
    parts_.screen.say("小票 " + receipt + " 退还 " + points + " 分" + (cash.empty() ? "" : "，另退现金 " + cash + " 元") +
                          "？回车确认，n 取消",
                      "Give back " + points + " points" + (cash.empty() ? "" : " and " + cash + " yuan in cash") +
                          " of receipt " + receipt + "? Enter = yes, n = no");
    return;
  }
  if (std::holds_alternative<Flow::CloseShift>(flow_.question())) {
    const ShiftTotals totals = parts_.history.shift_totals();
    const std::string sum = std::to_string(totals.count) + " / " + std::to_string(totals.total),
                      back = std::to_string(totals.refunds) + " / " + std::to_string(totals.refunded);
    parts_.screen.say("结班？消费 " + sum + "，退还 " + back + "。回车确认，n 取消",
                      "Close the shift? Sales, points " + sum + "; refunds, points " + back +
                          ". Enter = yes, n = no");
    return;
  }
  if (std::holds_alternative<Flow::Void>(flow_.question())) return;  // the manager's PIN was the yes
  const auto& amount = std::get<Flow::Amount>(flow_.question());
  const std::string points = std::to_string(amount.points.value), cash = yuan(amount.cash_fen),
                    name = parts_.counter.sale().customer.name;
  if (!amount.goods.empty())
    parts_.screen.line(parts_.shelf.text(amount.goods, parts_.screen.lang()));
  parts_.screen.say(name + " 支付 " + points + " 分" + (amount.cash_fen > 0 ? "，现金 " + cash + " 元" : "") +
                        "？回车确认，n 取消",
                    points + " points from " + name +
                        (amount.cash_fen > 0 ? " and " + cash + " yuan in cash" : "") +
                        "? Enter = yes, n = no");
}

void Console::show_goods() {
  const Lang lang = parts_.screen.lang();
  for (const ShopGood& good : parts_.shelf.goods())
    parts_.screen.line(good.id + "  " + std::string(pick(lang, good.name_zh, good.name_en)) + "  " +
                       std::to_string(good.points) + std::string(pick(lang, " 分  剩 ", " points  left: ")) +
                       std::to_string(good.stock));
  if (parts_.shelf.goods().empty())
    parts_.screen.say("本店没有商品表：直接输入积分", "This shop has no list of goods: type the points");
}

Result<void> Console::tell_not_refundable(const Error& why) {
  if (why.code == Code::io_error) return why;
  parts_.screen.line(not_refundable(parts_.screen.lang(), why), Screen::Tone::care);
  return ok();
}

Result<void> Console::show_scanned(const ReceiptCode& code) {
  const auto sale = find_refundable(parts_.counter, parts_.history, code);
  if (!sale) return tell_not_refundable(sale.error());
  const std::string receipt = std::to_string(sale->seq), points = std::to_string(sale->points.value),
                    left = std::to_string(left_of(parts_.history, *sale).value);
  if (parts_.history.by_id(sale->id) == nullptr)
    parts_.screen.say("本店另一台收款机上的，或本机很早以前的：" + format_time(sale->at_us),
                      "Of another till of this shop, or of long ago: " + format_time(sale->at_us));
  if (!sale->goods.empty()) parts_.screen.line(parts_.shelf.text(sale->goods, parts_.screen.lang()));
  parts_.screen.say("小票 " + receipt + " 收了 " + points + " 分，还可退 " + left +
                        " 分。退还请输入 refund " + receipt + " 积分 事由",
                    "Receipt " + receipt + ": " + points + " points, of which " + left +
                        " can be given back. Type: refund " + receipt + " POINTS REASON");
  return ok();
}

void Console::reprint(const ReprintLine& line) {
  const auto past = find_receipt(parts_.history, line.sale);
  if (!past) return parts_.screen.line(words(parts_.screen.lang(), past.error()), Screen::Tone::care);
  const Lang lang = parts_.screen.lang();
  parts_.screen.line(plain_text(parts_.receipts.preview(parts_.receipts.receipt(*past, lang))));
  if (parts_.receipts.status().state == PrinterState::none)
    return parts_.screen.say("本机没有打印机", "This till has no printer");
  (void)parts_.receipts.print(*past);
}

void Console::show_help() {
  parts_.screen.say(
      "扫取货码 → 回车\n扫码 → 积分（30，或 30 cash 12.50，或 bill 38.50 200：账单 38.50 元，付 200 分，或 g rice 2 soap：商品和件数）→ 回车\ngoods 商品表 · refund 小票号 "
      "积分 事由，或 refund 小票号 积分 cash 12.50 事由（1 退货 2 商品有问题 3 收错积分 4 其他）\n"
      "last 最近50笔 · receipt 小票 · reprint [小票号] 补打 · status 状态 · offline 离线额度与未入账 · "
      "ack 已阅 · quit 退出\n"
      "staff 人员 · in 序号 登录 · out 交班 · lock 锁定 · resume 断网续班 · open 序号 店长序号 解锁 · void 小票号 店长序号 "
      "作废 · x 当班报表 · z 结班报表\n"
      "image 文件：扫一张 PNG 图片里的码",
      "scan a pick-up code → Enter\nscan → points (30, or 30 cash 12.50, or bill 38.50 200: of 38.50 yuan 200 points, or g rice 2 soap: goods and how many) → Enter\n"
      "refund RECEIPT POINTS REASON, or RECEIPT POINTS cash 12.50 REASON (1 goods returned, 2 damaged, 3 wrong amount, 4 other)\n"
      "goods (list) · last (50 sales) · receipt (of the last sale) · reprint [RECEIPT] · "
      "status · offline (budget, and what was not paid) · ack (that was read) · quit\n"
      "staff (list) · in NUMBER · out · lock · resume (without a line) · open NUMBER MANAGER (a locked person) · "
      "void RECEIPT MANAGER · x (report) · z (close the shift)\n"
      "image FILE: scan the code in a PNG picture");
}

void Console::show_last() {
  const auto& past = parts_.history.past();
  const std::size_t skip = past.size() > kListMost ? past.size() - kListMost : 0;
  for (std::size_t i = skip; i < past.size(); ++i)
    parts_.screen.line(past_line(parts_.screen.lang(), past[i]));
  if (past.empty()) parts_.screen.say("还没有交易", "No sales yet");
}

void Console::show_receipt() {
  if (!flow_.last_done()) return parts_.screen.say("还没有小票", "No receipt yet");
  const Printout receipt = parts_.receipts.receipt(*flow_.last_done(), parts_.screen.lang());
  parts_.screen.line(plain_text(parts_.receipts.preview(receipt)));
}

void Console::show_offline() {
  parts_.screen.line(offline_banner(parts_.screen.lang(), parts_.counter), Screen::Tone::care);
  listed_.clear();
  for (const Past& past : parts_.history.conflicts()) {
    const std::string name = parts_.counter.pins().name_of(past.account);
    parts_.screen.line(conflict_line(parts_.screen.lang(), past, name), Screen::Tone::bad);
    listed_.push_back(past.id);
  }
  if (!listed_.empty())
    parts_.screen.say("看过并记下后输入 ack", "When they were read and noted, type ack");
}

void Console::show_status() {
  const Seen& seen = parts_.counter.seen();
  parts_.screen.say("账本共 " + std::to_string(seen.size) + " 条，已核验；没有未了结的交易",
                    "The log has " + std::to_string(seen.size) + " entries, verified; nothing is unsettled");
  const std::string printer = trouble(parts_.receipts.status(), parts_.screen.lang());
  if (!printer.empty()) parts_.screen.line(printer, Screen::Tone::care);
}

}  // namespace dfb::terminal
