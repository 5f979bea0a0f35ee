// A whole till on a TownLine, in a folder of its own: opened as the program opens it, and again after a
// crash.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "terminal/attendance.h"
#include "terminal/counter/counter.h"
#include "terminal/shelf.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/terminal/town_line.h"

namespace dfb::terminal::test {

// The till's clock is read before each record and each step: the place to look in from outside.
class WatchedClock final : public Clock {
 public:
  explicit WatchedClock(const Clock& clock) : clock_(clock) {}
  TimeUs now_us() const override {
    if (on_read) on_read();
    return clock_.now_us();
  }
  std::function<void()> on_read;

 private:
  const Clock& clock_;
};

// No other digits of a story look like these.
inline constexpr const char* kCashierPin = "739158";
inline constexpr const char* kManagerPin = "406271";

struct Shop {
  explicit Shop(bool lasting_town = false)
      : log_key(PrivateKey::generate(Algorithm::ed25519)),
        vkey(log::make_vkey(dfb::test::kTownOrigin, log::NoteKeyType::ed25519, log_key.public_key())),
        town(dfb::test::kTownOrigin, log::format_vkey(vkey)),
        first(first_lines(town)),
        setup(setup_of(town)),
        received_path(lasting_town ? folder.path("received") : "") {
    open_town();
    Journal fresh = Journal::open(journal_path(), [](const Record&) { return ok(); }).value();
    fresh.append(clock.now_us(), What::open, open_text({setup.origin, setup.shop, setup.till})).value();
    const auto checkpoint = line->checkpoint();
    fresh.append(clock.now_us(), What::seen, seen_text({checkpoint.size, checkpoint.root})).value();
  }

  std::string journal_path() const { return folder.path("journal"); }
  void open_town() {
    const TimeUs now_us = clock.now_us();
    clock.set(dfb::test::kTownStartUs);
    line = std::make_unique<TownLine>(town, first, log_key, clock, received_path);
    line->reserved = reserved;
    clock.set(now_us);
  }
  // As the program starts. Journal and counter before the new ones are closed first.
  void open() {
    counter.reset();
    attendance.reset();
    shelf.reset();
    journal.reset();
    history = std::make_unique<History>();
    journal = std::make_unique<Journal>(
        Journal::open(journal_path(), [this](const Record& record) { return history->add(record); }).value());
    counter = std::make_unique<Counter>(Counter::Parts{*journal, *history, *line, town.shop.key, setup, vkey,
                                                       till_clock, random, timing,
                                                       [this](Do what, const Sale& sale) {
                                                         shelf->watch(what, sale);
                                                         shown.push_back(what);
                                                         last_shown = sale;
                                                       }});
    shelf = std::make_unique<Shelf>(*line, till_clock, *history);
    attendance = std::make_unique<Attendance>(Attendance::Parts{*journal, *history, *line, till_clock});
  }
  // A cashier and a manager, from the next look on.
  void employ() {
    line->people = {{"s-01", "李梅", false, 5}, {"s-02", "王强", true, 5}};
    line->pins = {{"s-01", kCashierPin}, {"s-02", kManagerPin}};
  }
  // Rice for 10, and soap for 5 of which one is left, from the next look on.
  void stock_up() {
    line->stock = {{"soap", "肥皂", "Soap", 5, 1}, {"rice", "大米", "Rice", 10, 8}};
  }
  // The resident reserves at this shop, for a day. Of a lasting town before anything else happens in it.
  Uuid reserve(std::int64_t points, Basket goods = {}, std::int64_t cash_fen = 0) {
    town.now_us = clock.now_us();
    book::Hold hold;
    hold.account = town.resident.account, hold.points = {points}, hold.shop = setup.shop;
    hold.until_us = clock.now_us() + kDayUs, hold.goods = book::goods_digest(lines_of(goods)), hold.cash_fen = cash_fen;
    first.push_back(town.sign(hold, {&town.resident.key}));
    const Uuid id = first.back().id;
    EXPECT_TRUE(line->take(first.back()).answer) << "the reservation";
    for (const SoldGood& one : goods)
      for (ShopGood& good : line->stock)
        if (good.id == one.good) good.stock -= one.count;
    reserved[id] = line->reserved[id] = std::move(goods);
    return id;
  }
  static std::string pickup_code(const Uuid& hold) { return "https://localhost:8443/#pickup=" + to_string(hold); }
  // Scanned, and handed out where it can be.
  void pick_up(const Uuid& hold) {
    counter->scan(pickup_code(hold)).value();
    const Sale& sale = counter->sale();
    if (sale.phase == Phase::ready) pump(counter->amount(sale.points, sale.cash_fen, sale.goods));
  }
  // Until the sale is settled or `most` waits have passed; time passes as it is waited.
  bool pump(Counter::Wait wait, int most = 100) {
    while (wait.value() && most-- > 0) {
      clock.advance(*wait.value());
      wait = counter->tick();
    }
    return !wait.value();
  }
  // A fresh code of the town's resident, scanned.
  std::string code(std::int64_t limit = 200) {
    town.now_us = clock.now_us();
    return town.pay_code(town.resident, limit).text();
  }
  void sell(std::int64_t points, Basket goods = {}) {
    clock.advance(5 * kSecondUs);  // a new step of the customer's code
    counter->scan(code()).value();
    if (counter->sale().phase == Phase::ready) pump(counter->amount({points}, 0, std::move(goods)));
  }
  // A sale by offline code that the town was never told of. REQUIRES: open().
  void keep_offline(std::int64_t points) {
    town.now_us = clock.now_us();
    const auto line_of_sale = town.redeem_offline(town.resident, town.next_id(), 1, points);
    Sale sale;
    sale.id = line_of_sale.id;
    sale.command = {line_of_sale.payload, line_of_sale.signatures.front().bytes};
    for (const Do what : {Do::write_sale, Do::write_offline, Do::write_shown}) {
      const RecordToWrite record = record_of(what, sale);
      history->add(journal->append(clock.now_us(), record.what, record.text).value()).value();
    }
  }
  // What another till of the shop does. In a lasting town its sale stands before anything of this till's.
  Reply elsewhere(const dfb::test::SignedLine& command) {
    first.push_back(command);
    return line->take(command);
  }
  dfb::test::Member second_till() {
    const dfb::test::Member second{town.shop.account, dfb::test::test_key("second till")};
    town.now_us = clock.now_us();
    elsewhere(town.sign(book::AddKey{second.account, book::KeyUse::till, second.key.public_key().spki(), 0},
                        {&town.admin_a.key, &second.key}));  // refused where it has it already
    return second;
  }
  // The entry that says so.
  std::int64_t sell_elsewhere(std::int64_t points, const Basket& goods = {}, std::int64_t cash_fen = 0) {
    const auto second = second_till();
    book::Transfer sale;
    sale.kind = book::TransferKind::redeem;
    sale.from = town.resident.account, sale.to = second.account, sale.points = {points};
    sale.goods = book::goods_digest(lines_of(goods)), sale.cash_fen = cash_fen;
    sale.proof = book::CodeProof{town.resident.key.public_key().id(), town.pay_code(town.resident, 200).text()};
    const auto signed_line = town.sign(sale, {&second.key});
    line->note_goods(signed_line.id, goods);
    const std::int64_t seq = elsewhere(signed_line).answer.value().seq;
    clock.advance(5 * kSecondUs);  // a new step of the customer's code
    return seq;
  }
  std::int64_t pick_up_elsewhere(const Uuid& hold, std::int64_t points, const Basket& goods = {}) {
    const auto second = second_till();
    const auto signed_line = town.sign(book::Resolve{hold, true, second.account, {points}}, {&second.key});
    line->note_goods(signed_line.id, goods);
    return elsewhere(signed_line).answer.value().seq;
  }
  void refund_elsewhere(const Uuid& sale, std::int64_t points) {
    const auto second = second_till();
    elsewhere(town.refund(sale, town.resident, points, second));
  }
  void void_elsewhere(const Uuid& sale) {
    const auto second = second_till();
    elsewhere(town.cancel(sale, second));
  }
  std::int64_t customer() const { return line->balance(town.resident); }
  std::int64_t till() const { return line->balance(town.shop); }

  dfb::test::TempFolder folder;
  ManualClock clock{dfb::test::kTownStartUs};
  WatchedClock till_clock{clock};
  SystemRandom random;  // a till that starts again must not draw the same ids
  Timing timing;
  PrivateKey log_key;
  log::Vkey vkey;
  dfb::test::Town town;
  std::vector<dfb::test::SignedLine> first;
  Setup setup;
  std::string received_path;
  std::map<Uuid, Basket> reserved;
  std::unique_ptr<TownLine> line;
  std::unique_ptr<History> history;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Counter> counter;
  std::unique_ptr<Attendance> attendance;
  std::unique_ptr<Shelf> shelf;
  std::vector<Do> shown;
  Sale last_shown;
};

}  // namespace dfb::terminal::test
