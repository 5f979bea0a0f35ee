// Everything that one terminal is made of, opened in the order in which it can go wrong.
//
// Threads: one.
#pragma once
#include <memory>
#include <string>

#include "terminal/attendance.h"
#include "terminal/commands.h"
#include "terminal/counter/counter.h"
#include "terminal/link/link.h"
#include "terminal/link/watched_line.h"
#include "terminal/printing/receipts.h"
#include "terminal/screen.h"
#include "terminal/setup.h"
#include "terminal/shelf.h"

namespace dfb::terminal {

class Till {
 public:
  // bad_config, busy, corrupt, io_error: what is wrong with which file of the folder, and what to do.
  static Result<std::unique_ptr<Till>> open(const Common& common);

  // A till to learn on: its line is a PracticeLine, its journal lies in a folder that goes with it, and the
  // folder of `common` is read for the shop's names alone, if there is one.
  static Result<std::unique_ptr<Till>> practice(const Common& common);
  ~Till();

  // Asks the town for a new certificate when this one is due, after a failure not before an hour is over. A failure is
  // told once it matters: in the last week, and after the end.
  void renew_when_due();
  // Warns about a line that is down and a clock that is off; neither stops anything. Asks for the shop's
  // people and goods too.
  bool greet();
  // Ticks until the sale is settled or nobody wants to wait any longer. True when it is settled.
  Result<bool> wait_for(Counter::Wait wait);
  // Counter::sync(), and a line about it once no more is to follow at once. False when it failed. REQUIRES:
  // nothing is open.
  bool sync(int batches_most);
  // The journal is older than what the town has: nobody may sell with it. Says what to do.
  bool refuses_old_journal();
  // The banner: what may still be sold without a line, what waits, what the town refused.
  void show_offline();
  void show_conflicts();
  // What earlier runs left open comes first: one sale at a time. True when all of it is settled.
  Result<bool> settle();
  // Gossip about the log: the town, and through it everybody, learns how far this till has verified it.
  // Nothing of a sale depends on it; a line that is down is told about elsewhere.
  void cosign_seen();
  // Demands, at most once an hour, the proof that the log continues what this till has verified; the faces show when it
  // does not.
  void watch_log();
  std::string shop_name() const { return std::string(pick(common.lang, setup.name_zh, setup.name_en)); }
  // The exit status that the sale's end asks for; a finished one's receipt is shown.
  int finish();
  // Gives the printer a few seconds for what it has not taken yet; says so when that is not enough.
  void finish_printing();

  const Common& common;
  const Setup setup;
  const PrivateKey key;
  const log::Vkey vkey;
  const std::unique_ptr<History> history;
  Journal journal;
  SystemClock clock;
  SystemRandom random;
  Screen screen;
  std::function<void(Do, const Sale&)> show;  // the counter's; the screen's until another face takes it
  const std::unique_ptr<Line> town;  // a Link, or a PracticeLine
  WatchedLine line{*town};
  Attendance attendance;
  Shelf shelf;
  const std::unique_ptr<PrintQueue> queue;  // null without a printer
  Receipts receipts;
  Counter counter;
  std::int64_t cosigned_size = 0;  // in this run
  TimeUs renew_at_us = 0;          // not before then, after a failure
  TimeUs watch_at_us = 0;
  bool is_practice() const { return link_ == nullptr; }

 private:
  struct Opened {
    Setup setup;
    PrivateKey key;
    log::Vkey vkey;
    std::unique_ptr<History> history;
    Journal journal;
    std::unique_ptr<PrintQueue> queue;
    Pins pins;
  };
  Till(const Common& the_common, Opened opened, std::unique_ptr<Line> the_town, Link* the_link,
       std::string temporary);
  void tell_other_history();  // once
  Result<PrivateKey> witness_key() const;
  Result<void> keep_log_key(const log::Vkey& next);
  Result<void> keep_pins(const Pins& pins) const;

  Unsynced untold_;              // when what is being told began
  std::string warned_;           // what the last sync left to be said
  bool other_history_told_ = false;
  Link* const link_;             // `town`, unless it is for practice
  const std::string temporary_;  // a folder to be removed, or empty
};

// Null when no printer is named. bad_config.
Result<std::unique_ptr<PrintQueue>> open_printer(const PrinterWords& words);
constexpr Paper paper_of(const PrinterWords& words) { return words.paper_mm == 80 ? kPaper80mm : kPaper58mm; }

// One line on standard error.
void complain(const Error& error);
int cannot_work(const Error& error);  // complains, and gives that exit status
bool screen_has_colours();

// Opens the till and hands it to `work`, which answers with an exit status.
template <class Work>
int with_till(const Common& common, Work work) {
  auto till = common.practice ? Till::practice(common) : Till::open(common);
  if (!till) return cannot_work(till.error());
  const Result<int> status = work(**till);
  (*till)->finish_printing();
  if (status && status.value() == kDone) (*till)->cosign_seen();
  return status ? status.value() : cannot_work(status.error());
}

}  // namespace dfb::terminal
