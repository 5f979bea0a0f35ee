// The program's commands. Each prints what a person needs and returns the program's exit status.
#pragma once
#include <string>

#include "terminal/printing/escpos.h"
#include "terminal/till/sale.h"
#include "terminal/words.h"

namespace dfb::terminal {

// 0 done · 1 refused, nothing happened · 2 the program cannot work: wrong options, files, certificate · 3 not
// known yet
inline constexpr int kDone = 0, kRefused = 1, kCannotWork = 2, kUnknown = 3;

struct PrinterWords {
  std::string address;  // empty: no printer
  int paper_mm = 58;    // or 80
  QrStyle qr = QrStyle::native;
};

struct Common {
  std::string dir;
  Lang lang = Lang::en;
  PrinterWords printer;
  Timing timing;
  bool practice = false;  // nothing that is done reaches the town
  std::string scanner;    // a device file of a scanner; empty: none beside the keyboard
  TimeUs lock_after_us = 10 * kMinuteUs;     // without a touch; 0: never
  TimeUs give_up_after_us = 60 * kSecondUs;  // commands without a person; the journal remembers
};

struct EnrolWords {
  std::string server, ca, code;
};
struct SaleWords {
  std::string image, code;  // one of them
  std::int64_t points = 0, cash_fen = 0;
  long confirm_s = 0;  // the customer's time to confirm on the phone what the code does not pay; 0: not asked
  bool yes = false;
};
struct KioskWords {
  int port = 8470;
  std::string pages;  // empty: the folder kiosk beside the program
};
struct RefundWords {
  std::string sale, memo;
  std::int64_t points = 0, cash_fen = 0;
};

struct ReportWords {
  std::string period;  // as parse_period() reads it
  bool json = false;
};

int run_enrol(const Common& common, const EnrolWords& words);
int run_renew(const Common& common);
// `image`: a picture whose code is the first scan, or empty.
int run_console(const Common& common, const std::string& image = {});
int run_kiosk(const Common& common, const KioskWords& words);
int run_sale(const Common& common, const SaleWords& words);
int run_refund(const Common& common, const RefundWords& words);
int run_reprint(const Common& common, const std::string& sale);
int run_print_test(const Common& common);
int run_settle(const Common& common);
int run_take_over(const Common& common, const std::string& from);  // the revoked terminal's folder
int run_status(const Common& common);
int run_doctor(const Common& common);  // kRefused when something has to be put right
int run_report(const Common& common, const ReportWords& words);

}  // namespace dfb::terminal
