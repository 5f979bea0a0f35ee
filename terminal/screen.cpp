#include "terminal/screen.h"

#include "ledger/base/check.h"
#include "terminal/pickup_words.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

std::string report_word(Lang lang, const Sale& sale) {
  if (sale.kind == Kind::xreport) return std::string(pick(lang, "当班报表 X ", "X report ")) + number(sale.number);
  return std::string(pick(lang, "结班报表 Z ", "Z report ")) + number(sale.number);
}

std::string kept_message(Lang lang, const Sale& sale) {
  const std::string points = number(sale.points.value), name = sale.customer.name, cash = yuan(sale.cash_fen);
  if (lang == Lang::zh)
    return "离线成交：" + name + (name.empty() ? "" : " ") + "支付 " + points + " 分" + (sale.cash_fen > 0 ? "，另收现金 " + cash + " 元" : "") +
           "，可以交货；网络恢复后入账";
  return "SOLD OFFLINE: " + points + " points" + (name.empty() ? "" : " from " + name) +
         (sale.cash_fen > 0 ? ", and " + cash + " yuan in cash" : "") +
         "; hand it over. It is counted when the line is back";
}

std::string cash_beside_message(Lang lang, const Sale& sale) {
  if (sale.cash_fen == 0) return {};
  return lang == Lang::zh ? "，另收现金 " + yuan(sale.cash_fen) + " 元" : ", and " + yuan(sale.cash_fen) + " yuan in cash";
}

std::string pickup_message(Lang lang, const Sale& sale) {
  const std::string points = number(sale.points.value), cash = cash_beside_message(lang, sale);
  if (lang == Lang::zh)
    return sale.customer.name + " 取货：预留 " + points + " 分" + cash + "。回车确认取货，看到“成功”再交货（n 取消）";
  return sale.customer.name + " picks up: " + points + " points reserved" + cash +
         ". Enter = yes, hand over after DONE; n = drop";
}

std::string customer_message(Lang lang, const Sale& sale) {
  if (sale.hold) return pickup_message(lang, sale);
  if (sale.customer.offline)
    return (sale.customer.name.empty() ? "" : sale.customer.name + std::string(pick(lang, "，", ", "))) +
           std::string(pick(lang, "离线码：", "offline code: ")) + number(sale.customer.spend_max.value) +
           std::string(pick(lang, " 分，核验无误。回车收下，n 取消", " points, checked. Enter = take it, n = drop"));
  const std::string most = number(sale.customer.spend_max.value), name = sale.customer.name;
  if (lang == Lang::zh)
    return name + "：此码最多可用 " + most + " 分。请输入积分，例如 30 或 30 cash 12.50（n 取消）";
  return name + ": this code allows up to " + most +
         " points. Type the points, such as 30 or 30 cash 12.50 (n = drop)";
}

std::string pin_message(Lang lang, const Sale& sale) {
  const std::string again =
      sale.why.code == Code::pin_wrong  ? std::string(pick(lang, "密码不对。", "Wrong PIN. "))
      : sale.why.code != Code::internal ? words(lang, sale.why) + std::string(pick(lang, "。", ". "))
                                        : "";
  return again + std::string(pick(lang, "请顾客输入 6 位密码（n 取消）",
                                  "Ask the customer for the card's 6-digit PIN (n = drop)"));
}

std::string done_message(Lang lang, const Sale& sale) {
  const std::string points = number(sale.points.value), receipt = number(sale.seq), name = sale.customer.name;
  const std::string cash = yuan(sale.cash_fen);
  if (is_report(sale.kind))
    return lang == Lang::zh ? "成功：" + report_word(lang, sale) + " 已记入账本，记录号 " + receipt
                            : "DONE: " + report_word(lang, sale) + " stands in the ledger, entry " + receipt;
  if (sale.kind == Kind::undo)
    return lang == Lang::zh
               ? "成功：已作废，" + points + " 分全部退还顾客" +
                     (sale.cash_fen > 0 ? "，另收的现金 " + cash + " 元也要退" : "") + "，小票号 " + receipt
               : "DONE: voided, all " + points + " points went back" +
                     (sale.cash_fen > 0 ? "; give the " + cash + " yuan in cash back too" : "") + ", receipt " + receipt;
  if (sale.kind == Kind::refund)
    return lang == Lang::zh ? "成功：已退还 " + points + " 分" +
                                  (sale.cash_fen > 0 ? "，另退现金 " + cash + " 元" : "") + "，小票号 " + receipt
                            : "DONE: " + points + " points given back" +
                                  (sale.cash_fen > 0 ? "; " + cash + " yuan go back in cash" : "") + ", receipt " + receipt;
  if (sale.hold)
    return lang == Lang::zh ? "成功：" + name + (name.empty() ? "" : " ") + "取货，收预留的 " + points + " 分" +
                                  cash_beside_message(lang, sale) + "，小票号 " + receipt
                            : "DONE: picked up" + (name.empty() ? "" : " by " + name) + " for " + points +
                                  " reserved points" + cash_beside_message(lang, sale) + ", receipt " + receipt;
  if (lang == Lang::zh)
    return "成功：" + name + (name.empty() ? "" : " ") + "支付 " + points + " 分" +
           (sale.cash_fen > 0 ? "，另收现金 " + cash + " 元" : "") + "，小票号 " + receipt;
  return "DONE: " + points + " points" + (name.empty() ? "" : " from " + name) +
         (sale.cash_fen > 0 ? ", and " + cash + " yuan in cash" : "") + ", receipt " + receipt;
}

std::string late_message(Lang lang, const Sale& sale) {
  return done_message(lang, sale) + std::string(pick(lang, "。", ". ")) + std::string(late_words(lang)) +
         (lang == Lang::zh ? "，输入 refund " : ": refund ") + number(sale.seq) + " " + number(sale.points.value) + " 4";
}

std::string cancelled_message(Lang lang, const Sale& sale) {
  if (sale.hold) return std::string(pick(lang, "已取消：", "CANCELLED: ")) + std::string(cancelled_pickup(lang, sale.effect));
  const std::string points = number(sale.points.value);
  if (sale.effect == CancelEffect::undone)
    return lang == Lang::zh
               ? "已取消：" + points + " 分已全部退还顾客，请勿交货"
               : "CANCELLED: all " + points + " points went back to the customer; hand nothing over";
  return std::string(
      pick(lang, "已取消：这笔没有发生，没有扣积分", "CANCELLED: it did not happen, nothing was charged"));
}

std::string unknown_message(Lang lang, const Sale& sale) {
  const std::string id = to_string(sale.id);
  if (is_report(sale.kind))
    return lang == Lang::zh ? report_word(lang, sale) + " 是否入账还不知道，正在继续询问。编号 " + id
                            : "NOT KNOWN YET whether " + report_word(lang, sale) +
                                  " is in the ledger; asking the town again. Number " + id;
  if (lang == Lang::zh) return "结果未知：先不要交货。编号 " + id + "，正在继续询问";
  return "NOT KNOWN YET: hand nothing over. Number " + id + "; asking the town again";
}

std::string alarm_message(Lang lang, const Sale& sale) {
  const std::string why =
      std::string(name(sale.why.code)) + (sale.why.detail.empty() ? "" : ": " + sale.why.detail);
  if (lang == Lang::zh) return "警报：镇上的回答通不过核验（" + why + "）。不要交货，请通知管理员";
  return "ALARM: the town's answer does not stand the check (" + why +
         "). Hand nothing over, call the administrator";
}

}  // namespace

std::string message(Lang lang, Do what, const Sale& sale) {
  switch (what) {
    case Do::show_customer:
      return customer_message(lang, sale);
    case Do::show_pin:
      return pin_message(lang, sale);
    case Do::show_confirming:
      return std::string(
          pick(lang, "超过付款码限额：请顾客在手机上确认（n 取消）",
               "More than the code pays: ask the customer to confirm on the phone (n = drop)"));
    case Do::show_done:
      return stands_late(sale) ? late_message(lang, sale) : done_message(lang, sale);
    case Do::show_refused:
      return std::string(pick(lang, "拒绝：", "REFUSED: ")) + refused_words(lang, sale);
    case Do::show_unknown:
      return unknown_message(lang, sale);
    case Do::show_alarm:
      return alarm_message(lang, sale);
    case Do::show_cancelled:
      return cancelled_message(lang, sale);
    case Do::show_kept:
      return kept_message(lang, sale);
    default:
      DFB_CHECK(false && "an action that shows nothing");
  }
  return {};
}

std::string_view why_no_void(Lang lang, CanVoid can) {
  switch (can) {
    case CanVoid::yes:
      break;
    case CanVoid::voided_already:
      return pick(lang, "这笔已经作废", "It was voided already");
    case CanVoid::given_back:
      return pick(lang, "这笔已退过一部分，请退还剩下的", "Part of it was given back; give back the rest");
    case CanVoid::earlier_shift:
      return pick(lang, "这笔是上一班的，不能作废，请退还", "It is an earlier shift's; give its points back instead");
    case CanVoid::no_sale:
      return pick(lang, "这不是成功的消费", "That is no finished sale");
  }
  return {};
}

std::string_view kind_word(Lang lang, Kind kind) {
  switch (kind) {
    case Kind::sale:
      return pick(lang, "消费", "sale");
    case Kind::refund:
      return pick(lang, "退还", "refund");
    case Kind::undo:
      return pick(lang, "作废", "void");
    case Kind::xreport:
      return pick(lang, "当班报表", "X report");
    case Kind::zreport:
      break;
  }
  return pick(lang, "结班", "Z report");
}

std::string past_line(Lang lang, const Past& past) {
  std::string result;
  if (past.phase == Phase::done)
    result = std::string(pick(lang, "成功，小票号 ", "done, receipt ")) + number(past.seq);
  else if (past.phase == Phase::refused)
    result = std::string(pick(lang, "拒绝 ", "refused ")) + std::string(name(past.why));
  else if (past.phase == Phase::cancelled)
    result = pick(lang, "已取消", "cancelled");
  else if (past.phase == Phase::kept)
    result = pick(lang, "离线成交，待入账", "sold offline, not counted yet");
  else
    result = pick(lang, "结果未知", "not known yet");
  if (past.undone) result += pick(lang, "，已作废", ", voided");
  if (past.given_back.value > 0)
    result += std::string(pick(lang, "，已退 ", ", given back ")) + number(past.given_back.value);
  const bool report = is_report(past.kind);
  const std::string sign = report ? (past.kind == Kind::xreport ? "X" : "Z") : past.kind == Kind::sale ? "-" : "+";
  return format_time(past.at_us).substr(0, 19) + "  " + sign +
         number(report ? past.number : past.points.value) + "  " + std::string(past.pickup ? pick(lang, "取货", "pick-up") : kind_word(lang, past.kind)) +
         "  " + result + "  " + to_string(past.id);
}

void Screen::show(Do what, const Sale& sale) {
  const Tone tone = what == Do::show_done ? (stands_late(sale) ? Tone::care : Tone::good)
                    : what == Do::show_customer || what == Do::show_pin || what == Do::show_confirming
                        ? Tone::plain
                    : what == Do::show_unknown || what == Do::show_kept ? Tone::care
                                               : Tone::bad;
  line(message(lang_, what, sale), tone);
}

void Screen::say(std::string_view zh, std::string_view en, Tone tone) { line(pick(lang_, zh, en), tone); }

void Screen::line(std::string_view text, Tone tone) {
  constexpr std::string_view kColours[] = {"", "\x1b[1;32m", "\x1b[1;31m", "\x1b[1;33m"};
  const bool coloured = colours_ && tone != Tone::plain;
  if (coloured) out_ << kColours[static_cast<std::size_t>(tone)];
  out_ << text;
  if (coloured) out_ << "\x1b[0m";
  out_ << "\n" << std::flush;
}

}  // namespace dfb::terminal
