#include "terminal/counter/counter.h"

#include "ledger/base/check.h"

namespace dfb::terminal {

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
  const bool sending = what >= Do::write_sent && what <= Do::write_xreport;
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
      DFB_CHECK(false && "an action of another kind");
  }
  return std::nullopt;
}

Counter::Wait Counter::resume(Sale sale) {
  DFB_CHECK(!is_open(sale_));
  sale_ = std::move(sale);
  return handle(Restarted{});
}

void Counter::put_aside() {
  DFB_CHECK(is_open(sale_));
  sale_ = {};
}

Counter::Wait Counter::scan(std::string code) {
  DFB_CHECK(!is_open(sale_));
  sale_ = {};
  return handle(Scanned{make_uuid(parts_.clock.now_us(), parts_.random), std::move(code)});
}

Counter::Wait Counter::refund(const Uuid& sale, book::AccountId account, book::Points points,
                              std::string memo, std::int64_t cash_fen) {
  DFB_CHECK(!is_open(sale_) && unsynced().sales == 0);
  sale_ = {};
  return handle(
      RefundWanted{make_uuid(parts_.clock.now_us(), parts_.random), sale, account, points, std::move(memo),
                   cash_fen});
}

Counter::Wait Counter::undo(const Past& sale, std::string manager) {
  DFB_CHECK(!is_open(sale_) && unsynced().sales == 0);
  DFB_CHECK(can_void(parts_.history, sale) == CanVoid::yes);
  sale_ = {};
  return handle(UndoWanted{make_uuid(parts_.clock.now_us(), parts_.random), sale.id, sale.account,
                           sale.points, std::move(manager), sale.cash_fen});
}

Counter::Wait Counter::report(Kind kind, std::int64_t number) {
  DFB_CHECK(!is_open(sale_) && !parts_.history.has_open() && unsynced().sales == 0);
  sale_ = {};
  return handle(ReportWanted{make_uuid(parts_.clock.now_us(), parts_.random), number, parts_.history.shift_totals(), kind});
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
