// The till at work: carries out what the state machine decides, one sale or refund at a time.
//
// It alone writes the journal, signs with the till's key, checks proofs and moves the seen checkpoint on.
// Screens are told by `show`; they decide nothing. A call returns when a person or the clock is needed; how a
// wait is waited is the caller's (a console listens for keys meanwhile). Threads: one.
#pragma once
#include <functional>
#include <optional>

#include "ledger/base/random.h"
#include "ledger/book/command.h"
#include "terminal/link/line.h"
#include "terminal/link/verify.h"
#include "terminal/setup.h"
#include "terminal/till/history.h"
#include "terminal/till/pins.h"
#include "terminal/till/sale.h"

namespace dfb::terminal {

// Whether a person should be told of a clock that is so far from the town's.
constexpr bool is_clock_off(TimeUs off_us) { return off_us > 30 * kSecondUs || off_us < -30 * kSecondUs; }

// Offline sales in one request, as many as the town takes; about 190 kB.
inline constexpr std::size_t kUploadMost = 200;

class Counter {
 public:
  struct Parts {
    Journal& journal;
    History& history;  // of that journal; kept up to date
    Line& line;
    const PrivateKey& key;
    const Setup& setup;
    const log::Vkey& log;  // setup's, parsed: the log's key where this run begins
    const Clock& clock;
    Random& random;
    Timing timing;
    std::function<void(Do, const Sale&)> show;  // the show_ actions
    // Puts the log's next key in the place of setup's; what it fails with stops the change.
    std::function<Result<void>(const log::Vkey&)> keep_log_key = {};
    Pins pins = {};  // as they were kept
    std::function<Result<void>(const Pins&)> keep_pins = {};
  };
  explicit Counter(Parts parts)
      : parts_(std::move(parts)), log_(parts_.log), kept_pins_(parts_.pins), clock_off_us_(parts_.pins.off_us) {}

  // Each returns how long to wait before tick(), or nothing when a person is needed or the sale is settled.
  // Fails with io_error when the journal cannot be written: the program has to stop, and its next start goes
  // on.
  using Wait = Result<std::optional<TimeUs>>;

  // A journaled sale that is not settled or was not shown. REQUIRES: the current one is not open.
  Wait resume(Sale sale);
  // Leaves an open sale to the journal, as a restart does: unfinished() has it. REQUIRES: the current sale is open.
  void put_aside();
  std::vector<Sale> unfinished() const { return parts_.history.unfinished(); }
  // REQUIRES: the current sale is not open; one that waits for its points is dropped.
  Wait scan(std::string code);
  // `cash_fen` of the sale's money goes back too, at most cash_left_of() it.
  Wait refund(const Uuid& sale, book::AccountId account, book::Points points, std::string memo,
              std::int64_t cash_fen = 0);
  // Voids a finished sale of the shift. REQUIRES: as refund(), and can_void(); `manager` gave a right PIN.
  Wait undo(const Past& sale, std::string manager);
  // The Z report: closes the shift. REQUIRES: as refund(), nothing in the journal is open, and no offline sale
  // waits for the town: which shift it is of is known when it is entered.
  Wait close_shift() { return report(Kind::zreport, parts_.history.z_number() + 1); }
  // The X report: what the shift came to so far stands in the ledger, and it runs on. REQUIRES: as close_shift().
  Wait read_shift() { return report(Kind::xreport, parts_.history.x_number() + 1); }
  // REQUIRES: sale().phase == ready.
  Wait amount(book::Points points, std::int64_t cash_fen, Basket goods = {});
  // The customer's PIN: sent once, then forgotten. REQUIRES: sale().phase == pin.
  Wait pin(std::string pin);
  Wait drop();
  Wait tick();

  const Sale& sale() const { return sale_; }
  const Seen& seen() const { return parts_.history.seen(); }
  // Asks the town who this till is and what time it is. Fails as the line does; forbidden when the town means
  // another shop, ledger or key than enrolment did; unknown_key when it names a log key that the log does not
  // prove; corrupt when the ledger has a sale of this till that its journal lacks.
  Result<TillInfo> greet();
  // The town takes this till's key no longer, as of the last greeting.
  bool is_revoked() const { return revoked_; }
  // The journal was found to be older than what the town has from this till: nothing more may be sold with it.
  bool is_journal_behind() const { return journal_behind_; }
  // The same, and asks the town first where it was not asked in this run.
  bool finds_journal_behind();
  // The server's clock minus this machine's, as of the last greeting, of this run or an earlier one.
  TimeUs clock_off_us() const { return clock_off_us_; }

  // Offline selling (reconcile.cpp). Greets, sends the sales that were kept, at most `batches_most` times
  // kUploadMost of them, and when none is left to send fetches what is new for selling without a line. Fails as
  // the line does, and as the journal does. REQUIRES: the current sale is not open.
  Result<void> sync(int batches_most);
  // The town took what the last sync sent, and more waits: the next one may follow at once.
  bool has_more_to_tell() const { return more_to_tell_; }
  // A sale by offline code that another till of this shop has journaled and cannot tell any more: signed anew, and
  // this till's to tell. False when it has it already. malformed, sale_of_other_shop, and as the journal fails.
  // REQUIRES: the current sale is not open; the ledger does not have it from the other till.
  Result<bool> take_over(const SignedLine& former);
  // Somebody has read why the town refused this offline sale. not_found: nothing of it is to be read.
  Result<void> acknowledge(const Uuid& sale);
  const Pins& pins() const { return parts_.pins; }
  const Unsynced& unsynced() const { return parts_.history.unsynced(); }
  TimeUs town_us() const { return parts_.clock.now_us() + clock_off_us_; }
  // Why something that the last sync heard did not stand the check, and was not believed.
  const std::optional<Error>& distrust() const { return distrust_; }
  // What a point is worth in fen, as of the last greeting; 0: not known.
  std::int64_t fen_per_point() const { return fen_per_point_; }
  // Checks that the log with this checkpoint continues all that was seen, and journals it.
  Result<void> see(const log::Checkpoint& checkpoint);
  // The same for a signed one, and gives it; follows the log's key when that has changed.
  Result<log::Checkpoint> see(std::string_view note);
  // The same for the newest that the town has. Fails as the line does, too.
  Result<void> watch_log();
  // The reservation that a pick-up at this shop has resolved, proven. Fails as the line does; malformed, unknown_key,
  // bad_signature, bad_path, wrong_entry, inconsistent when it is not what the log holds.
  Result<book::Hold> reservation_behind(const Uuid& hold);
  Line& line() const { return parts_.line; }
  // A proof failed, or the town itself said so: its log is not the one that this till has verified. Until the next start.
  bool sees_other_history() const { return other_history_; }
  void note_other_history() { other_history_ = true; }

 private:
  Wait handle(Event event);
  Wait report(Kind kind, std::int64_t number);
  Result<void> write(Do what);
  std::optional<Event> carry_out(Do what);
  // presenting.cpp
  Event present();
  Event present_reservation(const Uuid& hold);
  Result<Customer> proven(const Uuid& hold, Reservation told);
  Result<book::Hold> proven_hold(const Uuid& hold, const OfflineNews::Proof& proof);
  Event attest();
  Event offer();
  Event ask_word();
  // signing.cpp
  book::Transfer redemption() const;
  book::Body body_to_sign() const;
  book::Record shift_record() const;
  SignedLine sign();
  SignedLine sign_cancel();
  SignedLine sign(const book::Payload& payload) const;
  std::string command_json(const SignedLine& line, const std::string& pin_token = {}, const Basket& goods = {}) const;
  // proving.cpp
  Event of_nothing_sent(const Error& error) const;
  Event post();
  Event enquire();
  Event post_cancel();
  Event judge(Result<Reply> reply, const SignedLine& line);
  Event judge_entry(const CommandAnswer& answer, const SignedLine& line);
  Result<void> demand_continuity(const log::Checkpoint& checkpoint);
  Result<void> follow_log_key();
  // reconcile.cpp
  Event judge_offline_code();
  Event post_kept();
  Result<void> compare_journal(const TillInfo& info);
  Result<void> exchange(int batches_most);
  Result<void> append(const std::vector<Journal::ToAppend>& records);
  Result<void> upload_kept(int batches_most);
  Result<void> fetch_pins();

  Parts parts_;
  log::Vkey log_;  // the only key whose checkpoints count
  Sale sale_;
  std::string pin_;
  Pins kept_pins_;  // as on disk
  TimeUs clock_off_us_ = 0;
  std::size_t upload_most_ = kUploadMost;  // fewer on a slow line, until nothing waits
  bool more_to_tell_ = false;
  std::optional<Error> distrust_;
  bool town_reached_ = false;  // for the offline code that is being sold
  bool journal_compared_ = false, journal_behind_ = false, revoked_ = false, other_history_ = false;
  std::int64_t fen_per_point_ = 0;
};

}  // namespace dfb::terminal
