// The owner's report on the till's page: a manager's word, a period, and the figures, recomputed page by page
// of the shop's own entries while the till stays free for a customer.
//
// The figures are those of report/owners_report.h, row by row. Threads: one, the desk's.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "terminal/counter/counter.h"
#include "terminal/kiosk/owner_view.h"
#include "terminal/report/owners_report.h"

namespace dfb::terminal::kiosk {

class OwnersPage {
 public:
  struct Parts {
    Counter& counter;
    const History& history;
    Line& line;
    const Clock& clock;
    book::AccountId shop;
  };
  explicit OwnersPage(Parts parts) : parts_(parts) {}

  void open(bool asks_manager);  // forgets the report of before
  void allow() { asks_manager_ = false; }
  void close();
  bool asks_manager() const { return asks_manager_; }

  void begin(Period period);
  bool is_reading() const { return reading_ != nullptr; }
  // The next page of entries, and after the last one the figures. What the town says wrong is shown; fails with
  // io_error alone, as the counter does. REQUIRES: is_reading()
  Result<void> step();

  OwnerView view() const;

 private:
  Day today() const;

  Parts parts_;
  bool asks_manager_ = true;
  Period period_;
  std::unique_ptr<LeafReading> reading_;
  std::optional<OwnersReport> report_;
  std::optional<Error> why_;  // no report could be made
};

// Why there is no report, and what to do.
std::string no_report(Lang lang, const Error& why);

}  // namespace dfb::terminal::kiosk
