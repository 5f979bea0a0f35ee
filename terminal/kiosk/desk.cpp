#include "terminal/kiosk/desk.h"

#include "ledger/base/encoding.h"
#include "terminal/code_words.h"
#include "terminal/refundable.h"

namespace dfb::terminal::kiosk {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookEvery = 30s, kLookEveryWhenDown = 10s, kLookWhileTelling = 250ms,
                                    kLookWhileUntold = 5s;

}  // namespace

void Desk::show(Do what, const Sale& sale) {
  if (what == Do::show_unknown || what == Do::show_alarm) working_ = false;
  // A customer who was let go before anything was sent: the cashier's own doing needs no reading.
  const bool let_go = what == Do::show_cancelled && sale.sent_us == 0;
  if (!let_go && (what == Do::show_done || what == Do::show_refused || what == Do::show_cancelled ||
                  what == Do::show_kept)) {
    read_ = false;
    told_at_ = SteadyClock::now();
  }
  hang();
}

Result<bool> Desk::run(std::vector<Sale> unfinished) {
  auto nothing_open = serve(std::move(unfinished));
  stopped_ = true;
  hang();
  return nothing_open;
}

Result<bool> Desk::serve(std::vector<Sale> unfinished) {
  working_ = !unfinished.empty();
  hang();
  DFB_TRY_VOID(after(flow_.begin(std::move(unfinished))));
  look_at_ = SteadyClock::now() + parts_.quiet_before_look;
  touched_at_ = SteadyClock::now();
  while (!parts_.inbox.is_closed()) {
    const auto given = parts_.inbox.take(next_moment());
    const Moment now = SteadyClock::now();
    if (given) {
      touched_at_ = now;
      DFB_TRY_VOID(take(*given));
      look_at_ = std::max(look_at_, SteadyClock::now() + parts_.quiet_before_look);
    } else if (flow_.wait_us() && now >= tick_at_) {
      DFB_TRY_VOID(after(flow_.tick()));
    } else if (may_take_up()) {
      DFB_TRY_VOID(after(flow_.take_up()));
    } else if (may_lock() && now >= touched_at_ + parts_.lock_after) {
      if (flow_.is_with_customer()) DFB_TRY_VOID(after(flow_.answer(false)));  // long gone
      lock();
    } else if (reads_for_owner()) {
      DFB_TRY_VOID(parts_.owners.step());
      hang();
    } else if (parts_.look && is_at_rest() && now >= look_at_) {
      parts_.look();
      look_at_ = SteadyClock::now() + until_look();
      hang();
    }
    if (parts_.receipts.status() != printer_) hang();
  }
  return !flow_.is_busy() && !flow_.has_aside();
}

Desk::Moment Desk::next_moment() const {
  if (flow_.wait_us()) return tick_at_;
  if (may_take_up() || reads_for_owner()) return SteadyClock::now();
  const Moment later = SteadyClock::now() + 1s;
  return parts_.look && is_at_rest() ? std::min(later, look_at_) : later;
}

Result<void> Desk::take(const Inbox::Given& given) {
  const Touch& touch = given.touch;
  const bool offline = offers_offline_code(touch);
  // A sale without a result admits nothing but its result, and offline codes where it was given up.
  if (flow_.is_busy() && !(offline && flow_.may_put_aside())) return ok();
  note_.reset();
  // Nor does what came in while the town was still asked take the result away before anybody has seen it.
  if (!read_ && given.at < told_at_) {
    if (std::holds_alternative<Scan>(touch)) note("scanned_too_early");
    return after(Flow::Said::nothing);
  }
  const bool opens = std::holds_alternative<SignIn>(touch) || std::holds_alternative<Unlock>(touch) ||
                     std::holds_alternative<SignOut>(touch) || std::holds_alternative<Resume>(touch);
  const bool reads = std::holds_alternative<Next>(touch);  // what an earlier run left open is still told
  if (parts_.attendance.is_shut() && !opens && !reads) return after(Flow::Said::nothing);
  if (parts_.attendance.is_resumed() && !goes_without_pin(touch)) {
    note("pin_first");
    return after(Flow::Said::nothing);
  }
  return std::visit([this](const auto& one) { return on(one); }, touch);
}

Result<void> Desk::after(Flow::Outcome outcome) {
  if (!outcome) return outcome.error();
  working_ = false;
  if (outcome.value() == Flow::Said::old_journal)
    note("old_journal", words(Lang::zh, fail(Code::corrupt)), words(Lang::en, fail(Code::corrupt)));
  if (flow_.wait_us()) tick_at_ = SteadyClock::now() + std::chrono::microseconds(*flow_.wait_us());
  hang();
  return ok();
}

std::chrono::milliseconds Desk::until_look() const {
  if (!parts_.is_line_up()) return kLookEveryWhenDown;
  if (parts_.counter.has_more_to_tell()) return kLookWhileTelling;
  return parts_.counter.unsynced().sales > 0 ? kLookWhileUntold : kLookEvery;
}

void Desk::hang() {
  printer_ = parts_.receipts.status();
  parts_.board.hang(view());
}

void Desk::work() {
  working_ = true;
  hang();
}

void Desk::note(std::string what, std::string zh, std::string en) {
  note_ = NoteView{++notes_count_, std::move(what), std::move(zh), std::move(en)};
}

bool Desk::waits_for_points(const Uuid& sale) const {
  return parts_.counter.sale().phase == Phase::ready && parts_.counter.sale().id == sale;
}

bool Desk::offers_offline_code(const Touch& touch) {
  const auto* scan = std::get_if<Scan>(&touch);
  return scan != nullptr && kind_of(without_caps_lock(scan->text)) == CodeKind::offline_code;
}

bool Desk::may_take_up() const { return flow_.has_aside() && parts_.is_line_up() && read_ && is_at_rest(); }

bool Desk::is_settled() {
  if (parts_.history.has_open())
    note("unknown_first");
  else if (parts_.counter.unsynced().sales > 0)
    note("unsynced_first");
  else
    return true;
  return false;
}

bool Desk::is_at_rest() const { return !flow_.is_busy() && !flow_.is_with_customer(); }

Result<void> Desk::on(const Scan& touch) {
  const bool waits = flow_.is_with_customer();
  const std::string text = without_caps_lock(touch.text);
  // The customer's phone is still before the camera, with its next code.
  if (touch.camera && (waits || !read_)) return after(Flow::Said::nothing);
  if (const auto receipt = parse_receipt_url(text); receipt && !waits)
    return look_up(*receipt);
  if (const CodeKind kind = kind_of(text); !pays(kind)) {
    note(std::string(name(kind)), std::string(wrong_code(Lang::zh, kind)), std::string(wrong_code(Lang::en, kind)));
    return after(Flow::Said::nothing);
  }
  panel_ = Panel::none;
  picked_.reset();
  draft_ = {};
  read_ = true;
  work();
  DFB_TRY(const Flow::Said said, flow_.scan(text));
  if (said == Flow::Said::not_known_yet) note("offline_alone");
  return after(said);
}

Result<void> Desk::on(const Draft& touch) {
  const bool of_refund = panel_ == Panel::refund && picked_->id == touch.sale;
  if (of_refund || waits_for_points(touch.sale)) draft_ = {touch.points.value, touch.cash_fen, touch.memo, view_of(touch.goods)};
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Pay& touch) {
  if (!waits_for_points(touch.sale)) return after(Flow::Said::nothing);
  draft_ = {touch.points.value, touch.cash_fen, {}, view_of(touch.goods)};
  auto goods = touch.goods.empty() ? Result<Basket>(Basket()) : parts_.shelf.priced(touch.goods);
  if (!goods) {
    note("good_gone");
    return after(Flow::Said::nothing);
  }
  DFB_TRY(const Flow::Said said,
          flow_.ask(Flow::Amount{touch.points, touch.cash_fen, std::move(goods).value()}));
  if (said != Flow::Said::asked) {
    note(said == Flow::Said::exactly_these      ? "exactly_these"
         : said == Flow::Said::no_goods_offline ? "no_goods_offline"
                                                : "more_than_allowed");
    return after(said);
  }
  work();
  return after(flow_.answer(true));
}

Result<void> Desk::on(const Pin& touch) {
  const Sale& sale = parts_.counter.sale();
  if (sale.phase != Phase::pin || sale.id != touch.sale) return after(Flow::Said::nothing);
  work();
  return after(flow_.pin(touch.pin));
}

Result<void> Desk::on(const Drop& touch) {
  if (!flow_.is_with_customer() || parts_.counter.sale().id != touch.sale) return after(Flow::Said::nothing);
  draft_ = {};
  note("dropped");
  return after(flow_.answer(false));
}

Result<void> Desk::on(const Next& touch) {
  const Sale& sale = parts_.counter.sale();
  if (sale.id == touch.sale) {
    read_ = true;
    // The shift runs on: back to its sums.
    if (sale.kind == Kind::xreport && !parts_.attendance.is_shut()) panel_ = Panel::shift;
  }
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const ShowPast&) {
  if (is_at_rest()) {
    panel_ = Panel::past;
    read_ = true;
    picked_.reset();
  }
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Find& touch) {
  if (!is_at_rest()) return after(Flow::Said::nothing);
  return look_up(touch.text);
}

template <class Named>
Result<void> Desk::look_up(const Named& named) {
  return pick_for_refund(find_refundable(parts_.counter, parts_.history, named, [this] { work(); }));
}

Result<void> Desk::pick_for_refund(Result<Past> sale) {
  if (!sale && sale.error().code == Code::io_error) return sale.error();
  if (!sale) {
    // A person mistyped a number: what a pay code's words are for `malformed` would mislead.
    const bool mistyped = sale.error().code == Code::malformed;
    const bool of_other = sale.error().code == Code::sale_of_other_shop;
    const bool voided = sale.error().code == Code::sale_undone;
    const bool none = sale.error().code == Code::not_found || sale.error().code == Code::sale_unknown;
    note(mistyped   ? "no_receipt_number"
         : of_other ? "receipt_of_other"
         : voided   ? "voided_already"
         : none     ? "no_such_sale"
                    : "not_refundable",
         not_refundable(Lang::zh, sale.error()), not_refundable(Lang::en, sale.error()));
    return after(Flow::Said::nothing);
  }
  panel_ = Panel::refund;
  read_ = true;
  picked_ = std::move(sale).value();
  draft_ = {left_of(parts_.history, *picked_).value, 0, std::string(refund_reasons().front().memo), {}};
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const GiveBack& touch) {
  if (panel_ != Panel::refund || !picked_ || picked_->id != touch.sale) return after(Flow::Said::nothing);
  if (!is_settled()) return after(Flow::Said::nothing);
  if (touch.cash_fen > cash_left_of(parts_.history, *picked_)) {
    note("more_cash_than_taken");
    return after(Flow::Said::nothing);
  }
  DFB_TRY_VOID(
      flow_.ask(Flow::Refund{*std::exchange(picked_, std::nullopt), touch.points, touch.memo, touch.cash_fen}));
  panel_ = Panel::none;
  draft_ = {};
  work();
  return after(flow_.answer(true));
}

Result<void> Desk::on(const ShowReceipt& touch) {
  const Past* const past = parts_.history.by_id(touch.sale);
  if (!is_at_rest() || past == nullptr || past->phase != Phase::done) return after(Flow::Said::nothing);
  panel_ = Panel::receipt;
  read_ = true;
  picked_ = *past;
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Print& touch) {
  const Past* const past = parts_.history.by_id(touch.sale);
  if (past == nullptr || past->phase != Phase::done) return after(Flow::Said::nothing);
  note(parts_.receipts.print(*past) ? "printing" : "not_printed");
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Acknowledge& touch) {
  const auto done = parts_.counter.acknowledge(touch.sale);
  if (!done && done.error().code != Code::not_found) return done;
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const Back&) {
  const bool of_past = panel_ == Panel::refund || panel_ == Panel::receipt || panel_ == Panel::undo;
  panel_ = of_past ? Panel::past : panel_ == Panel::owner ? Panel::shift : Panel::none;
  picked_.reset();
  draft_ = {};
  return after(Flow::Said::nothing);
}

Screen Desk::screen() const {
  const Sale& sale = parts_.counter.sale();
  if (stopped_) return Screen::stopped;
  if (working_) return Screen::working;
  if (flow_.is_busy()) return sale.told_unknown || sale.told_alarm ? Screen::unknown : Screen::working;
  if (sale.phase == Phase::ready) return sale.hold ? Screen::pickup : Screen::customer;
  if (sale.phase == Phase::pin) return Screen::pin;
  if (sale.phase == Phase::confirming) return Screen::confirming;
  constexpr Screen kPanels[] = {Screen::scan, Screen::past, Screen::receipt, Screen::refund,
                                Screen::undo, Screen::who,  Screen::shift,   Screen::owner};
  if (!read_ && panel_ == Panel::none) return Screen::result;
  return parts_.attendance.is_shut() ? Screen::who : kPanels[static_cast<std::size_t>(panel_)];
}

View Desk::view() const {
  View view;
  view.screen = screen();
  view.shop = parts_.shop;
  const TimeUs off_us = parts_.counter.clock_off_us();
  const Seen& seen = parts_.counter.seen();
  view.line = {parts_.is_line_up(), is_clock_off(off_us), -off_us / kSecondUs, seen.size,
               base64_encode(seen.root.view()), parts_.counter.fen_per_point()};
  view.printer = view_of(printer_);
  view.offline = offline_of(parts_.counter, parts_.history, parts_.folder);
  view.draft = draft_;
  view.note = note_;
  const Sale& sale = parts_.counter.sale();
  const bool about_sale = view.screen == Screen::working || view.screen == Screen::customer ||
                          view.screen == Screen::pickup || view.screen == Screen::pin || view.screen == Screen::confirming ||
                          view.screen == Screen::result || view.screen == Screen::unknown;
  if (about_sale && sale.phase != Phase::idle) {
    view.sale = view_of(sale, parts_.shelf);
    view.sale->given_up = flow_.may_put_aside();
  }
  if (flow_.has_aside()) {
    view.offline.aside_zh = aside_words(Lang::zh, parts_.history);
    view.offline.aside_en = aside_words(Lang::en, parts_.history);
  }
  if (view.screen == Screen::customer && !sale.customer.offline) view.goods = shelf_view(parts_.shelf);
  view.goods_asked_us = parts_.shelf.asked_us();
  if (view.screen == Screen::result && sale.phase == Phase::done)
    view.receipt = receipt_view_of(parts_.receipts, sale);
  if (view.screen == Screen::receipt) view.receipt = receipt_view_of(parts_.receipts, *picked_);
  if (view.screen == Screen::refund || view.screen == Screen::undo) {
    view.refund = refund_view_of(parts_.history, *picked_, parts_.shelf);
    view.refund->may_void =
        parts_.attendance.wants_people() && can_void(parts_.history, *picked_) == CanVoid::yes;
  }
  if (parts_.attendance.wants_people()) {
    view.people = view_of(parts_.attendance);
    view.people->may_resume = parts_.attendance.can_resume() && !parts_.is_line_up();
  }
  if (view.screen == Screen::shift) view.shift = shift_view(parts_.history);
  if (view.screen == Screen::owner) view.owner = parts_.owners.view();
  if (view.screen == Screen::past) {
    view.past = last_ones(parts_.history, parts_.shelf);
    view.today = day_of(parts_.history, parts_.clock.now_us());
  }
  return view;
}

}  // namespace dfb::terminal::kiosk
