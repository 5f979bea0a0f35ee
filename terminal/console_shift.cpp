// The text terminal's part for the shift: signing in and out, locks, voids, X and Z reports.
#include <algorithm>

#include "ledger/base/overloaded.h"
#include "terminal/console.h"
#include "terminal/scan/code_kind.h"

namespace dfb::terminal {

const StaffMember* Console::person(std::size_t number) const {
  const auto& staff = parts_.attendance.staff();
  return number >= 1 && number <= staff.size() ? &staff[number - 1] : nullptr;
}

void Console::tell_shut() {
  parts_.screen.say("先登录：staff 看名单，in 序号 登录，然后输入密码",
                    "Sign in first: `staff` lists the people, `in NUMBER` signs in, then the PIN",
                    Screen::Tone::care);
  if (!parts_.is_line_up() && parts_.attendance.can_resume())
    parts_.screen.say("断网时镇上不能核对密码：resume 续 " + parts_.attendance.cashier_name() + " 的班，只收离线码",
                      "Without a line no PIN can be checked: `resume` goes on as " +
                          parts_.attendance.cashier_name() + ", for offline codes alone",
                      Screen::Tone::care);
}

bool Console::may_only_sign_in(const ConsoleLine& line) const {
  if (!parts_.attendance.is_shut()) return false;
  if (std::holds_alternative<SignInLine>(line) || std::holds_alternative<UnlockLine>(line)) return false;
  const auto* word = std::get_if<Word>(&line);
  return word == nullptr || (*word != Word::staff && *word != Word::help && *word != Word::quit &&
                             *word != Word::status && *word != Word::out && *word != Word::resume);
}

void Console::show_staff() {
  if (const auto looked = parts_.attendance.look(); !looked)
    parts_.screen.line(words(parts_.screen.lang(), looked.error()), Screen::Tone::care);
  const auto& staff = parts_.attendance.staff();
  const bool zh = parts_.screen.lang() == Lang::zh;
  for (std::size_t i = 0; i < staff.size(); ++i) {
    std::string line = std::to_string(i + 1) + "  " + staff[i].name;
    if (staff[i].manager) line += zh ? "  店长" : "  manager";
    if (staff[i].tries_left == 0) line += zh ? "  已锁定" : "  locked";
    if (staff[i].id == parts_.attendance.cashier()) line += zh ? "  当班" : "  at the till";
    parts_.screen.line(line);
  }
  if (staff.empty())
    parts_.screen.say("镇上没有登记本店人员，不用登录",
                      "The town has no people of this shop on its list; nobody needs to sign in");
}

// The line names people by number; the next line is the PIN.
Result<void> Console::ask_pin_for(const ConsoleLine& line) {
  pin_for_ = {};
  if (parts_.attendance.staff().empty()) (void)parts_.attendance.look();
  const StaffMember* who = nullptr;
  if (const auto* in = std::get_if<SignInLine>(&line)) {
    who = person(in->person);
    if (who != nullptr) pin_for_ = ForSignIn{who->id};
  } else if (const auto* open = std::get_if<UnlockLine>(&line)) {
    const StaffMember* locked = person(open->person);
    who = person(open->manager);
    if (who != nullptr && locked != nullptr) pin_for_ = ForUnlock{locked->id, who->id};
  } else if (const auto* undo = std::get_if<VoidLine>(&line)) {
    auto sale = find_sale(parts_.history, undo->sale);
    if (!sale) {
      parts_.screen.line(words(parts_.screen.lang(), sale.error()), Screen::Tone::care);
      return ok();
    }
    if (const CanVoid can = can_void(parts_.history, *sale); can != CanVoid::yes) {
      parts_.screen.line(why_no_void(parts_.screen.lang(), can), Screen::Tone::care);
      return ok();
    }
    who = person(undo->manager);
    if (who != nullptr) pin_for_ = ForVoid{std::move(sale).value(), who->id};
  }
  if (std::holds_alternative<std::monostate>(pin_for_)) {
    parts_.screen.say("没有这个序号；staff 看名单", "There is no such number; `staff` lists the people",
                      Screen::Tone::care);
    return ok();
  }
  parts_.screen.say(who->name + " 请输入 6 位密码（n 取消）", "The 6-digit PIN of " + who->name + " (n = drop)");
  return ok();
}

Result<void> Console::take_pin(const std::string& pin) {
  const auto what = std::exchange(pin_for_, {});
  if (const auto* in = std::get_if<ForSignIn>(&what)) {
    if (parts_.history.has_open()) {
      parts_.screen.say("有一笔结果未知，还不能换人", "Something is not known yet; nobody can take over now",
                        Screen::Tone::care);
      return ok();
    }
    DFB_TRY(const auto answer, parts_.attendance.sign_in(in->staff, pin));
    if (answer.said != Attendance::Answer::Said::right) tell(answer);
    if (answer.said == Attendance::Answer::Said::right)
      parts_.screen.say("已登录：" + parts_.attendance.cashier_name(),
                        "Signed in: " + parts_.attendance.cashier_name(), Screen::Tone::good);
    return ok();
  }
  if (const auto* open = std::get_if<ForUnlock>(&what)) {
    DFB_TRY(const auto answer, parts_.attendance.unlock(open->staff, open->manager, pin));
    if (answer.said != Attendance::Answer::Said::right) tell(answer);
    if (answer.said == Attendance::Answer::Said::right)
      parts_.screen.say("已解锁", "The lock is open", Screen::Tone::good);
    return ok();
  }
  const auto& undo = std::get<ForVoid>(what);
  DFB_TRY(const auto answer, parts_.attendance.allow(undo.manager, pin));
  if (answer.said != Attendance::Answer::Said::right) {
    tell(answer);
    return ok();
  }
  DFB_TRY(const auto said, flow_.ask(Flow::Void{undo.sale, undo.manager}));
  if (said != Flow::Said::asked) return tell(said);
  return tell(flow_.answer(true));
}

void Console::tell(const Attendance::Answer& answer) {
  parts_.screen.line(message(parts_.screen.lang(), answer), Screen::Tone::care);
}

Result<void> Console::take_shift_word(Word word) {
  if (word == Word::staff) {
    show_staff();
  } else if (word == Word::lock) {
    lock();
  } else if (word == Word::out) {
    return sign_out();
  } else if (word == Word::resume) {
    return resume();
  } else if (word == Word::x) {
    return read_shift();
  } else if (word == Word::z) {
    return tell(flow_.ask(Flow::CloseShift{}));
  }
  return ok();
}

// It closes nothing, so nobody is asked twice. Where none can be entered the sums are told all the same.
Result<void> Console::read_shift() {
  DFB_TRY(const auto said, flow_.ask(Flow::ReadShift{}));
  if (said != Flow::Said::asked) {
    DFB_TRY_VOID(tell(said));
    show_sums();
    return ok();
  }
  const Uuid before = parts_.counter.sale().id;
  DFB_TRY_VOID(tell(flow_.answer(true)));
  const Sale& report = parts_.counter.sale();
  const bool is_done = report.id != before && report.phase == Phase::done;
  if (is_done)
    parts_.screen.line(plain_text(parts_.receipts.preview(parts_.receipts.receipt(report, parts_.screen.lang()))));
  else
    show_sums();
  return ok();
}

void Console::show_sums() {
  const ShiftTotals totals = parts_.history.shift_totals();
  const std::string sales = std::to_string(totals.count) + " / " + std::to_string(totals.total),
                    back = std::to_string(totals.refunds) + " / " + std::to_string(totals.refunded),
                    voids = std::to_string(totals.voids), cash = yuan(totals.cash_fen);
  parts_.screen.say("本班至今（未入账本）：消费 " + sales + "，退还 " + back + "，作废 " + voids + "，另收现金 " + cash + " 元",
                    "This shift so far, not in the ledger: sales, points " + sales + "; refunds, points " + back +
                        "; voids " + voids + "; cash beside " + cash + " yuan");
}

Result<void> Console::resume() {
  if (flow_.is_busy()) return tell(Flow::Said::not_known_yet);
  DFB_TRY(const bool resumed, parts_.attendance.resume());
  if (resumed)
    parts_.screen.say("续班：" + parts_.attendance.cashier_name() + "，未核对密码，只收离线码",
                      "Resumed: " + parts_.attendance.cashier_name() + ", without a PIN, for offline codes alone",
                      Screen::Tone::care);
  else
    tell_shut();
  return ok();
}

namespace {

bool word_goes_without_pin(Word word) {
  switch (word) {
    case Word::enter:
    case Word::no:
    case Word::last:
    case Word::receipt:
    case Word::status:
    case Word::offline:
    case Word::acknowledge:
    case Word::help:
    case Word::quit:
    case Word::staff:
    case Word::lock:
    case Word::resume:
    case Word::goods:
      return true;
    case Word::out:
    case Word::x:
    case Word::z:
      break;
  }
  return false;
}

}  // namespace

bool Console::goes_without_pin(const std::string& text, const ConsoleLine& line) const {
  const CodeKind kind = kind_of(text);
  const bool is_handle = kind == CodeKind::handle && parts_.counter.sale().phase != Phase::ready;
  if (std::holds_alternative<CodeLine>(line) || is_handle) return kind == CodeKind::offline_code;
  if (const auto* word = std::get_if<Word>(&line)) return word_goes_without_pin(*word);
  return holds_one_of<AmountLine, BillLine, GoodsNamed, ReprintLine, SignInLine, UnlockLine>(line) ||
         (std::holds_alternative<NotUnderstood>(line) && !parse_receipt_url(text));
}

Result<void> Console::sign_out() {
  if (parts_.history.has_open() || flow_.is_busy()) return tell(Flow::Said::not_known_yet);
  if (parts_.history.unsynced().sales > 0) return tell(Flow::Said::unsynced_first);
  DFB_TRY_VOID(tell(flow_.answer(false)));
  DFB_TRY_VOID(parts_.attendance.sign_out());
  parts_.screen.say("已交班", "Signed out");
  return ok();
}

// Without a line nobody could open it again.
bool Console::may_lock() const {
  return parts_.lock_after_us > 0 && !flow_.is_busy() && parts_.is_line_up() &&
         parts_.attendance.wants_people() && !parts_.attendance.is_shut();
}

void Console::lock() {
  if (!parts_.attendance.wants_people() || parts_.attendance.is_shut()) return;
  parts_.attendance.lock();
  parts_.screen.say("已锁定；in 序号 和密码解锁", "Locked; `in NUMBER` and the PIN open it");
}

}  // namespace dfb::terminal
