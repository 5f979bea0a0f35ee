// Who stands at the till: the shop's people, their PINs asked of the town, who signed in and out.
//
// A PIN is handed to the town and forgotten; nothing of it is kept here, so signing in, unlocking and a
// manager's word need the line. A shop that has no people in the town's list needs nobody to sign in. A till
// at which somebody once signed in stays shut after a start until somebody does again, also without a line:
// then alone, who signed in and not out may go on for offline selling, without a PIN
// (docs/decisions/0005-no-pin-without-a-line.md).
// Threads: one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "terminal/link/line.h"
#include "terminal/till/history.h"
#include "terminal/words.h"

namespace dfb::terminal {

class Attendance {
 public:
  struct Parts {
    Journal& journal;
    History& history;  // of that journal
    Line& line;
    const Clock& clock;
  };
  explicit Attendance(Parts parts);

  // Asks the town for the shop's people. Fails as the line does; what was known stays.
  Result<void> look();
  const std::vector<StaffMember>& staff() const { return staff_; }
  const StaffMember* find(const std::string& id) const;

  // Nobody is at the till and somebody has to be: nothing is sold, given back or reported.
  bool is_shut() const;
  // Locked: that person left it for a moment. Their id, or empty.
  const std::string& cashier() const { return parts_.history.staff(); }
  std::string cashier_name() const;  // as the town's list names them; the id without a list
  bool wants_people() const;         // this shop's people sign in

  struct Answer {
    enum class Said : std::uint8_t { right, wrong, locked, no_manager, no_answer } said = Said::no_answer;
    std::int64_t tries_left = 0;  // wrong
    Error why;                    // no_answer
  };
  // Each fails with io_error alone, as the counter does.
  // Signs the person in, in the place of whoever stood there.
  Result<Answer> sign_in(const std::string& staff, std::string_view pin);
  // A manager's word for something that a cashier may not do alone.
  Result<Answer> allow(const std::string& manager, std::string_view pin);
  // Opens another person's lock on a manager's word.
  Result<Answer> unlock(const std::string& staff, const std::string& manager, std::string_view pin);
  // The journal has somebody who signed in and not out, and nothing that is known speaks against them.
  bool can_resume() const;
  // Asks the town once more, and when it cannot be reached lets that person go on: journaled, until the town
  // answers look() again or somebody signs in. False: the PIN is wanted. Only offline selling is for them: each
  // face lists what goes without a PIN, so that something new wants one.
  Result<bool> resume();
  bool is_resumed() const { return resumed_; }
  // REQUIRES: nothing in the journal is open, and no offline sale waits for the town.
  Result<void> sign_out();
  void lock() { present_ = resumed_ = false; }

 private:
  Answer ask(const std::string& staff, std::string_view pin, const std::string& unlock);
  Result<void> write(What what, const std::string& text);

  Parts parts_;
  std::vector<StaffMember> staff_;
  bool asked_ = false;    // the town has answered in this run
  bool resumed_ = false;
  bool present_ = false;  // the cashier gave a right PIN in this run, and did not lock the till since
};

// Why a PIN did not do, and what helps. REQUIRES: it was not right.
std::string message(Lang lang, const Attendance::Answer& answer);

}  // namespace dfb::terminal
