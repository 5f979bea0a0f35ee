// What a till's start makes of its journal, and what it knows since: every sale of its past, what is unfinished, what the
// town has not been told, and the shift.
//
// Threads: History is a value of one thread.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "terminal/till/offline_rules.h"
#include "terminal/till/records.h"

namespace dfb::terminal {

// A sale, refund, void or shift report of the past.
struct Past {
  Uuid id;
  Kind kind = Kind::sale;
  Phase phase = Phase::presenting;
  TimeUs at_us = 0;
  book::AccountId account;
  book::Points points;
  std::int64_t cash_fen = 0;
  std::int64_t seq = -1;
  Uuid refunded;
  Code why = Code::internal;  // refused
  std::string memo = {};      // a refund's
  // Done: what its receipt says besides.
  TimeUs entry_us = 0;
  std::int64_t log_size = 0;
  Hash log_root = {};
  bool offline = false;  // sold by an offline code
  // Of a sale: whether it was voided, what went back then, and what refunds of this till gave back.
  bool undone = false;
  book::Points undone_points = {}, given_back = {};
  std::int64_t cash_back_fen = 0;  // and what they gave back of its money
  std::string staff = {};    // who stood at the till; empty where nobody signs in
  bool no_pin = false;       // that person had gone on without a line, and without a PIN
  std::int64_t number = 0;   // a shift report's
  std::shared_ptr<const ShiftTotals> report = {};  // a shift report's
  Basket goods = {};                               // a sale's
  bool pickup = false;       // a sale that was a reservation
};

// What is kept for ever of what a till has done: that it has, and where it stands in the ledger.
struct Old {
  Uuid id;
  TimeUs entry_us = 0;
  std::int64_t seq = -1;  // of what is done
  Kind kind = Kind::sale;
};

// Of so many the history knows all, and longer of what is not settled, not told or not read yet. What lies further back is
// given back by the town's word (terminal/refundable.h), and is voided no more.
inline constexpr std::size_t kPastMost = 3000;

class History {
 public:
  explicit History(std::size_t past_most = kPastMost) : past_most_(past_most) {}

  // Takes the journal's next record; corrupt when it makes no sense after those before.
  Result<void> add(const Record& record);

  std::size_t past_most() const { return past_most_; }
  const std::optional<Identity>& identity() const { return identity_; }
  const Seen& seen() const { return seen_; }
  // Sales that were sent and not settled, or settled and not shown: as step(…, Restarted) wants them.
  std::vector<Sale> unfinished() const;
  bool has_open() const;  // one of them is not settled
  // The newest of those that were sent, oldest first.
  const std::deque<Past>& past() const { return past_; }
  const Past* by_id(const Uuid& id) const;  // one of past(), or an older one that is still waited for
  // What is in neither any more, and settled. Whether the journal has that id at all.
  const std::deque<Old>& old() const { return old_; }
  bool knows(const Uuid& id) const;
  const Past* by_receipt(std::int64_t seq) const;  // the one whose entry that is

  // Sales by offline code that the town has not answered, oldest first: as they go out.
  const std::map<Uuid, SignedLine>& kept() const { return kept_; }
  const Unsynced& unsynced() const { return unsynced_; }
  // What was sold by each allowance, whatever the town said of it later.
  const std::map<Uuid, AllowanceUse>& used() const { return used_; }
  // Offline sales that were shown as done and then refused by the town, until somebody has acknowledged them.
  std::vector<Past> conflicts() const;
  TimeUs newest_us() const { return newest_us_; }  // this machine's clock at its farthest, by the records
  // The town has said what time it is: how this machine's clock went before tells nothing any more.
  void forget_newest() { newest_us_ = 0; }
  const std::string& staff() const { return staff_; }  // who signed in and not out; empty: nobody
  bool knows_staff() const { return knows_staff_; }    // somebody signed in, once
  // Takes the records of a whole shift, the last of which shows its Z report, and keeps of them no more than old() does:
  // without the commands' payloads, which are most of a long journal. False, and nothing was taken, where not all of it is
  // settled and told within. Only for what lies far behind (history_reading.h). history_closed.cpp
  Result<bool> add_closed(const std::deque<Record>& records);

  // The shift: all that came after the last Z report that was entered.
  std::int64_t x_number() const { return x_number_; }  // reports entered so far, of this till's whole life
  std::int64_t z_number() const { return z_number_; }
  bool is_in_shift(const Past& past) const;
  // As docs/formats.md#totals counts, by what the ledger has proven to this till. Exact while unsynced() is zero.
  ShiftTotals shift_totals() const;

 private:
  Result<void> add_open(const Record& record);
  Result<void> add_seen(const Record& record);
  Result<void> add_sent(const Record& record);
  Result<void> add_offline(const Record& record);
  Result<void> add_acknowledged(const Uuid& id);
  Result<void> add_result(const Record& record, Sale& sale);
  void settle_kept(const Sale& sale);
  void note_done(const Sale& sale, const Record& record);
  void remember(Past past);
  Past& past_of(const Uuid& id);
  bool is_waited_for(const Uuid& id) const;
  void forget_front();
  void retire(std::int64_t number, const Past& past);
  void release(const Uuid& id);
  // history_shift.cpp
  static void count(const Past& past, ShiftTotals& totals);
  Result<void> add_staff(const Record& record);
  Result<void> add_counted_xreport(const Record& record);

  std::optional<Identity> identity_;
  Seen seen_;
  std::map<Uuid, Sale> live_;  // announced, and not yet shown or refused
  std::size_t past_most_;
  std::deque<Past> past_;
  std::int64_t first_ = 0;  // how many were before the front one
  std::map<Uuid, std::int64_t> index_;  // of past_, counted from the journal's beginning
  std::map<Uuid, std::pair<std::int64_t, Past>> awaited_;  // older, and still waited for
  std::deque<Old> old_;
  std::map<Uuid, SignedLine> kept_;
  Unsynced unsynced_;
  std::map<Uuid, AllowanceUse> used_;
  std::set<Uuid> conflicts_;
  TimeUs newest_us_ = 0;
  std::string staff_;
  bool no_pin_ = false;  // that person went on without a PIN
  bool knows_staff_ = false;
  std::int64_t x_number_ = 0, z_number_ = 0;
  std::int64_t shift_begin_ = 0;  // counted as in index_
  TimeUs shift_from_us_ = 0;
  ShiftTotals shift_before_;  // of what of the shift is in old_
};

// Whether a sale may still be voided: a finished one of this shift, whole as it was.
enum class CanVoid : std::uint8_t { yes, voided_already, given_back, earlier_shift, no_sale };
CanVoid can_void(const History& history, const Past& sale);

}  // namespace dfb::terminal
