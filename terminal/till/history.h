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

// A sale, refund, void or shift report of the past, short enough to keep years of them in memory.
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

class History {
 public:
  // Takes the journal's next record; corrupt when it makes no sense after those before.
  Result<void> add(const Record& record);

  const std::optional<Identity>& identity() const { return identity_; }
  const Seen& seen() const { return seen_; }
  // Sales that were sent and not settled, or settled and not shown: as step(…, Restarted) wants them.
  std::vector<Sale> unfinished() const;
  bool has_open() const;  // one of them is not settled
  // Those that were sent, oldest first.
  const std::deque<Past>& past() const { return past_; }
  const Past* by_id(const Uuid& id) const;
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
  Past& past_of(const Uuid& id) { return past_[index_.at(id)]; }
  // history_shift.cpp
  Result<void> add_staff(const Record& record);
  Result<void> add_counted_xreport(const Record& record);

  std::optional<Identity> identity_;
  Seen seen_;
  std::map<Uuid, Sale> live_;  // announced, and not yet shown or refused
  std::deque<Past> past_;
  std::map<Uuid, std::size_t> index_;
  std::map<Uuid, SignedLine> kept_;
  Unsynced unsynced_;
  std::map<Uuid, AllowanceUse> used_;
  std::set<Uuid> conflicts_;
  TimeUs newest_us_ = 0;
  std::string staff_;
  bool no_pin_ = false;  // that person went on without a PIN
  bool knows_staff_ = false;
  std::int64_t x_number_ = 0, z_number_ = 0;
  std::size_t shift_begin_ = 0;  // in past_
  TimeUs shift_from_us_ = 0;
};

// Whether a sale may still be voided: a finished one of this shift, whole as it was.
enum class CanVoid : std::uint8_t { yes, voided_already, given_back, earlier_shift, no_sale };
CanVoid can_void(const History& history, const Past& sale);

}  // namespace dfb::terminal
