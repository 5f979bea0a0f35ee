// How a start makes its history of a long journal: the newest few thousand sales are read in full, and of the shifts that
// were closed before no more than their ids and their places in the ledger, which takes a third of the time.
//
// Records go to the history in their order and some thousand sales late, so that a shift is known to be closed and to lie
// far enough behind when it goes. Every line's hash was checked before (journal.h). A shift that is not whole, or has
// something in it that another shift settles, is read in full, and so is a journal without Z reports.
// Threads: one.
#pragma once
#include <deque>
#include <optional>
#include <string>

#include "terminal/till/history.h"
#include "terminal/till/journal.h"

namespace dfb::terminal {

class HistoryReading {
 public:
  explicit HistoryReading(History& history) : history_(history) {}

  void take(Record record);
  // After the last record. corrupt, with the line: a record that makes no sense after those before.
  Result<void> finish();

 private:
  struct Shift {
    std::deque<Record> records;
    std::size_t sent_count = 0;
    bool begun = false;  // its first records were read already
  };
  void close_shift();
  void read_whole(Shift& shift);
  void read_first(Shift& shift);

  History& history_;
  std::deque<Shift> closed_;
  Shift open_;
  std::size_t sent_count_ = 0, record_count_ = 0;  // of all of them
  std::string report_id_;       // the Z report that was sent last
  bool report_done_ = false;
  std::optional<Error> broken_;
};

// Opens the journal and reads it into `history`. Fails as Journal::open does. REQUIRES: the history is empty.
Result<Journal> open_journal(const std::string& path, History& history);

}  // namespace dfb::terminal
