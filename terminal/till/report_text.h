// A shift's report as plain text, as wide as a customer's receipt: X while it runs, Z when it is closed.
// Threads: pure.
#pragma once
#include <string>

#include "terminal/till/receipt_text.h"
#include "terminal/till/records.h"

namespace dfb::terminal {

struct ShiftReport {
  bool closed = false;         // a Z report, which stands in the ledger
  std::int64_t number = 0;     // of this till's X or Z reports, from 1
  TimeUs at_us = 0;
  ShiftTotals totals;
  std::string cashier;         // who asked for it, as the screen names them; may be empty
  std::string till;            // its key's id
  // Z alone: the entry, and the log that proves it.
  Uuid id;
  std::int64_t seq = -1, log_size = 0;
  Hash log_root;
};

// What runs now, as the X report of that number. REQUIRES: count_x_report() gave it.
ShiftReport x_report(const History& history, std::int64_t number, TimeUs now_us, std::string cashier);
// REQUIRES: a Z report that is done.
ShiftReport z_report(const Sale& sale, std::string cashier, const KeyId& till);

// No line is wider than `columns`. REQUIRES: columns >= 24.
std::string report_text(const ShiftReport& report, const ReceiptHead& head, Lang lang,
                        int columns = kColumns58mm);

}  // namespace dfb::terminal
