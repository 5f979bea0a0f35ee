// A till that knows of its customer's allowance of 50 points, and what it sells by that.
#pragma once
#include "ledger/book/offline_code.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal::test {

struct OfflineShop : Shop {
  explicit OfflineShop(bool lasting_town = false) : Shop(lasting_town) {
    town.now_us = clock.now_us();
    const auto line_of_hold = town.allowance(town.resident, 50, clock.now_us() + 24 * kHourUs);
    allowance = line_of_hold.id;
    first.push_back(line_of_hold);
    open_town();
    open_till();
    counter->sync(1).value();
  }
  void open_till() {
    counter.reset();
    journal.reset();
    history = std::make_unique<History>();
    journal = std::make_unique<Journal>(
        Journal::open(journal_path(), [this](const Record& record) { return history->add(record); }).value());
    Counter::Parts parts{*journal, *history, *line, town.shop.key, setup, vkey, till_clock, random, timing,
                         [this](Do what, const Sale& sale) {
                           if (on_show) on_show(what, sale);
                           shown.push_back(what);
                           last_shown = sale;
                         }};
    parts.pins = kept;
    parts.keep_pins = [this](const Pins& pins) {
      kept = parse_pins(format_pins(pins)).value();
      return ok();
    };
    counter = std::make_unique<Counter>(std::move(parts));
  }
  book::OfflineCode offline(std::int64_t n, std::int64_t points) const {
    book::OfflineCode code;
    code.allowance = allowance, code.shop = town.shop.account, code.counter = n, code.points = {points};
    code.at_us = clock.now_us() / book::kPayStepUs * book::kPayStepUs;
    code.account = town.resident.account;
    return make_offline_code(town.resident.key, town.origin, code);
  }
  // What came of it: kept, done, or the refusal's code.
  std::string sell_offline(const book::OfflineCode& code) {
    shown.clear();
    counter->scan(code.text()).value();
    if (counter->sale().phase == Phase::ready)
      counter->amount(counter->sale().customer.spend_max, 0).value();
    const Sale& sale = counter->sale();
    return std::string(sale.phase == Phase::refused ? dfb::name(sale.why.code) : name(sale.phase));
  }
  void cut() { line->lasting = Fault::cut; }
  void mend() { line->lasting = Fault::none; }

  Uuid allowance;
  Pins kept;
  std::function<void(Do, const Sale&)> on_show;  // before a person sees it
};

}  // namespace dfb::terminal::test
