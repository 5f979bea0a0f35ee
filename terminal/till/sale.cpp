#include "terminal/till/sale.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dfb::terminal {
namespace {

constexpr std::array<std::string_view, 17> kPhases{"idle",      "presenting", "ready",          "pin",
                                                   "attesting", "offering",   "confirming",     "signing",
                                                   "sending",   "asking",     "signing_cancel", "cancelling",
                                                   "checking",  "done",       "refused",        "cancelled",
                                                   "kept"};

// The town answers so before it looks at a command's id: what an earlier attempt brought about stands all the same.
bool is_about_till(Code code) {
  return code == Code::forbidden || code == Code::unauthenticated || code == Code::key_revoked ||
         code == Code::account_closed;
}

constexpr std::array<std::string_view, 5> kKinds{"sale", "refund", "void", "zreport", "xreport"};

// The sale, what happens next, and one handler an event. A handler that does not know the phase does nothing.
struct Machine {
  Sale sale;
  TimeUs now_us;
  const Timing& timing;
  std::vector<Action> actions;

  void add(Do what, TimeUs wait_us = 0) { actions.push_back({what, wait_us}); }
  void wait(TimeUs at_least_us = 0) { add(Do::wait, std::max(timing.retry_us, at_least_us)); }

  // A clock that went backwards since counts as time over: the customer of that sale is gone.
  bool time_over() const {
    const TimeUs elapsed = now_us - sale.sent_us;
    return elapsed < 0 || elapsed >= timing.cancel_after_us;
  }

  void tell_unknown() {
    if (std::exchange(sale.told_unknown, true)) return;
    add(Do::write_unknown);
    add(Do::show_unknown);
  }
  void refuse(Error why, std::int64_t seq) {
    sale.phase = Phase::refused;
    sale.why = std::move(why);
    sale.seq = seq;
    add(Do::write_refused);
    add(Do::show_refused);
  }
  void finish(const Applied& applied) {
    sale.phase = Phase::done;
    sale.seq = applied.seq;
    sale.entry_us = applied.time_us;
    sale.log_size = applied.log_size;
    sale.log_root = applied.log_root;
    if (sale.kind == Kind::undo) sale.points = applied.points;
    add(Do::write_done);
    add(Do::show_done);
    add(Do::write_shown);
  }
  void finish_cancel(CancelEffect effect, std::int64_t seq) {
    sale.phase = Phase::cancelled;
    sale.effect = effect;
    sale.seq = seq;
    add(Do::write_cancelled);
    add(Do::show_cancelled);
    add(Do::write_shown);
  }
  void ask_or_cancel() {
    sale.phase = time_over() ? Phase::signing_cancel : Phase::asking;
    add(time_over() ? Do::sign_cancel : Do::enquire);
  }
  void ask_later_or_cancel() {
    if (!time_over()) return wait();
    sale.phase = Phase::signing_cancel;
    add(Do::sign_cancel);
  }
  void sign_cancel_later(TimeUs at_least_us = 0) {
    sale.phase = Phase::signing_cancel;
    wait(at_least_us);
  }

  void operator()(const Scanned& event) {
    if (sale.phase != Phase::idle) return;
    sale.phase = Phase::presenting;
    sale.kind = Kind::sale;
    sale.id = event.id;
    sale.code = event.code;
    add(Do::write_sale);
    add(Do::present);
  }
  void operator()(const RefundWanted& event) {
    if (sale.phase != Phase::idle) return;
    sale.phase = Phase::signing;
    sale.kind = Kind::refund;
    sale.id = event.id;
    sale.refunded = event.sale;
    sale.customer.account = event.account;
    sale.points = event.points;
    sale.memo = event.memo;
    sale.cash_fen = event.cash_fen;
    add(Do::sign);
  }
  void operator()(const UndoWanted& event) {
    if (sale.phase != Phase::idle) return;
    sale.phase = Phase::signing;
    sale.kind = Kind::undo;
    sale.id = event.id;
    sale.refunded = event.sale;
    sale.customer.account = event.account;
    sale.points = event.points;
    sale.manager = event.manager;
    sale.cash_fen = event.cash_fen;
    add(Do::sign);
  }
  void operator()(const ReportWanted& event) {
    if (sale.phase != Phase::idle) return;
    sale.phase = Phase::signing;
    sale.kind = event.kind;
    sale.id = event.id;
    sale.number = event.number;
    sale.totals = event.totals;
    add(Do::sign);
  }
  void operator()(const Presented& event) {
    if (sale.phase != Phase::presenting) return;
    sale.phase = Phase::ready;
    sale.customer = event.customer;
    if (const auto& reserved = sale.customer.reserved) {
      sale.points = sale.customer.spend_max;
      sale.cash_fen = reserved->cash_fen;
      sale.goods = reserved->goods;
    }
    add(Do::show_customer);
  }
  void operator()(const AmountGiven& event) {
    if (sale.phase != Phase::ready) return;
    if (sale.customer.offline && (event.points != sale.customer.spend_max || !event.goods.empty())) return;
    if (sale.hold && (event.points != sale.points || event.cash_fen != sale.cash_fen || event.goods != sale.goods))
      return;
    sale.points = event.points;
    sale.cash_fen = event.cash_fen;
    sale.goods = event.goods;
    if (sale.customer.card.value != 0) return want_pin({});
    if (timing.confirm_us > 0 && sale.points > sale.customer.spend_max) {
      sale.phase = Phase::offering;
      sale.asked_us = now_us;
      return add(Do::offer);
    }
    sale.phase = Phase::signing;
    add(Do::sign);
  }
  void want_pin(Error why) {
    sale.phase = Phase::pin;
    sale.why = std::move(why);
    add(Do::show_pin);
  }
  void operator()(const PinGiven&) {
    if (sale.phase != Phase::pin) return;
    sale.phase = Phase::attesting;
    add(Do::attest);
  }
  void operator()(const PinWrong& event) {
    if (sale.phase == Phase::attesting) want_pin(event.why);
  }
  void operator()(const Attested& event) {
    if (sale.phase != Phase::attesting) return;
    sale.phase = Phase::signing;
    sale.why = {};
    sale.pin_token = event.token;
    add(Do::sign);
  }
  void operator()(const Offered&) {
    if (sale.phase != Phase::offering) return;
    sale.phase = Phase::confirming;
    add(Do::show_confirming);
    add(Do::wait, timing.word_us);
  }
  // Without a word the sale ends by itself: nothing was sent.
  void wait_for_word() {
    const TimeUs elapsed = now_us - sale.asked_us;
    if (elapsed < 0 || elapsed >= timing.confirm_us)
      return refuse(Error{Code::quote_expired, "the customer did not confirm"}, -1);
    add(Do::wait, timing.word_us);
  }
  void operator()(const Waiting&) {
    if (sale.phase == Phase::confirming) wait_for_word();
  }
  void operator()(const Confirmed& event) {
    if (sale.phase != Phase::confirming) return;
    sale.phase = Phase::signing;
    sale.confirmation.signature = event.signature;
    add(Do::sign);
  }
  // Nothing was sent: the reservation lapses by itself.
  void operator()(const Dropped&) {
    if (sale.phase == Phase::ready || sale.phase == Phase::pin || sale.phase == Phase::confirming)
      finish_cancel(CancelEffect::none, -1);
  }
  Do write_of_sending() const {
    constexpr Do kWrites[] = {Do::write_sent, Do::write_refund, Do::write_undo, Do::write_zreport,
                               Do::write_xreport};
    return kWrites[static_cast<std::size_t>(sale.kind)];
  }
  void operator()(const Signed& event) {
    if (sale.phase == Phase::signing && sale.customer.offline) {
      sale.phase = Phase::kept;
      sale.command = event.line;
      sale.sent_us = now_us;
      add(Do::write_offline);
      add(Do::post_kept);
    } else if (sale.phase == Phase::signing) {
      sale.phase = Phase::sending;
      sale.command = event.line;
      sale.sent_us = now_us;
      add(write_of_sending());
      add(Do::post);
    } else if (sale.phase == Phase::signing_cancel) {
      sale.phase = Phase::cancelling;
      sale.cancel = event.line;
      add(Do::write_cancel);
      tell_unknown();
      add(Do::post_cancel);
    }
  }
  void operator()(const Applied& event) {
    if (sale.phase == Phase::cancelling) return finish_cancel(event.effect, event.seq);
    if (sale.phase == Phase::sending || sale.phase == Phase::asking || sale.phase == Phase::checking ||
        sale.phase == Phase::kept)
      finish(event);
  }
  void operator()(const Refused& event) {
    switch (sale.phase) {
      case Phase::sending:
        if (sale.perhaps_arrived && event.seq < 0 && is_about_till(event.why.code)) return unanswered(event.why, 0);
        [[fallthrough]];
      case Phase::presenting:
      case Phase::attesting:
      case Phase::offering:
      case Phase::confirming:
      case Phase::asking:
      case Phase::checking:
      case Phase::kept:
        return refuse(event.why, event.seq);
      case Phase::cancelling:
        return cancel_refused(event);
      default:
        return;
    }
  }
  void cancel_refused(const Refused& event) {
    sale.why = event.why;
    switch (event.why.code) {
      case Code::target_already_undone:
        return finish_cancel(CancelEffect::none, event.seq);
      // The journaled cancel itself can do nothing any more; a new one can.
      case Code::too_late:
      case Code::not_after_too_far:
      case Code::id_burnt:
      case Code::exists_with_different_content:
        return sign_cancel_later();
      default:
        sale.phase = Phase::checking;
        add(Do::enquire);
    }
  }
  void operator()(const NotFound&) {
    if (sale.phase == Phase::asking) return ask_later_or_cancel();
    if (sale.phase == Phase::checking) sign_cancel_later();
  }
  // Only a reading of the shift: it is asked for again when there is a line.
  bool was_never_sent(const Error& why) const {
    return sale.kind == Kind::xreport && !sale.perhaps_arrived && why.code == Code::unreachable;
  }
  void operator()(const NotTaken& event) {
    switch (sale.phase) {
      case Phase::presenting:
      case Phase::offering:
        return refuse(event.why, -1);
      case Phase::sending:
        if (was_never_sent(event.why)) return refuse(event.why, -1);
        if (!time_over() || (sale.kind != Kind::sale && sale.perhaps_arrived)) return wait(event.retry_us);
        return sale.perhaps_arrived ? ask_or_cancel() : refuse(event.why, -1);
      default:
        return unanswered(event.why, event.retry_us);
    }
  }
  void operator()(const NoAnswer& event) { unanswered(event.why, 0); }
  void operator()(const Untrusted& event) {
    if (sale.phase != Phase::sending && sale.phase != Phase::asking && sale.phase != Phase::cancelling &&
        sale.phase != Phase::checking && sale.phase != Phase::kept)
      return;
    sale.why = event.why;
    if (!std::exchange(sale.told_alarm, true)) add(Do::show_alarm);
    unanswered(event.why, 0);
  }
  void show_kept() {
    add(Do::show_kept);
    add(Do::write_shown);
  }
  void unanswered(const Error& why, TimeUs retry_us) {
    switch (sale.phase) {
      case Phase::kept:
        return show_kept();
      case Phase::presenting:
      case Phase::offering:
        return refuse(why, -1);  // neither moves anything
      case Phase::attesting:
        return want_pin(why);
      case Phase::confirming:
        return wait_for_word();
      case Phase::sending:
        sale.why = why;
        sale.perhaps_arrived = true;
        tell_unknown();
        return sale.kind == Kind::sale ? ask_or_cancel() : wait(retry_us);
      case Phase::asking:
        sale.why = why;
        return ask_later_or_cancel();
      case Phase::checking:
        sale.phase = Phase::cancelling;
        [[fallthrough]];
      case Phase::cancelling:
        sale.why = why;
        return wait(retry_us);
      default:
        return;
    }
  }
  void operator()(const Tick&) {
    switch (sale.phase) {
      case Phase::confirming:
        return add(Do::ask_word);
      case Phase::sending:
        return add(Do::post);
      case Phase::asking:
        return ask_or_cancel();
      case Phase::signing_cancel:
        return add(Do::sign_cancel);
      case Phase::cancelling:
        return add(Do::post_cancel);
      default:
        return;
    }
  }
  void tell_again() {
    if (!std::exchange(sale.told_unknown, true)) add(Do::write_unknown);
    add(Do::show_unknown);
  }
  // The journal gives `sending`, `cancelling` or `done`; whether the last message left this machine is not
  // known.
  void operator()(const Restarted&) {
    switch (sale.phase) {
      case Phase::sending:
        sale.perhaps_arrived = true;
        tell_again();
        return sale.kind == Kind::sale ? ask_or_cancel() : add(Do::post);
      case Phase::cancelling:
        tell_again();
        return add(Do::post_cancel);
      case Phase::done:
        add(Do::show_done);
        return add(Do::write_shown);
      case Phase::cancelled:
        add(Do::show_cancelled);
        return add(Do::write_shown);
      case Phase::kept:
        return show_kept();
      default:
        return;
    }
  }
};

}  // namespace

std::string_view name(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string_view name(Phase phase) { return kPhases[static_cast<std::size_t>(phase)]; }

bool is_final(Phase phase) {
  return phase == Phase::done || phase == Phase::refused || phase == Phase::cancelled || phase == Phase::kept;
}

bool is_given_up(const Sale& sale) {
  if (sale.kind == Kind::xreport) return sale.phase == Phase::sending && sale.told_unknown && !sale.told_alarm;
  return sale.kind == Kind::sale && !sale.told_alarm &&
         (sale.phase == Phase::signing_cancel || sale.phase == Phase::cancelling);
}

bool is_open(const Sale& sale) { return sale.phase >= Phase::sending && !is_final(sale.phase); }

bool stands_late(const Sale& sale) {
  return sale.kind == Kind::sale && sale.phase == Phase::done && !sale.cancel.payload.empty();
}

Step step(Sale sale, const Event& event, TimeUs now_us, const Timing& timing) {
  Machine machine{std::move(sale), now_us, timing, {}};
  std::visit(machine, event);
  return {std::move(machine.sale), std::move(machine.actions)};
}

}  // namespace dfb::terminal
