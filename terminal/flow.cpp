#include "terminal/flow.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "terminal/scan/code_kind.h"

namespace dfb::terminal {

namespace {

Result<Past> find_past(const History& history, std::string_view text) {
  const Past* past = nullptr;
  if (const auto number = parse_decimal(text))
    past = history.by_receipt(number.value());
  else if (const auto id = parse_uuid(text))
    past = history.by_id(id.value());
  else
    return fail(Code::malformed, std::string(text) + ": a sale's id or a receipt's number is wanted");
  if (past == nullptr)
    return fail(Code::not_found, "this terminal's journal has no sale " + std::string(text));
  return *past;
}

}  // namespace

Result<Past> find_sale(const History& history, std::string_view text) {
  DFB_TRY(Past past, find_past(history, text));
  if (past.kind != Kind::sale || past.phase != Phase::done)
    return fail(Code::sale_unknown, std::string(text) + " is not a finished sale");
  if (past.undone) return fail(Code::sale_undone, std::string(text) + " was voided");
  return past;
}

Result<Past> find_scanned(const History& history, const ReceiptCode& code) {
  if (!history.identity() || history.identity()->shop != code.shop)
    return fail(Code::sale_of_other_shop, "that is another shop's receipt");
  return find_sale(history, std::to_string(code.seq));
}

Result<Past> find_receipt(const History& history, std::string_view text) {
  if (text.empty()) {
    const auto& past = history.past();
    for (auto one = past.rbegin(); one != past.rend(); ++one)
      if (one->phase == Phase::done) return *one;
    return fail(Code::not_found, "this terminal's journal has no receipt yet");
  }
  DFB_TRY(Past past, find_past(history, text));
  if (past.phase != Phase::done) return fail(Code::not_found, std::string(text) + " has no receipt");
  return past;
}

Result<std::int64_t> cash_beside(std::int64_t bill_fen, book::Points points, std::int64_t fen_per_point) {
  if (fen_per_point <= 0) return fail(Code::malformed, "the town has not said what a point is worth");
  if (points.value > bill_fen / fen_per_point)
    return fail(Code::malformed, "so many points are worth more than the bill");
  return bill_fen - points.value * fen_per_point;
}

book::Points left_of(const History& history, const Past& sale) {
  const Past* const own = history.by_id(sale.id);
  const Past& now = own != nullptr ? *own : sale;
  if (now.undone) return {};
  return book::Points{std::max<std::int64_t>(0, now.points.value - now.given_back.value)};
}

std::int64_t cash_left_of(const History& history, const Past& sale) {
  const Past* const own = history.by_id(sale.id);
  const Past& now = own != nullptr ? *own : sale;
  return now.undone ? 0 : now.cash_fen - now.cash_back_fen;
}

Result<void> Flow::waited(Counter::Wait wait) {
  if (!wait) return wait.error();
  wait_us_ = wait.value();
  if (counter_.sale().phase == Phase::done) last_done_ = counter_.sale();
  return ok();
}

// One after the other, as soon as the one before is settled.
Result<void> Flow::settle_next() {
  while (!is_open(counter_.sale()) && !unfinished_.empty()) {
    Sale sale = std::move(unfinished_.back());
    unfinished_.pop_back();
    DFB_TRY_VOID(waited(counter_.resume(std::move(sale))));
  }
  return ok();
}

bool Flow::is_with_customer() const {
  const Phase phase = counter_.sale().phase;
  return phase == Phase::ready || phase == Phase::pin || phase == Phase::confirming;
}

Result<void> Flow::drop_ready() {
  if (!is_with_customer()) return ok();
  return waited(counter_.drop());
}

Flow::Outcome Flow::pin(std::string pin) {
  if (is_busy()) return Said::not_known_yet;
  if (counter_.sale().phase != Phase::pin) return Said::no_pin_wanted;
  DFB_TRY_VOID(waited(counter_.pin(std::move(pin))));
  return Said::nothing;
}

Flow::Outcome Flow::begin(std::vector<Sale> unfinished) {
  unfinished_ = std::move(unfinished);
  std::reverse(unfinished_.begin(), unfinished_.end());
  DFB_TRY_VOID(settle_next());
  return Said::nothing;
}

Flow::Outcome Flow::tick() {
  wait_us_.reset();
  DFB_TRY_VOID(waited(counter_.tick()));
  DFB_TRY_VOID(settle_next());
  return Said::nothing;
}

Flow::Outcome Flow::scan(std::string code) {
  const bool offline = kind_of(code) == CodeKind::offline_code;
  if (is_busy() ? !(offline && may_put_aside()) : aside_ && !offline) return Said::not_known_yet;
  question_ = {};
  if (is_busy()) {
    counter_.put_aside();
    unfinished_.clear();  // these are in the journal, too
    wait_us_.reset();
    aside_ = true;
  }
  DFB_TRY_VOID(drop_ready());
  DFB_TRY_VOID(waited(counter_.scan(std::move(code))));
  return Said::nothing;
}

Flow::Outcome Flow::take_up() {
  aside_ = false;
  return begin(counter_.unfinished());
}

Flow::Outcome Flow::ask(Amount amount) {
  if (is_busy()) return Said::not_known_yet;
  if (counter_.sale().phase != Phase::ready) return Said::scan_first;
  const Sale& sale = counter_.sale();
  const Customer& customer = sale.customer;
  if (sale.hold) {
    if (amount.points != sale.points || amount.cash_fen != sale.cash_fen || !amount.goods.empty())
      return Said::exactly_these;
    amount.goods = sale.goods;
    question_ = std::move(amount);
    return Said::asked;
  }
  if (customer.offline && !amount.goods.empty()) return Said::no_goods_offline;
  if (customer.offline && amount.points != customer.spend_max) return Said::exactly_these;
  if (customer.card.value != 0 && amount.points > customer.spend_max) return Said::more_than_allowed;
  question_ = std::move(amount);
  return Said::asked;
}

// What no customer stands here for, and what the ledger has to have all sales for.
Flow::Outcome Flow::ask_without_customer(Question question) {
  if (is_busy() || aside_) return Said::not_known_yet;
  if (counter_.unsynced().sales > 0) return Said::unsynced_first;
  DFB_TRY_VOID(drop_ready());
  question_ = std::move(question);
  return Said::asked;
}

// The yes to something that needs no customer.
Result<void> Flow::carry_out(const Question& asked) {
  if (const auto* refund = std::get_if<Refund>(&asked))
    return waited(counter_.refund(refund->sale.id, refund->sale.account, refund->points, refund->memo,
                                   refund->cash_fen));
  if (const auto* undo = std::get_if<Void>(&asked)) return waited(counter_.undo(undo->sale, undo->manager));
  return waited(std::holds_alternative<ReadShift>(asked) ? counter_.read_shift() : counter_.close_shift());
}

Flow::Outcome Flow::answer(bool yes) {
  if (is_busy()) return Said::not_known_yet;
  const Question asked = std::exchange(question_, {});
  const bool ready = counter_.sale().phase == Phase::ready;
  const bool of_a_customer =
      std::holds_alternative<std::monostate>(asked) || std::holds_alternative<Amount>(asked);
  if (!of_a_customer) {
    if (!yes) return Said::not_given_back;
    if (counter_.finds_journal_behind()) return Said::old_journal;
    if (counter_.unsynced().sales > 0) return Said::unsynced_first;
    DFB_TRY_VOID(carry_out(asked));
    return Said::nothing;
  }
  const auto* amount = std::get_if<Amount>(&asked);
  if (!yes) {
    DFB_TRY_VOID(drop_ready());
  } else if (ready && amount != nullptr) {
    DFB_TRY_VOID(waited(counter_.amount(amount->points, amount->cash_fen, amount->goods)));
  } else if (const Sale& sale = counter_.sale(); ready && sale.hold) {
    DFB_TRY_VOID(waited(counter_.amount(sale.points, sale.cash_fen, sale.goods)));
  } else if (ready && counter_.sale().customer.offline) {
    DFB_TRY_VOID(waited(counter_.amount(counter_.sale().customer.spend_max, 0)));
  } else if (ready) {
    return Said::customer_waits;
  }
  return Said::nothing;
}

}  // namespace dfb::terminal
