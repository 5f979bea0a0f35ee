// The shop's receipts and shift reports: what stands on one, and the way to the printer.
//
// A receipt says what a stranger needs to check it: entry, size and root of the log, and a QR code that opens
// the proof on the customer's phone. Without a printer everything here works but print(). Threads: one; the
// queue has its own.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/printing/escpos.h"
#include "terminal/printing/layout.h"
#include "terminal/printing/print_queue.h"
#include "terminal/printing/shift_report.h"
#include "terminal/till/history.h"
#include "terminal/till/sale.h"
#include "terminal/words.h"

namespace dfb::terminal {

// Why points are given back, as it stands in the entry's memo, and in words.
struct RefundReason {
  std::string_view memo, zh, en;
};
const std::vector<RefundReason>& refund_reasons();

class Receipts {
 public:
  struct Shop {
    std::string name_zh, name_en;
    book::AccountId account;
    std::string origin;  // the ledger's
    std::string server;  // the town's URL, for the QR code
    KeyId till = {};
  };
  struct Parts {
    Shop shop;
    Lang lang = Lang::zh;  // of what is printed
    Paper paper = kPaper58mm;
    QrStyle qr = QrStyle::native;
    PrintQueue* queue = nullptr;  // not owned; null: no printer
    std::function<std::string()> cashier = [] { return std::string(); };  // at the till now; for a shift report
    std::function<bool()> without_pin = [] { return false; };  // that person went on without a PIN
    // What a good is called; its id where that is not known, as after a start without a line.
    std::function<std::string(const std::string& good, Lang)> good_name = [](const std::string& good, Lang) {
      return good;
    };
  };
  explicit Receipts(Parts parts) : parts_(std::move(parts)) {}

  // REQUIRES of all four: the sale's phase is done. A past one is marked as a copy and names nobody, since
  // the journal does not.
  Printout receipt(const Sale& sale, Lang lang) const;
  Printout receipt(const Past& past, Lang lang) const;
  bool print(const Sale& sale) { return print(receipt(sale, parts_.lang)); }
  bool print(const Past& past) { return print(receipt(past, parts_.lang)); }

  Printout report(const ShiftReport& report, Lang lang) const;

  // Width ruler, both scripts, sizes and a QR code.
  Printout test_page(Lang lang) const;

  // Hands it to the printer and returns at once. False when too much waits already, or there is no printer.
  bool print(const Printout& printout);
  // As it would be on paper.
  std::vector<PaperPart> preview(const Printout& printout) const { return lay_out(printout, parts_.paper); }

  PrinterStatus status() const { return parts_.queue != nullptr ? parts_.queue->status() : PrinterStatus{}; }
  Lang lang() const { return parts_.lang; }
  const Paper& paper() const { return parts_.paper; }
  const Shop& shop() const { return parts_.shop; }

 private:
  struct Facts;
  Printout receipt(const Facts& facts, Lang lang) const;
  Parts parts_;
};

// "The printer does not answer: check paper and cable. …"; empty while nothing is wrong.
std::string trouble(const PrinterStatus& status, Lang lang);

}  // namespace dfb::terminal
