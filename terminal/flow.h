// What a cashier can do with the till, whatever face it has: scan, points, refund, void, shift reports, yes, no.
//
// It stands between a face (a text terminal, a page) and the counter: what earlier runs left open is settled
// before anything else, nothing is sent without a yes to a question about exactly that, and while the result
// of one sale is not known no other begins - except that one by an offline code may, where the former was given up and
// its cancel finds no town, or was an X report: it would be a till out of work as long as the line is cut. Faces say what `Said` and Counter's `show` tell them, and decide
// nothing. Fails as the counter does. Threads: one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "terminal/counter/counter.h"
#include "terminal/scan/receipt_code.h"

namespace dfb::terminal {

// The sale that a person names by its id or by its receipt's number. not_found, malformed, sale_unknown.
Result<Past> find_sale(const History& history, std::string_view words);
// The finished sale or refund that a person names so; the last one when `words` is empty. not_found,
// malformed.
Result<Past> find_receipt(const History& history, std::string_view words);
// A scanned receipt's sale, at this shop's till. sale_of_other_shop, and as find_sale.
Result<Past> find_scanned(const History& history, const ReceiptCode& code);
// Points of that sale that were not given back, as far as this till knows; the town decides.
book::Points left_of(const History& history, const Past& sale);
// Money of that sale, likewise; nothing where none was taken.
std::int64_t cash_left_of(const History& history, const Past& sale);

// What is left of a cash bill of `bill_fen` when so many points pay a part of it at the policy's rate.
// malformed: the rate is not known, or the points are worth more than the bill.
Result<std::int64_t> cash_beside(std::int64_t bill_fen, book::Points points, std::int64_t fen_per_point);

class Flow {
 public:
  struct Amount {
    book::Points points;
    std::int64_t cash_fen = 0;
    Basket goods = {};
  };
  struct Refund {
    Past sale;
    book::Points points;
    std::string memo = {};  // why: up to 64 plain characters
    std::int64_t cash_fen = 0;  // at most cash_left_of()
  };
  struct Void {
    Past sale;
    std::string manager;  // whose word it is
  };
  struct CloseShift {};
  struct ReadShift {};  // an X report
  using Question = std::variant<std::monostate, Amount, Refund, Void, CloseShift, ReadShift>;

  // What a face has to tell beside what the counter shows.
  enum class Said : std::uint8_t {
    nothing,
    not_known_yet,      // the result of a sale is awaited: what was asked for was not done
    asked,              // question() awaits yes or no
    scan_first,         // points without a customer
    more_than_allowed,  // points beyond what the card allows; beyond a code's, the phone is asked
    not_given_back,     // no to a refund, a void or a shift report
    customer_waits,     // yes, and no points were named
    no_pin_wanted,      // a PIN, and no card waits for one
    exactly_these,      // other points than the offline code or the reservation is for
    no_goods_offline,   // goods by name, and the offline code names none
    unsynced_first,     // a refund, a void or a shift report, and sales by offline code wait for the town
    old_journal,        // likewise, and the journal is older than the ledger
  };
  using Outcome = Result<Said>;

  explicit Flow(Counter& counter) : counter_(counter) {}

  // Settles, one after the other, what History::unfinished() gave; tick() goes on with it.
  Outcome begin(std::vector<Sale> unfinished);
  // Replaces a customer who waits. A sale that may_put_aside() makes room for an offline code; no code of another kind is
  // taken (not_known_yet) until take_up() has gone on with what was put aside.
  Outcome scan(std::string code);
  Outcome take_up();             // REQUIRES: has_aside(), and neither is_busy() nor is_with_customer()
  Outcome ask(Amount amount);
  Outcome ask(Refund refund) { return ask_without_customer(std::move(refund)); }
  Outcome ask(Void undo) { return ask_without_customer(std::move(undo)); }  // REQUIRES: can_void()
  Outcome ask(CloseShift close) { return ask_without_customer(close); }
  Outcome ask(ReadShift read) { return ask_without_customer(read); }
  Outcome answer(bool yes);      // no without a question lets a waiting customer go
  Outcome pin(std::string pin);  // the customer's, where a card waits for it
  Outcome tick();                // after wait_us()

  // How long until tick(); nothing: only a person can go on.
  std::optional<TimeUs> wait_us() const { return wait_us_; }
  // A customer stands here and nothing was sent yet: points, a PIN or their word are awaited.
  bool is_with_customer() const;
  // The result of a sale is not known, or of one of the sales that begin() was given.
  bool is_busy() const { return is_open(counter_.sale()) || !unfinished_.empty(); }
  bool may_put_aside() const { return is_given_up(counter_.sale()); }
  bool has_aside() const { return aside_; }
  const Question& question() const { return question_; }
  const Counter& counter() const { return counter_; }
  const std::optional<Sale>& last_done() const { return last_done_; }

 private:
  Result<void> waited(Counter::Wait wait);
  Result<void> settle_next();
  Result<void> drop_ready();
  Outcome ask_without_customer(Question question);
  Result<void> carry_out(const Question& asked);

  Counter& counter_;
  std::vector<Sale> unfinished_;  // the next one last
  bool aside_ = false;            // sales in the journal without a result, and customers pay by offline codes
  std::optional<TimeUs> wait_us_;
  Question question_;
  std::optional<Sale> last_done_;
};

}  // namespace dfb::terminal
