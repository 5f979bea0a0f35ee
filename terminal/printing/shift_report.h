// A shift's report: X while the shift runs, Z when it is closed and stands in the ledger. How its numbers are
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
  // X alone: sales by offline code that the town has not counted yet; they are in no other number but the cash.
  Unsynced waiting = {};
  // Z alone: the entry, and the log that proves it.
  Uuid id = {};
  std::int64_t seq = -1, log_size = 0;
  Hash log_root = {};
  bool copy = false;  // printed again
};

// What runs now, as the X report of that number. REQUIRES: count_x_report() gave it.
ShiftReport x_report(const History& history, std::int64_t number, TimeUs now_us, std::string cashier);
// REQUIRES of both: a Z report that is done. A past one is a copy and names nobody.
ShiftReport z_report(const Sale& sale, std::string cashier);
ShiftReport z_report(const Past& past);

// `shop` is its name, `origin` the ledger's.
Printout shift_printout(const ShiftReport& report, const std::string& shop, const KeyId& till,
                        const std::string& origin, Lang lang);

}  // namespace dfb::terminal
