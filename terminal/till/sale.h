// One sale, refund, void or shift report at the counter, from the scan to the last word: a state machine without I/O.
//
//   step(sale, event, now) -> (sale, actions)
//
// Whoever drives it (terminal/counter/counter.h) carries out the actions in their order and feeds back what came of
// them. A record is on disk before the next action starts, so a power cut between any two of them is met by
// `Restarted`. Rules (docs/api.md):
//   - nothing is sent before the journal holds it; what is sent again is the same bytes;
//   - a sale without an answer is asked about, and from `cancel_after_us` on undone by a cancel; the answer
//   to the
//     cancel settles it. A refund, a void or a shift report without an answer is sent again until there is one:
//     its id makes that harmless. An X report that was never sent is refused at once: it can be asked for again;
//   - that the town turns this till away says nothing of what an earlier attempt brought about: still not known;
//   - success is shown for a proven entry only. Everything else is a refusal, or "not known yet";
//   - a pick-up is a sale whose points, cash part and goods the reservation says: the cashier says yes or no to it;
//   - a sale by offline code is success of its own kind: the till has judged it, the journal keeps it until the
//     town has answered (terminal/counter/reconcile.cpp), and its money is bounded (docs/offline.md).
// Threads: values; step() is pure.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/base/uuid.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"
#include "terminal/till/basket.h"

namespace dfb::terminal {

struct Timing {
  TimeUs ask_after_us = 5 * kSecondUs;      // how long an answer is awaited before asking by id
  TimeUs cancel_after_us = 30 * kSecondUs;  // from sending until the sale is given up
  TimeUs retry_us = 2 * kSecondUs;          // between two tries
  TimeUs confirm_us = 90 * kSecondUs;       // the customer's time to confirm on the phone; 0: never asked
  TimeUs word_us = kSecondUs;               // between two questions for the customer's word
};

// An undo is a void: a finished sale of the shift, undone as a whole on a manager's word.
// An X report reads the shift so far, a Z report closes it.
enum class Kind : std::uint8_t { sale, refund, undo, zreport, xreport };
std::string_view name(Kind kind);
constexpr bool is_report(Kind kind) { return kind == Kind::zreport || kind == Kind::xreport; }

// What a shift came to, by the till's own journal.
struct ShiftTotals {
  TimeUs from_us = 0;                      // its first sale, or the report before; 0: nothing happened yet
  std::int64_t count = 0, total = 0;       // sales that were not undone, and their points
  std::int64_t refunds = 0, refunded = 0;  // and what was given back
  std::int64_t voids = 0, cash_fen = 0;    // voided sales; money taken beside points, less what refunds gave back
  std::int64_t no_pin = 0;                 // offline sales by a cashier who went on without a PIN
  friend bool operator==(const ShiftTotals&, const ShiftTotals&) = default;
};

enum class Phase : std::uint8_t {
  idle,
  presenting,      // the code is with the town
  ready,           // the customer is known; points are awaited from the cashier
  pin,             // a card: its PIN is awaited from the customer
  attesting,       // the PIN is with the town
  offering,        // more than the code pays: the customer's phone is being asked
  confirming,      // the customer's word is awaited
  signing,         // the command is being made
  sending,         // the command is on its way, or will be
  asking,          // no answer: asking by id
  signing_cancel,  // the cancel is being made
  cancelling,      // the cancel is on its way, or will be
  checking,        // the cancel was refused: asking once more what became of the sale
  done,            // proven in the ledger
  refused,         // it did not happen
  cancelled,       // given up: it has no effect
  kept,            // sold for an offline code: the town is told when it can be reached
};
std::string_view name(Phase phase);

// What a reservation set aside beside its points, as the ledger's entry says it.
struct Reserved {
  std::int64_t cash_fen = 0;  // due at the counter
  Basket goods = {};          // at the prices of the reservation
  TimeUs until_us = 0;        // the server's clock
  friend bool operator==(const Reserved&, const Reserved&) = default;
};

// What the town says about a presented code or card.
struct Customer {
  KeyId device;          // a code's
  book::AccountId card;  // a card's number; 0 for a code
  book::AccountId account;
  std::string name;                    // masked, UTF-8 without control characters
  book::Points code_limit, spend_max;  // whether the customer has as many, the sale will tell
  std::string code = {};               // digits were typed: the pay code that they stand for
  bool offline = false;  // an offline code, judged by this till alone: it pays `spend_max`, no other points
  std::optional<Uuid> pick_up = {};        // digits were typed: the reservation that they stand for
  std::optional<Reserved> reserved = {};  // a pick-up code, of `spend_max` points: it pays these for this, no others
  friend bool operator==(const Customer&, const Customer&) = default;
};

// The customer's word for one sale, signed on the phone: docs/formats.md#quote.
struct Confirmation {
  TimeUs expires_us = 0;  // the server's clock; set when the phone is asked
  std::string signature;  // empty until the customer has said yes
  friend bool operator==(const Confirmation&, const Confirmation&) = default;
};

// A payload and this till's signature over it, as sent and as journaled.
struct SignedLine {
  std::string payload, signature;
  friend bool operator==(const SignedLine&, const SignedLine&) = default;
};

enum class CancelEffect : std::uint8_t {
  burnt,
  undone,
  none
};  // never applied; was applied, now undone; had no effect

struct Sale {
  Phase phase = Phase::idle;
  Kind kind = Kind::sale;
  Uuid id;
  std::string code;   // the scanned text
  std::optional<Uuid> hold;  // a pick-up: the reservation. To the ledger its capture is a sale like any other
  Customer customer;         // of a refund only `account`
  book::Points points;
  std::int64_t cash_fen = 0;
  Basket goods;               // what is bought by name; empty where points were typed
  std::string pin_token;      // a card: the town's word that the PIN was right, for this sale
  Confirmation confirmation;  // more than the code pays
  TimeUs asked_us = 0;        // when the phone was asked
  Uuid refunded;              // a refund, an undo: the sale's id
  std::string manager;        // an undo: whose word it is, by their id in the shop
  std::int64_t number = 0;    // a shift report's
  ShiftTotals totals;         // a shift report's
  std::string memo;           // a refund
  SignedLine command, cancel;
  TimeUs sent_us = 0;
  bool perhaps_arrived = false;  // some attempt may have reached the town
  bool told_unknown = false, told_alarm = false;
  // The result.
  std::int64_t seq = -1;  // the entry that says so, -1 without one
  TimeUs entry_us = 0;
  std::int64_t log_size = 0;  // the checkpoint that proves it
  Hash log_root;
  Error why;  // refused: the code; alarm or unknown: the last trouble
  CancelEffect effect = CancelEffect::none;
  friend bool operator==(const Sale&, const Sale&) = default;
};

bool is_final(Phase phase);
// True while the town may have the command and its answer is not known.
bool is_open(const Sale& sale);
// Nothing comes of it that a customer could wait for: a sale that was given up, and no town has heard of it yet; an X
// report without an answer.
bool is_given_up(const Sale& sale);
// It stands although the till had given it up, since the ledger undoes it no longer: the customer may be gone, and has
// paid.
bool stands_late(const Sale& sale);

// Events. What the town answers counts only after its proof was checked.
struct Scanned {
  Uuid id;
  std::string code;
};
struct RefundWanted {
  Uuid id, sale;
  book::AccountId account;
  book::Points points;
  std::string memo;
  std::int64_t cash_fen = 0;  // goes back too, out of the drawer; the ledger knows nothing of it
};
struct UndoWanted {
  Uuid id, sale;
  book::AccountId account;
  book::Points points;
  std::string manager;
  std::int64_t cash_fen = 0;  // likewise
};
struct ReportWanted {
  Uuid id;
  std::int64_t number = 0;
  ShiftTotals totals;
  Kind kind = Kind::zreport;  // or xreport
};
struct Presented {
  Customer customer;
};
struct AmountGiven {
  book::Points points;
  std::int64_t cash_fen = 0;
  Basket goods = {};  // not with an offline code, which names none
};
struct PinGiven {};  // the counter has it; it is in no sale and no journal
struct Attested {
  std::string token;
};
struct PinWrong {
  Error why;
};
struct Offered {};  // the phone shows it
struct Waiting {};  // no word yet
struct Confirmed {
  std::string signature;
};
struct Dropped {};  // the cashier said no
struct Signed {
  SignedLine line;
};
struct Applied {  // an entry, proven, that holds the command itself
  std::int64_t seq = 0;
  TimeUs time_us = 0;
  std::int64_t log_size = 0;
  Hash log_root;
  CancelEffect effect = CancelEffect::none;  // of a cancel
  book::Points points = {};                  // of a cancel that undid something: what went back
};
struct Refused {
  Error why;
  std::int64_t seq = -1;
};                   // a problem; with an entry it was proven
struct NotFound {};  // the town has never seen the id
struct NotTaken {
  Error why;
  TimeUs retry_us = 0;
};  // busy, or nothing was sent: nothing happened
struct NoAnswer {
  Error why;
};
struct Untrusted {
  Error why;
};                    // an answer whose proof does not hold
struct Tick {};       // the wait is over
struct Restarted {};  // the program starts with this sale in its journal
using Event = std::variant<Scanned, RefundWanted, UndoWanted, ReportWanted, Presented, AmountGiven, PinGiven,
                           Attested, PinWrong, Offered, Waiting, Confirmed, Dropped, Signed, Applied, Refused,
                           NotFound, NotTaken, NoAnswer, Untrusted, Tick, Restarted>;

enum class Do : std::uint8_t {
  write_sale,
  write_sent,
  write_refund,
  write_undo,
  write_zreport,
  write_xreport,
  write_unknown,
  write_done,
  write_refused,
  write_cancel,
  write_cancelled,
  write_offline,
  write_shown,
  present,
  attest,
  offer,
  ask_word,
  sign,
  post,
  enquire,
  sign_cancel,
  post_cancel,
  post_kept,  // at once where there is a line; else the journal keeps it
  wait,
  show_customer,
  show_pin,         // the PIN is wanted; `why` when the last one was wrong or did not get through
  show_confirming,  // the customer confirms on the phone
  show_done,
  show_refused,
  show_unknown,
  show_alarm,
  show_cancelled,
  show_kept,
};
struct Action {
  Do what;
  TimeUs wait_us = 0;
  friend bool operator==(const Action&, const Action&) = default;
};

struct Step {
  Sale sale;
  std::vector<Action> actions;
};

// An event that means nothing in the sale's phase changes nothing. `now_us` is this machine's clock.
Step step(Sale sale, const Event& event, TimeUs now_us, const Timing& timing);

}  // namespace dfb::terminal
