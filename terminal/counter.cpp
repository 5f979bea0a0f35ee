#include "terminal/counter.h"

#include <utility>

#include "ledger/base/check.h"
#include "ledger/book/card_number.h"
#include "ledger/book/codes.h"
#include "ledger/book/command.h"
#include "ledger/book/offline_code.h"
#include "ledger/book/shift_report.h"
#include "ledger/crypto/signed_message.h"
#include "terminal/link/pinned.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/pickup_code.h"

namespace dfb::terminal {
namespace {

// Far enough ahead for a slow line, and near enough that a lost command is soon harmless.
constexpr TimeUs kCommandLifeUs = 2 * kMinuteUs;

// The failures that say nothing about a proof are those of the line.
bool is_of_the_line(Code code) {
  return code == Code::unreachable || code == Code::timed_out || code == Code::busy ||
         code == Code::internal || code == Code::shutting_down || code == Code::rate_limited ||
         code == Code::not_found || code == Code::bad_config || code == Code::io_error;
}

Event from_failure(const Error& error) {
  // After `unreachable` nothing was sent, after `busy` nothing happened, and without its files the line does
  // not open.
  if (error.code == Code::unreachable || error.code == Code::busy || error.code == Code::bad_config)
    return NotTaken{error};
  return NoAnswer{error};
}

}  // namespace

Counter::Wait Counter::handle(Event event) {
  for (std::optional<Event> next = std::move(event); next;) {
    Step made = step(std::move(sale_), *next, parts_.clock.now_us(), parts_.timing);
    sale_ = std::move(made.sale);
    next.reset();
    for (const Action& action : made.actions) {
      if (action.what == Do::wait) return std::optional<TimeUs>(action.wait_us);
      if (action.what <= Do::write_shown) {
        DFB_TRY_VOID(write(action.what));
      } else if (action.what >= Do::show_customer) {
        parts_.show(action.what, sale_);
      } else {
        next = carry_out(action.what);
      }
    }
  }
  return std::optional<TimeUs>();
}

Result<void> Counter::write(Do what) {
  const RecordToWrite to_write = record_of(what, sale_);
  // The time of `sent` is the one that the state machine counts from.
  const bool sending = what >= Do::write_sent && what <= Do::write_zreport;
  const TimeUs now_us = sending ? sale_.sent_us : parts_.clock.now_us();
  DFB_TRY(const Record record, parts_.journal.append(now_us, to_write.what, to_write.text));
  const auto added = parts_.history.add(record);
  DFB_CHECK(added.has_value());
  return ok();
}

std::optional<Event> Counter::carry_out(Do what) {
  switch (what) {
    case Do::present:
      return present();
    case Do::attest:
      return attest();
    case Do::offer:
      return offer();
    case Do::ask_word:
      return ask_word();
    case Do::sign:
      return Signed{sign()};
    case Do::sign_cancel:
      return Signed{sign_cancel()};
    case Do::post:
      return post();
    case Do::enquire:
      return enquire();
    case Do::post_cancel:
      return post_cancel();
    case Do::post_kept:
      return post_kept();
    default:
      DFB_CHECK(!"an action of another kind");
  }
  return std::nullopt;
}

// What moves nothing is refused by whatever the town says, and not known when it says nothing.
Event Counter::of_nothing_sent(const Error& error) const {
  return is_of_the_line(error.code) && error.code != Code::not_found ? from_failure(error) : Refused{error};
}

Event Counter::present() {
  if (kind_of(sale_.code) == CodeKind::offline_code) return judge_offline_code();
  if (!journal_compared_) (void)greet();
  if (journal_behind_) return Refused{fail(Code::corrupt, "the journal is older than the town's ledger")};
  if (const auto hold = parse_pickup_url(sale_.code)) return present_reservation(*hold);
  const auto card = book::parse_card(sale_.code);
  const bool typed = kind_of(sale_.code) == CodeKind::handle;
  if (!card && !typed)
    if (const auto code = book::parse_pay_code(sale_.code); !code) return Refused{code.error()};
  auto customer = parts_.line.present(sale_.code);
  if (!customer) return of_nothing_sent(customer.error());
  if (typed && customer->pick_up) return present_reservation(*customer->pick_up);
  if (card.has_value() != (customer->card.value != 0) || (card && customer->card != *card))
    return Refused{fail(Code::inconsistent, "the town's answer is about something else")};
  if (card) return Presented{std::move(customer).value()};
  if (typed) sale_.code = customer->code;
  const auto code = book::parse_pay_code(sale_.code);
  if (!code) return Refused{code.error()};
  if (customer->account != code->account || customer->code_limit != code->limit)
    return Refused{fail(Code::inconsistent, "the town's answer is about another code")};
  return Presented{std::move(customer).value()};
}

Event Counter::present_reservation(const Uuid& hold) {
  sale_.hold = hold;
  auto told = parts_.line.reservation(hold);
  if (!told) return of_nothing_sent(told.error());
  auto customer = proven(hold, std::move(told).value());
  if (!customer) return of_nothing_sent(customer.error());
  return Presented{std::move(customer).value()};
}

// What is handed out for what is the ledger's word: of the town's answer the name and the goods' list alone are new, and
// the list has to be the one whose digest the phone signed.
Result<Customer> Counter::proven(const Uuid& id, Reservation told) {
  std::vector<log::Checkpoint> checkpoints;
  auto hold = proven_reservation(told.proof, id, log_, checkpoints);
  if (!hold && hold.error().code == Code::unknown_key) {
    DFB_TRY_VOID(follow_log_key());
    hold = proven_reservation(told.proof, id, log_, checkpoints);
  }
  if (!hold) return hold.error();
  for (const log::Checkpoint& checkpoint : checkpoints) DFB_TRY_VOID(see(checkpoint));
  if (hold->shop != parts_.setup.shop) return fail(Code::sale_of_other_shop, "the reservation is at another shop");
  if (book::goods_digest(lines_of(told.goods)) != hold->goods)
    return fail(Code::inconsistent, "the goods are not those that the phone reserved");
  Customer customer;
  customer.account = hold->account;
  customer.name = std::move(told.name);
  customer.code_limit = customer.spend_max = hold->points;
  customer.reserved = Reserved{hold->cash_fen, std::move(told.goods), hold->until_us};
  return customer;
}

Event Counter::attest() {
  const std::string pin = std::exchange(pin_, {});
  auto token = parts_.line.attest(sale_.customer.card, pin, sale_.id, sale_.points);
  if (token) return Attested{std::move(token).value()};
  if (token.error().code == Code::pin_wrong || token.error().code == Code::malformed)
    return PinWrong{token.error()};
  return of_nothing_sent(token.error());
}

Event Counter::offer() {
  sale_.confirmation.expires_us = parts_.clock.now_us() + clock_off_us_ + parts_.timing.confirm_us;
  const book::Payload payload{sale_.id, parts_.key.public_key().id(), 0, redemption()};
  const auto offered = parts_.line.offer(quote_json(payload, lines_of(sale_.goods)));
  return offered ? Event(Offered{}) : of_nothing_sent(offered.error());
}

Event Counter::ask_word() {
  const auto word = parts_.line.word(sale_.id);
  if (!word) return of_nothing_sent(word.error());
  switch (word->said) {
    case CustomersWord::Said::yes:
      return Confirmed{word->signature};
    case CustomersWord::Said::no:
      return Refused{fail(Code::quote_declined, "the customer said no")};
    case CustomersWord::Said::nothing:
      break;
  }
  return Waiting{};
}

SignedLine Counter::sign(const book::Payload& payload) const {
  SignedLine line;
  line.payload = book::format_payload(payload);
  line.signature = dfb::sign(parts_.key, SignedKind::payload, parts_.setup.origin, line.payload);
  return line;
}

book::Transfer Counter::redemption() const {
  book::Transfer transfer;
  if (sale_.customer.offline) {
    const auto code = book::parse_offline_code(sale_.code);
    DFB_CHECK(code.has_value());
    transfer = redemption_of(*code, sale_.customer.device);
    transfer.goods = book::goods_digest({});
    transfer.cash_fen = sale_.cash_fen;
    return transfer;
  }
  transfer.kind = book::TransferKind::redeem;
  transfer.points = sale_.points;
  transfer.from = sale_.customer.account;
  transfer.to = parts_.setup.shop;
  transfer.goods = book::goods_digest(lines_of(sale_.goods));
  transfer.cash_fen = sale_.cash_fen;
  const Confirmation& word = sale_.confirmation;
  if (sale_.customer.card.value != 0)
    transfer.proof = book::CardProof{sale_.customer.card};
  else if (word.expires_us != 0)
    transfer.proof = book::QuoteProof{sale_.customer.device, word.expires_us, word.signature};
  else
    transfer.proof = book::CodeProof{sale_.customer.device, sale_.code};
  return transfer;
}

// The journal up to here stands in the ledger with it: docs/formats.md#record.
book::Record Counter::shift_record() const {
  book::Record record;
  record.kind = "zreport";
  record.subject = book::shift_report_subject(parts_.key.public_key().id(), sale_.number);
  record.account = parts_.setup.shop;
  record.period = format_day(civil_day(parts_.clock.now_us() + clock_off_us_));
  record.count = sale_.totals.count;
  record.total = sale_.totals.total;
  record.refunds = sale_.totals.refunds;
  record.refunded = sale_.totals.refunded;
  record.lines = parts_.journal.chain().size();
  record.head = parts_.journal.chain().head();
  return record;
}

book::Body Counter::body_to_sign() const {
  switch (sale_.kind) {
    case Kind::sale:
      if (sale_.hold) return book::Resolve{*sale_.hold, true, parts_.setup.shop, sale_.points};
      return redemption();
    case Kind::undo:
      return book::Cancel{sale_.refunded};
    case Kind::zreport:
      return shift_record();
    case Kind::refund:
      break;
  }
  book::Transfer transfer;
  transfer.points = sale_.points;
  transfer.kind = book::TransferKind::refund;
  transfer.from = parts_.setup.shop;
  transfer.to = sale_.customer.account;
  transfer.sale = sale_.refunded;
  transfer.memo = sale_.memo;
  return transfer;
}

SignedLine Counter::sign() {
  const TimeUs not_after_us = parts_.clock.now_us() + clock_off_us_ + kCommandLifeUs;
  return sign(book::Payload{sale_.id, parts_.key.public_key().id(), not_after_us, body_to_sign()});
}

SignedLine Counter::sign_cancel() {
  // After hours without a line the clocks may have drifted; without a line the old difference has to do.
  (void)greet();
  const TimeUs now_us = parts_.clock.now_us();
  return sign(book::Payload{make_uuid(now_us, parts_.random), parts_.key.public_key().id(),
                            now_us + clock_off_us_ + kCommandLifeUs, book::Cancel{sale_.id}});
}

std::string Counter::command_json(const SignedLine& line, const Basket& goods) const {
  return signed_command_json(line.payload, {{parts_.key.public_key().id(), line.signature}}, sale_.pin_token,
                             lines_of(goods));
}

Event Counter::post() {
  constexpr Route kRoutes[] = {Route::redemptions, Route::refunds, Route::cancels, Route::shift_reports};
  // What a reservation's goods are the town knows from the phone.
  const std::string command = command_json(sale_.command, sale_.hold ? Basket{} : sale_.goods);
  const Route route = sale_.hold ? Route::pick_ups : kRoutes[static_cast<std::size_t>(sale_.kind)];
  return judge(parts_.line.post(route, command), sale_.command);
}

Event Counter::post_cancel() {
  return judge(parts_.line.post(Route::cancels, command_json(sale_.cancel, {})), sale_.cancel);
}

Event Counter::enquire() {
  auto reply = parts_.line.enquire(sale_.id);
  if (reply && reply->problem && !reply->answer) {
    if (reply->problem->code == Code::not_found) return NotFound{};
    return NoAnswer{*reply->problem};  // about the question, not about the sale
  }
  // A cancel of this till came first: its entry is what the town shows, and the sale itself can never happen.
  if (reply && reply->answer && reply->answer->refused == name(Code::id_burnt))
    return Refused{fail(Code::id_burnt), reply->answer->seq};
  return judge(std::move(reply), sale_.command);
}

Event Counter::judge(Result<Reply> reply, const SignedLine& line) {
  if (!reply) return from_failure(reply.error());
  if (reply->answer) {
    if (reply->problem && reply->answer->refused.empty()) reply->answer->refused = name(reply->problem->code);
    return judge_entry(*reply->answer, line);
  }
  DFB_CHECK(reply->problem);
  if (reply->problem->code == Code::rate_limited) return NotTaken{*reply->problem, 30 * kSecondUs};
  return Refused{*reply->problem};
}

Event Counter::judge_entry(const CommandAnswer& answer, const SignedLine& line) {
  auto proven = verify_answer(answer, line.payload, Pinned{log_, parts_.key.public_key()});
  if (!proven && proven.error().code == Code::unknown_key) {
    const auto followed = follow_log_key();
    if (!followed && is_of_the_line(followed.error().code)) return NoAnswer{followed.error()};
    if (!followed) return Untrusted{followed.error()};
    proven = verify_answer(answer, line.payload, Pinned{log_, parts_.key.public_key()});
  }
  if (!proven) return Untrusted{proven.error()};
  const auto continues = see(proven->checkpoint);
  if (!continues)
    return is_of_the_line(continues.error().code) ? Event(NoAnswer{continues.error()})
                                                  : Event(Untrusted{continues.error()});
  if (proven->outcome.refused) return Refused{fail(*proven->outcome.refused), proven->entry.seq};
  Applied applied{proven->entry.seq, proven->entry.time_us, proven->checkpoint.size, proven->checkpoint.root};
  applied.effect = proven->outcome.burnt ? CancelEffect::burnt : CancelEffect::undone;
  applied.points = proven->outcome.points.value_or(book::Points{});
  return applied;
}

Result<void> Counter::demand_continuity(const log::Checkpoint& checkpoint) {
  auto continues = verify_continues(seen(), checkpoint, parts_.line);
  if (!continues && (continues.error().code == Code::inconsistent || continues.error().code == Code::bad_path))
    other_history_ = true;
  return continues;
}

Result<void> Counter::see(const log::Checkpoint& checkpoint) {
  DFB_TRY_VOID(demand_continuity(checkpoint));
  if (checkpoint.size <= seen().size) return ok();
  DFB_TRY(const Record record, parts_.journal.append(parts_.clock.now_us(), What::seen,
                                                     seen_text({checkpoint.size, checkpoint.root})));
  return parts_.history.add(record);
}

Result<log::Checkpoint> Counter::see(std::string_view note) {
  auto checkpoint = log::open_checkpoint(note, log_);
  if (!checkpoint && checkpoint.error().code == Code::unknown_key) {
    DFB_TRY_VOID(follow_log_key());
    checkpoint = log::open_checkpoint(note, log_);
  }
  if (checkpoint) DFB_TRY_VOID(see(*checkpoint));
  return checkpoint;
}

Result<void> Counter::watch_log() {
  DFB_TRY(const LeafPage page, parts_.line.leaves(0));  // none of the shop's entries, only what they would lie under
  DFB_TRY_VOID(see(page.checkpoint));
  return ok();
}

// What the log says of its next key counts when the key that is trusted now has signed it, and when it is the
// log that this till has seen so far.
Result<void> Counter::follow_log_key() {
  DFB_TRY(const auto changes, parts_.line.log_keys());
  std::vector<log::Checkpoint> checkpoints;
  log::Vkey next = terminal::follow_log_key(log_, changes, checkpoints);
  if (format_vkey(next) == format_vkey(log_)) return ok();
  for (const log::Checkpoint& checkpoint : checkpoints) DFB_TRY_VOID(demand_continuity(checkpoint));
  if (parts_.keep_log_key) DFB_TRY_VOID(parts_.keep_log_key(next));
  log_ = std::move(next);
  return ok();
}

Result<TillInfo> Counter::greet() {
  auto told = parts_.line.info();
  if (told) revoked_ = false;
  if (!told && told.error().code == Code::key_revoked) revoked_ = true;
  if (!told) return told.error();
  const TillInfo info = std::move(told).value();
  const Setup& setup = parts_.setup;
  if (info.origin != setup.origin || info.shop != setup.shop || info.till != setup.till)
    return fail(Code::forbidden, "the town takes this terminal for another one; enrol it anew");
  clock_off_us_ = info.time_us - parts_.clock.now_us();
  fen_per_point_ = info.fen_per_point;
  DFB_TRY_VOID(compare_journal(info));
  // Before the former key is out of force, while its thief could still be found out.
  if (info.log_vkey != format_vkey(log_)) DFB_TRY_VOID(follow_log_key());
  if (info.log_vkey != format_vkey(log_))
    return fail(Code::unknown_key,
                "the town names a key of its log that the log does not prove; tell an auditor");
  return info;
}

Counter::Wait Counter::resume(Sale sale) {
  DFB_CHECK(!is_open(sale_));
  sale_ = std::move(sale);
  return handle(Restarted{});
}

Counter::Wait Counter::scan(std::string code) {
  DFB_CHECK(!is_open(sale_));
  sale_ = {};
  return handle(Scanned{make_uuid(parts_.clock.now_us(), parts_.random), std::move(code)});
}

Counter::Wait Counter::refund(const Uuid& sale, book::AccountId account, book::Points points,
                              std::string memo) {
  DFB_CHECK(!is_open(sale_) && unsynced().sales == 0);
  sale_ = {};
  return handle(
      RefundWanted{make_uuid(parts_.clock.now_us(), parts_.random), sale, account, points, std::move(memo)});
}

Counter::Wait Counter::undo(const Past& sale, std::string manager) {
  DFB_CHECK(!is_open(sale_) && unsynced().sales == 0);
  DFB_CHECK(can_void(parts_.history, sale) == CanVoid::yes);
  sale_ = {};
  return handle(UndoWanted{make_uuid(parts_.clock.now_us(), parts_.random), sale.id, sale.account,
                           sale.points, std::move(manager), sale.cash_fen});
}

Counter::Wait Counter::close_shift() {
  DFB_CHECK(!is_open(sale_) && !parts_.history.has_open() && unsynced().sales == 0);
  sale_ = {};
  return handle(ReportWanted{make_uuid(parts_.clock.now_us(), parts_.random), parts_.history.z_number() + 1,
                             parts_.history.shift_totals()});
}

Result<std::int64_t> Counter::count_x_report() {
  const std::int64_t number = parts_.history.x_number() + 1;
  DFB_TRY(const Record record,
          parts_.journal.append(parts_.clock.now_us(), What::xreport,
                                xreport_text(number, parts_.history.shift_totals())));
  DFB_TRY_VOID(parts_.history.add(record));
  return number;
}

Counter::Wait Counter::amount(book::Points points, std::int64_t cash_fen, Basket goods) {
  DFB_CHECK(sale_.phase == Phase::ready);
  return handle(AmountGiven{points, cash_fen, std::move(goods)});
}

Counter::Wait Counter::pin(std::string pin) {
  DFB_CHECK(sale_.phase == Phase::pin);
  pin_ = std::move(pin);
  return handle(PinGiven{});
}

Counter::Wait Counter::drop() { return handle(Dropped{}); }
Counter::Wait Counter::tick() { return handle(Tick{}); }

}  // namespace dfb::terminal
