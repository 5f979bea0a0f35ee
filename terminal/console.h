// The till on a plain text terminal: codes and commands come in as lines, results go out as lines.
//
// The same line may come from a keyboard or from a keyboard-wedge scanner that ends it with CR.
// Threads: one.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "terminal/attendance.h"
#include "terminal/console_line.h"
#include "terminal/flow.h"
#include "terminal/printing/receipts.h"
#include "terminal/scan/line_scanner.h"
#include "terminal/screen.h"
#include "terminal/shelf.h"

namespace dfb::terminal {

class Console {
 public:
  struct Parts {
    Counter& counter;
    const History& history;
    Screen& screen;
    Attendance& attendance;
    const Shelf& shelf;
    Receipts& receipts;
    int in_fd;                        // read until its end; not owned
    std::function<void()> idle = {};  // between two sales, before the next line is waited for
    int scans_fd = -1;                // lines of a scanner of its own, beside the keyboard's; not owned
    // The till locks itself after so long without a line typed, while the town can be reached; 0: never.
    TimeUs lock_after_us = 0;
    std::function<bool()> is_line_up = [] { return true; };
    std::optional<LineScanner::Line> first_scan = {};  // taken before the first line
    // in_fd is a keyboard, and perhaps a scanner that types like one. Of what comes faster than a hand types, only codes are
    // taken: a customer's code may hold line ends, and what stands behind them would else be the cashier's word.
    bool by_hand = false;
  };
  explicit Console(Parts parts) : parts_(std::move(parts)), flow_(parts_.counter) {}

  // Settles what the journal left open, then serves until `quit` or the input's end. Returns true when
  // nothing is open. Fails as the counter does.
  Result<bool> run(std::vector<Sale> unfinished);

 private:
  void idle();
  Result<bool> read_some();  // false at the input's end
  bool read_from(int fd, LineScanner& lines);
  Result<void> take_typed(const LineScanner::Line& line);
  Result<void> take(const LineScanner::Line& line);
  Result<void> take_image(const std::string& path);
  // The text of a code, which is never a command: whoever drew the picture is no cashier.
  Result<void> take_scan(const LineScanner::Line& line);
  Result<void> take_words(const std::string& text, const ConsoleLine& line);
  Result<void> take_word(Word word);
  Result<void> take_bill(const BillLine& bill);
  Result<void> take_goods(const GoodsNamed& named);
  Result<void> start_refund(const RefundLine& line);
  Result<void> acknowledge();
  // console_screen.cpp
  Result<void> not_understood(const std::string& text);
  Result<void> tell(Flow::Outcome outcome);
  void ask_to_confirm();
  void show_goods();
  Result<void> show_scanned(const ReceiptCode& code);
  Result<void> tell_not_refundable(const Error& why);
  void reprint(const ReprintLine& line);
  void show_help();
  void show_last();
  void show_receipt();
  void show_status();
  void show_offline();
  // console_shift.cpp
  Result<void> take_pin(const std::string& pin);
  Result<void> ask_pin_for(const ConsoleLine& line);
  Result<void> take_shift_word(Word word);
  bool may_only_sign_in(const ConsoleLine& line) const;
  void tell_shut();
  void tell(const Attendance::Answer& answer);
  void show_staff();
  Result<void> read_shift();
  void show_sums();
  Result<void> sign_out();
  Result<void> resume();
  // Not for a cashier who went on without a PIN.
  bool goes_without_pin(const std::string& text, const ConsoleLine& line) const;
  bool may_lock() const;
  void lock();
  const StaffMember* person(std::size_t number) const;

  Parts parts_;
  Flow flow_;
  LineScanner typed_, scanned_;
  bool quit_ = false;
  bool line_was_up_ = true;   // the banner is shown when it goes
  std::vector<Uuid> listed_;  // offline sales that were refused, and were read out here
  std::chrono::steady_clock::time_point typed_at_{};  // the last line, and what it brought about
  // What the next line's PIN is for.
  struct ForSignIn {
    std::string staff;
  };
  struct ForVoid {
    Past sale;
    std::string manager;
  };
  struct ForUnlock {
    std::string staff, manager;
  };
  std::variant<std::monostate, ForSignIn, ForVoid, ForUnlock> pin_for_;
};

}  // namespace dfb::terminal
