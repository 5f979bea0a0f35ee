// What the page draws of the owner's report. Source: docs/api.md#the-tills-page. Threads: values.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "terminal/report/owners_report.h"

namespace dfb::terminal {
BOOST_DESCRIBE_STRUCT(ReportRow, (), (zh, en, value_zh, value_en))
}

namespace dfb::terminal::kiosk {

// A period that a touch chooses, as parse_period() takes it.
struct ChoiceView {
  std::string name, period;  // today, yesterday, this_month, last_month
};
BOOST_DESCRIBE_STRUCT(ChoiceView, (), (name, period))

struct OwnerDayView {
  std::string day;
  std::int64_t net = 0;
  std::vector<ReportRow> rows;
};
BOOST_DESCRIBE_STRUCT(OwnerDayView, (), (day, net, rows))

struct OwnerView {
  bool asks_manager = false;  // a manager's PIN comes first
  std::vector<ChoiceView> choices;
  std::string from, to;  // of what is read or shown; empty before
  bool reading = false, ready = false;
  std::int64_t read = 0;        // entries so far
  std::string why_zh, why_en;   // there is no report
  std::vector<ReportRow> all;   // ready: as the text report's rows
  std::vector<OwnerDayView> days;
  std::vector<ReportRow> shifts;   // Z reports
  std::vector<ReportRow> missing;  // done by this till's journal, and not in the town's list
  std::string missing_zh, missing_en;
  std::vector<ReportRow> closing;
};
BOOST_DESCRIBE_STRUCT(OwnerView, (),
                      (asks_manager, choices, from, to, reading, ready, read, why_zh, why_en, all, days, shifts,
                       missing, missing_zh, missing_en, closing))

}  // namespace dfb::terminal::kiosk
