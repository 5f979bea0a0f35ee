// What a shop took in and gave back, day by day, recomputed from its own entries of the ledger.
//
// Days are civil days of the town's time; points are whole points, money is fen. An entry counts on the day of
// its own time: a sale that is undone later stands on its day, and the undoing on the day of the cancel.
// Threads: values; pure functions.
#pragma once
#include <string>
#include <vector>

#include "terminal/report/leaves.h"
#include "terminal/report/period.h"
#include "terminal/till/history.h"
#include "terminal/words.h"

namespace dfb::terminal {

struct Tally {
  std::int64_t count = 0, points = 0;
  void add(std::int64_t value) { ++count, points += value; }
  friend bool operator==(const Tally&, const Tally&) = default;
};

struct DayFigures {
  Tally sales;             // at the counter, offline ones among them
  std::int64_t cash_fen = 0;  // the part of sales and pick-ups that was paid in money, less that of what was undone
  Tally offline;           // of the sales: made without a line
  Tally picked_up;         // reservations handed out
  Tally refunds;           // given back, in whole or in part
  Tally cancelled;         // sales undone: voids, and what no answer came to
  Tally covered;           // offline losses that the town's reserve made good
  Tally settled;           // paid out by the town
  std::int64_t settled_fen = 0;
  std::int64_t refused = 0;  // commands of this shop that the ledger refused
  // What customers paid, less what went back to them.
  std::int64_t net() const {
    return sales.points + picked_up.points - refunds.points - cancelled.points;
  }
  // What the day added to the shop's balance.
  std::int64_t balance() const { return net() + covered.points - settled.points; }
  void add(const DayFigures& other);
  friend bool operator==(const DayFigures&, const DayFigures&) = default;
};

// A Z report of one of the shop's tills, as the ledger has it.
struct ZLine {
  std::int64_t seq = 0;
  std::string subject, period;
  Tally sales, refunds;
};

struct OwnersReport {
  Day from = 0, to = 0;  // both included
  std::vector<std::pair<Day, DayFigures>> days;  // those on which something happened, in order
  DayFigures all;
  std::vector<ZLine> z;
  // Sales and refunds that this till's journal calls done and the town's list lacks, or has otherwise.
  std::vector<Past> missing;
  std::int64_t unsettled = 0;  // points of this time that the town has not settled with the shop yet
  log::Checkpoint under;
};

OwnersReport owners_report(const Leaves& leaves, const History& history, book::AccountId shop, Day from, Day to);

// A label and what stands beside it, for every face of the report.
struct ReportRow {
  std::string zh, en, value_zh, value_en;
};
std::vector<ReportRow> rows_of(const DayFigures& figures);
std::vector<ReportRow> rows_of(const ZLine& z);
std::vector<ReportRow> rows_of(const Past& missing);
// What `missing` is, said before its rows.
std::string_view missing_words(Lang lang);
// What the figures rest on, and what of them is not settled.
std::vector<ReportRow> closing_rows(const OwnersReport& report);

// For a screen or paper `columns` wide (32 or more).
std::string report_text(const OwnersReport& report, std::string_view shop, Lang lang, int columns);
std::string report_json(const OwnersReport& report, std::string_view shop);

}  // namespace dfb::terminal
