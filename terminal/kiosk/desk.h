// The till's thread behind the page: carries out touches, waits for the town, hangs up what the page draws.
//
// Whatever the page has beside the sale itself (which list is open, what is typed so far, whether a result
// was read) stands here, so that a page that is opened anew goes on where the other was. Threads: one; the
// board and the inbox are its only doors.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "terminal/attendance.h"
#include "terminal/flow.h"
#include "terminal/kiosk/board.h"
#include "terminal/kiosk/inbox.h"
#include "terminal/kiosk/owners_page.h"
#include "terminal/printing/receipts.h"
#include "terminal/scan/code_kind.h"
#include "terminal/shelf.h"

namespace dfb::terminal::kiosk {

class Desk {
 public:
  struct Parts {
    Counter& counter;
    const History& history;
    Attendance& attendance;
    const Shelf& shelf;
    const Clock& clock;
    Receipts& receipts;
    OwnersPage& owners;
    Board& board;
    Inbox& inbox;
    ShopView shop;
    std::function<bool()> is_line_up;
    std::function<void()> look = {};  // now and then while nobody waits: asks the town how things are
    // A look may block as long as the line makes it: not while somebody is about to scan.
    std::chrono::milliseconds quiet_before_look{3000};
    // The till locks itself after so long without a touch, while the town can be reached; 0: never.
    std::chrono::milliseconds lock_after{0};
    std::string folder = {};  // the till's
  };
  explicit Desk(Parts parts) : parts_(std::move(parts)), flow_(parts_.counter) {}

  // The counter's show_ actions, to be handed on by whoever made the counter.
  void show(Do what, const Sale& sale);
  // Settles what the journal left open, then serves until the inbox is closed. True when nothing is open.
  // Fails as the counter does; the page is told before.
  Result<bool> run(std::vector<Sale> unfinished);
  View view() const;

 private:
  using Moment = std::chrono::steady_clock::time_point;
  enum class Panel : std::uint8_t { none, past, receipt, refund, undo, who, shift, owner };

  Result<bool> serve(std::vector<Sale> unfinished);
  Result<void> take(const Inbox::Given& given);
  Result<void> on(const Scan& touch);
  Result<void> on(const Draft& touch);
  Result<void> on(const Pay& touch);
  Result<void> on(const Pin& touch);
  Result<void> on(const Drop& touch);
  Result<void> on(const Next& touch);
  Result<void> on(const ShowPast& touch);
  Result<void> on(const Find& touch);
  Result<void> on(const GiveBack& touch);
  Result<void> on(const Back& touch);
  Result<void> on(const ShowReceipt& touch);
  Result<void> on(const Print& touch);
  template <class Named>
  Result<void> look_up(const Named& named);
  Result<void> pick_for_refund(Result<Past> sale);
  Result<void> on(const Acknowledge& touch);
  // desk_shift.cpp
  Result<void> on(const ShowSignIn& touch);
  Result<void> on(const SignIn& touch);
  Result<void> on(const Unlock& touch);
  Result<void> on(const Resume& touch);
  static bool goes_without_pin(const Touch& touch);  // is also for a cashier who went on without one
  Result<void> on(const SignOut& touch);
  Result<void> on(const Lock& touch);
  Result<void> on(const ShowShift& touch);
  Result<void> on(const XReport& touch);
  Result<void> on(const ZReport& touch);
  Result<void> on(const AskVoid& touch);
  Result<void> on(const Void& touch);
  // desk_owner.cpp
  Result<void> on(const ShowOwner& touch);
  Result<void> on(const OpenOwner& touch);
  Result<void> on(const ReadOwner& touch);
  bool reads_for_owner() const;
  bool noted(const Attendance::Answer& answer);  // false: the PIN was not right, and the note says why
  void lock();
  bool may_lock() const;
  void open_panel(Panel panel);
  Result<void> after(Flow::Outcome outcome);
  bool waits_for_points(const Uuid& sale) const;
  static bool offers_offline_code(const Touch& touch);
  bool may_take_up() const;  // what was put aside: when there is a line again
  bool is_settled();         // false: something is not known yet, and the note says what is waited for
  bool is_at_rest() const;  // neither a result to wait for nor a customer
  void work();              // an exchange with the town begins: say so before it blocks this thread
  void note(std::string what, std::string zh = {}, std::string en = {});
  void hang();
  Screen screen() const;
  Moment next_moment() const;
  std::chrono::milliseconds until_look() const;

  Parts parts_;
  Flow flow_;
  Panel panel_ = Panel::none;
  std::optional<Past> picked_;  // whose receipt is shown, to be given back from, or voided
  DraftView draft_;
  std::optional<NoteView> note_;
  std::int64_t notes_count_ = 0;
  PrinterStatus printer_;  // as it is shown
  bool working_ = false, stopped_ = false;
  bool read_ = true;  // the last result
  Moment tick_at_{}, look_at_{}, touched_at_{};
  Moment told_at_{};  // the last result
};

}  // namespace dfb::terminal::kiosk
