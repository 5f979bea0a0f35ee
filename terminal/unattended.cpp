// The commands that move points without a person at a screen: one sale, one refund, and what earlier runs or a former
// terminal left open.
#include <unistd.h>

#include <iostream>

#include "terminal/echo_off.h"
#include "terminal/flow.h"
#include "terminal/offline_words.h"
#include "terminal/opened_till.h"
#include "terminal/refundable.h"
#include "terminal/scan/picture_scanner.h"
#include "terminal/syncing.h"
#include "terminal/take_over.h"

namespace dfb::terminal {
namespace {

bool person_agrees(Till& till, const SaleWords& words) {
  if (words.yes) return true;
  const std::string points = std::to_string(words.points);
  till.screen.say("支付 " + points + " 分？回车确认，n 取消", points + " points? Enter = yes, n = no");
  std::string answer;
  return std::getline(std::cin, answer) && (answer.empty() || answer == "\r");
}

Result<int> settle_first(Till& till) {
  if (till.refuses_old_journal()) return kCannotWork;
  DFB_TRY(const bool settled, till.settle());
  if (settled) return kDone;
  till.screen.say("上一笔还没有结果，先不要开始新的",
                  "An earlier sale is not settled yet; nothing new was begun", Screen::Tone::care);
  return kUnknown;
}

// A command without a person at a till where people sign in would have no name to it.
Result<void> people_first(const Till& till) {
  if (!till.attendance.is_shut()) return ok();
  return fail(Code::forbidden, std::string(pick(till.screen.lang(), "本店人员要登录：请用 --console 或 --kiosk",
                                                "this shop's people sign in: use --console or --kiosk")));
}

Result<int> sell(Till& till, const SaleWords& words, const std::string& code) {
  DFB_TRY_VOID(people_first(till));
  DFB_TRY(const int before, settle_first(till));
  if (before != kDone) return before;
  DFB_TRY_VOID(till.counter.scan(code));
  if (till.counter.sale().phase != Phase::ready) return till.finish();
  if (const Sale& sale = till.counter.sale();
      sale.hold && (sale.points.value != words.points || sale.cash_fen != words.cash_fen)) {
    till.screen.say("积分或现金与预留的不同：没有取货", "REFUSED: the reservation is of other points or cash; nothing was picked up",
                    Screen::Tone::bad);
    DFB_TRY_VOID(till.counter.drop());
    return kRefused;
  }
  if (!person_agrees(till, words)) {
    DFB_TRY_VOID(till.counter.drop());
    return kRefused;
  }
  DFB_TRY_VOID(till.wait_for(till.counter.amount(book::Points{words.points}, words.cash_fen, till.counter.sale().goods)));
  // A card's PIN is a line of standard input, so that it stands on no command line, nor on the screen.
  const EchoOff hidden(till.counter.sale().phase == Phase::pin ? STDIN_FILENO : -1);
  for (std::string pin; till.counter.sale().phase == Phase::pin && std::getline(std::cin, pin);)
    DFB_TRY_VOID(till.wait_for(till.counter.pin(std::exchange(pin, {}))));
  if (const Phase phase = till.counter.sale().phase; phase == Phase::pin || phase == Phase::confirming)
    DFB_TRY_VOID(till.counter.drop());
  return till.finish();
}

Result<int> give_back(Till& till, const RefundWords& words) {
  DFB_TRY_VOID(people_first(till));
  DFB_TRY(const int before, settle_first(till));
  if (before != kDone) return before;
  if (till.counter.unsynced().sales > 0) till.sync(kBatchesAll);
  if (till.counter.finds_journal_behind() && till.refuses_old_journal()) return kCannotWork;
  if (till.counter.unsynced().sales > 0) {
    till.screen.say("还有离线交易没有上报：网络恢复后才能退还",
                    "REFUSED: offline sales wait for the town; points are given back when they are counted",
                    Screen::Tone::bad);
    return kRefused;
  }
  const auto sale = find_refundable(till.counter, *till.history, words.sale);
  if (!sale && sale.error().code == Code::io_error) return sale.error();
  if (!sale) {
    till.screen.line(std::string(pick(till.screen.lang(), "拒绝：", "REFUSED: ")) +
                         not_refundable(till.screen.lang(), sale.error()),
                     Screen::Tone::bad);
    return kRefused;
  }
  if (const std::int64_t left = cash_left_of(*till.history, *sale); words.cash_fen > left) {
    till.screen.say("拒绝：这笔另收的现金最多还可退 " + yuan(left) + " 元",
                    "REFUSED: of that sale's cash " + yuan(left) + " yuan can be given back at most", Screen::Tone::bad);
    return kRefused;
  }
  DFB_TRY_VOID(till.wait_for(
      till.counter.refund(sale->id, sale->account, book::Points{words.points}, words.memo, words.cash_fen)));
  return till.finish();
}

// What was sold without a line, until nothing of it waits or the line fails.
int tell_all(Till& till) {
  till.sync(kBatchesAll);
  till.show_conflicts();
  if (till.counter.unsynced().sales > 0) {
    till.show_offline();
    return kUnknown;
  }
  till.screen.say("没有未了结的交易", "Nothing is unsettled", Screen::Tone::good);
  return kDone;
}

}  // namespace

int run_sale(const Common& common, const SaleWords& words) {
  // Before the till is opened: a picture that cannot be read is no sale.
  std::string code = words.code;
  if (!words.image.empty()) {
    auto scanned = scan_picture(words.image);
    if (!scanned) return cannot_work(scanned.error());
    code = std::move(scanned->text);
  }
  return with_till(common, [&](Till& till) -> Result<int> {
    if (till.greet() && till.history->unfinished().empty()) Syncing(till).now_and_then(kBatchesAll);
    return sell(till, words, code);
  });
}

int run_refund(const Common& common, const RefundWords& words) {
  return with_till(common, [&](Till& till) -> Result<int> {
    till.greet();
    return give_back(till, words);
  });
}

int run_settle(const Common& common) {
  return with_till(common, [](Till& till) -> Result<int> {
    till.greet();
    if (till.refuses_old_journal()) return kCannotWork;
    DFB_TRY(const bool settled, till.settle());
    return settled ? tell_all(till) : kUnknown;
  });
}

int run_take_over(const Common& common, const std::string& from) {
  return with_till(common, [&from](Till& till) -> Result<int> {
    DFB_TRY_VOID(till.counter.greet());
    DFB_TRY(const bool settled, till.settle());
    if (!settled) return kUnknown;
    DFB_TRY(const TakenOver over, take_over(till.counter, till.line, till.setup, Folder{from}));
    const std::string sales = std::to_string(over.taken.sales), points = std::to_string(over.taken.points.value);
    till.screen.say("接管了 " + sales + " 笔离线交易，" + points + " 分",
                    "Taken over: " + counted(over.taken.sales, "offline sale") + ", " + points + " points");
    if (!over.broken.empty())
      till.screen.say("注意：那台机器的日志有损坏，只接管了损坏处之前的：" + over.broken,
                      "CARE: the former terminal's journal is damaged, and what stands behind was not taken over: " + over.broken,
                      Screen::Tone::care);
    for (const Past& past : over.known) till.screen.line(past_line(till.screen.lang(), past));
    for (const Past& past : over.known)
      if (past.phase == Phase::refused)
        till.screen.line(conflict_line(till.screen.lang(), past, till.counter.pins().name_of(past.account)),
                         Screen::Tone::bad);
    for (const Past& past : over.open) {
      till.screen.line(past_line(till.screen.lang(), past), Screen::Tone::care);
      till.screen.say("那台机器没有等到这笔的结果：请镇上按编号查账",
                      "The former terminal never learned what became of it: ask the town's office, by its number",
                      Screen::Tone::care);
    }
    return tell_all(till);
  });
}

}  // namespace dfb::terminal
