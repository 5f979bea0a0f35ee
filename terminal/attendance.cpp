#include "terminal/attendance.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace dfb::terminal {

Attendance::Attendance(Parts parts) : parts_(parts) {}

Result<void> Attendance::look() {
  DFB_TRY(staff_, parts_.line.staff());
  asked_ = true;
  resumed_ = false;
  // Taken off the list while at the till.
  if (present_ && find(cashier()) == nullptr) present_ = false;
  return ok();
}

const StaffMember* Attendance::find(const std::string& id) const {
  const auto found =
      std::find_if(staff_.begin(), staff_.end(), [&id](const StaffMember& one) { return one.id == id; });
  return found == staff_.end() ? nullptr : &*found;
}

std::string Attendance::cashier_name() const {
  const StaffMember* known = find(cashier());
  return known == nullptr ? cashier() : known->name;
}

bool Attendance::wants_people() const { return asked_ ? !staff_.empty() : parts_.history.knows_staff(); }

bool Attendance::is_shut() const { return wants_people() && !present_ && !resumed_; }

Attendance::Answer Attendance::ask(const std::string& staff, std::string_view pin,
                                   const std::string& unlock) {
  using Said = Answer::Said;
  const auto verdict = parts_.line.staff_pin(staff, pin, unlock);
  if (!verdict) return {Said::no_answer, 0, verdict.error()};
  const auto known =
      std::find_if(staff_.begin(), staff_.end(), [&staff](const auto& one) { return one.id == staff; });
  if (known != staff_.end()) {
    known->tries_left = verdict->tries_left;
    known->manager = verdict->manager;
  }
  switch (verdict->said) {
    case StaffVerdict::Said::right:
      return {Said::right, verdict->tries_left, {}};
    case StaffVerdict::Said::locked:
      return {Said::locked, 0, {}};
    case StaffVerdict::Said::wrong:
      break;
  }
  return {Said::wrong, verdict->tries_left, {}};
}

Result<void> Attendance::write(What what, const std::string& text) {
  DFB_TRY(const Record record, parts_.journal.append(parts_.clock.now_us(), what, text));
  const auto added = parts_.history.add(record);
  DFB_CHECK(added.has_value());
  return ok();
}

Result<Attendance::Answer> Attendance::sign_in(const std::string& staff, std::string_view pin) {
  const Answer answer = ask(staff, pin, {});
  if (answer.said != Answer::Said::right) return answer;
  DFB_TRY_VOID(write(What::signin, signin_text(staff)));
  present_ = true;
  resumed_ = false;
  return answer;
}

Result<Attendance::Answer> Attendance::allow(const std::string& manager, std::string_view pin) {
  const StaffMember* known = find(manager);
  if (known == nullptr || !known->manager) return Answer{Answer::Said::no_manager, 0, {}};
  const Answer answer = ask(manager, pin, {});
  // The town's word on the role is newer than the list.
  if (answer.said == Answer::Said::right && !find(manager)->manager)
    return Answer{Answer::Said::no_manager, 0, {}};
  return answer;
}

Result<Attendance::Answer> Attendance::unlock(const std::string& staff, const std::string& manager,
                                              std::string_view pin) {
  const StaffMember* known = find(manager);
  if (known == nullptr || !known->manager || manager == staff)
    return Answer{Answer::Said::no_manager, 0, {}};
  const Answer answer = ask(manager, pin, staff);
  if (answer.said == Answer::Said::right) (void)look();
  return answer;
}

bool Attendance::can_resume() const {
  if (!is_shut() || cashier().empty()) return false;
  const StaffMember* known = find(cashier());
  return known == nullptr ? !asked_ : known->tries_left > 0;
}

Result<bool> Attendance::resume() {
  if (!can_resume()) return false;
  const auto looked = look();
  if (looked) return false;
  if (looked.error().code != Code::unreachable && looked.error().code != Code::timed_out) return false;
  DFB_TRY_VOID(write(What::resumed, resumed_text(cashier())));
  resumed_ = true;
  return true;
}

Result<void> Attendance::sign_out() {
  DFB_CHECK(!parts_.history.has_open() && parts_.history.unsynced().sales == 0);
  if (!cashier().empty()) DFB_TRY_VOID(write(What::signout, signout_text(cashier())));
  present_ = resumed_ = false;
  return ok();
}

std::string message(Lang lang, const Attendance::Answer& answer) {
  using Said = Attendance::Answer::Said;
  const std::string left = std::to_string(answer.tries_left);
  switch (answer.said) {
    case Said::right:
      break;
    case Said::wrong:
      return lang == Lang::zh ? "密码不对，还可以试 " + left + " 次"
                              : "Wrong PIN; " + left + (answer.tries_left == 1 ? " try" : " tries") + " left";
    case Said::locked:
      return std::string(pick(lang, "密码错误次数过多，此人已锁定。请店长解锁，或请网格员重设密码",
                              "Too many wrong PINs: this person is locked. A manager opens the lock, or the "
                              "town's officer sets a new PIN"));
    case Said::no_manager:
      return std::string(pick(lang, "需要店长的密码", "This needs a manager's PIN"));
    case Said::no_answer:
      return std::string(pick(lang, "密码由镇服务器核对，现在没有回答。请检查网络再试 (",
                              "The PIN is checked by the town, which did not answer. Check the network and "
                              "try again (")) +
             std::string(name(answer.why.code)) + ")";
  }
  return {};
}

}  // namespace dfb::terminal
