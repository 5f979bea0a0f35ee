// A shift's report, as it stands in the ledger: X while the shift runs, Z when it is closed. How its numbers are
// counted: docs/formats.md#totals. Threads: values; pure functions.
#pragma once
#include <string>

#include "terminal/printing/printout.h"
#include "terminal/till/history.h"
#include "terminal/words.h"

namespace dfb::terminal {

struct ShiftReport {
  bool closed = false;      // a Z report
  std::int64_t number = 0;  // of this till's X or Z reports, from 1
  TimeUs at_us = 0;
  ShiftTotals totals;
  std::string cashier = {};  // who asked for it, as the screen names them; may be empty
  // The entry, and the log that proves it.
  Uuid id = {};
  std::int64_t seq = -1, log_size = 0;
  Hash log_root = {};
  bool copy = false;  // printed again
};

// REQUIRES of both: a report that is done. A past one is a copy and names nobody.
ShiftReport shift_report(const Sale& sale, std::string cashier);
ShiftReport shift_report(const Past& past);

// `shop` is its name, `origin` the ledger's.
Printout shift_printout(const ShiftReport& report, const std::string& shop, const KeyId& till,
                        const std::string& origin, Lang lang);

}  // namespace dfb::terminal
