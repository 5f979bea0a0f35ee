// The desk's part for the shift: who stands at the till, voids, X and Z reports.
#include <utility>

#include "ledger/base/overloaded.h"
#include "terminal/kiosk/desk.h"

namespace dfb::terminal::kiosk {

void Desk::open_panel(Panel panel) {
  panel_ = panel;
  read_ = true;
}

bool Desk::noted(const Attendance::Answer& answer) {
  if (answer.said == Attendance::Answer::Said::right) return true;
  constexpr const char* kWords[] = {"", "pin_wrong", "staff_locked", "no_manager", "pin_not_checked"};
  note(kWords[static_cast<std::size_t>(answer.said)], message(Lang::zh, answer), message(Lang::en, answer));
  return false;
}

Result<void> Desk::on(const ShowSignIn&) {
  if (is_at_rest() && parts_.attendance.wants_people()) {
    picked_.reset();
    open_panel(Panel::who);
  }
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const SignIn& touch) {
  const bool asked_for = parts_.attendance.is_shut() || panel_ == Panel::who;
  if (!asked_for || !is_at_rest()) return after(Flow::Said::nothing);
  work();
  DFB_TRY(const auto answer, parts_.attendance.sign_in(touch.staff, touch.pin));
  if (noted(answer) && panel_ == Panel::who) panel_ = Panel::none;
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Unlock& touch) {
  if (!is_at_rest()) return after(Flow::Said::nothing);
  work();
  DFB_TRY(const auto answer, parts_.attendance.unlock(touch.staff, touch.manager, touch.pin));
  if (noted(answer)) note("lock_opened");
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Resume&) {
  if (!is_at_rest() || !parts_.attendance.can_resume()) return after(Flow::Said::nothing);
  work();
  DFB_TRY(const bool resumed, parts_.attendance.resume());
  note(resumed ? "resumed" : "pin_wanted");
  return after(Flow::Said::nothing);
}

bool Desk::goes_without_pin(const Touch& touch) {
  return offers_offline_code(touch) ||
         holds_one_of<Draft, Pay, Drop, Next, ShowPast, Acknowledge, Back, ShowReceipt, Print, ShowSignIn, SignIn,
                      Unlock, Lock, Resume>(touch);
}

Result<void> Desk::on(const SignOut&) {
  if (!is_at_rest() || !is_settled()) return after(Flow::Said::nothing);
  DFB_TRY_VOID(parts_.attendance.sign_out());
  picked_.reset();
  open_panel(Panel::none);
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Lock&) {
  if (is_at_rest()) lock();
  return after(Flow::Said::nothing);
}

bool Desk::may_lock() const {
  return parts_.lock_after.count() > 0 && !flow_.is_busy() && parts_.is_line_up() &&
         parts_.attendance.wants_people() && !parts_.attendance.is_shut();
}

// A result that nobody has read yet stays on the screen: it is what is left there after most sales.
void Desk::lock() {
  const bool read = read_;
  parts_.attendance.lock();
  picked_.reset();
  open_panel(Panel::none);
  read_ = read;
  hang();
}

Result<void> Desk::on(const ShowShift&) {
  if (is_at_rest()) {
    picked_.reset();
    open_panel(Panel::shift);
  }
  return after(Flow::Said::nothing);
}

// A reading of the shift is for now: without a line nothing is begun that would be settled later.
Result<void> Desk::on(const XReport& touch) {
  const bool meant = panel_ == Panel::shift && touch.number == parts_.history.x_number() + 1;
  if (!meant || !is_at_rest() || !is_settled()) return after(Flow::Said::nothing);
  if (!parts_.is_line_up()) {
    note("x_wants_line");
    return after(Flow::Said::nothing);
  }
  DFB_TRY_VOID(flow_.ask(Flow::ReadShift{}));
  panel_ = Panel::none;
  work();
  return after(flow_.answer(true));
}

Result<void> Desk::on(const ZReport& touch) {
  const bool meant = panel_ == Panel::shift && touch.number == parts_.history.z_number() + 1;
  if (!meant || !is_at_rest() || !is_settled()) return after(Flow::Said::nothing);
  DFB_TRY_VOID(flow_.ask(Flow::CloseShift{}));
  panel_ = Panel::none;
  work();
  return after(flow_.answer(true));
}

Result<void> Desk::on(const AskVoid& touch) {
  if (panel_ == Panel::refund && picked_ && picked_->id == touch.sale &&
      can_void(parts_.history, *picked_) == CanVoid::yes)
    panel_ = Panel::undo;
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Void& touch) {
  if (panel_ != Panel::undo || !picked_ || picked_->id != touch.sale) return after(Flow::Said::nothing);
  if (!is_settled()) return after(Flow::Said::nothing);
  work();
  DFB_TRY(const auto answer, parts_.attendance.allow(touch.manager, touch.pin));
  if (!noted(answer)) return after(Flow::Said::nothing);
  DFB_TRY_VOID(flow_.ask(Flow::Void{*std::exchange(picked_, std::nullopt), touch.manager}));
  panel_ = Panel::none;
  draft_ = {};
  return after(flow_.answer(true));
}

}  // namespace dfb::terminal::kiosk
