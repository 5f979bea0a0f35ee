// A reservation at the till: what is shown is the ledger's word, it is handed out once and for exactly that, and to the
// books it is a sale.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "terminal/flow.h"
#include "terminal/pickup_words.h"
#include "terminal/report/owners_report.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/pickup_code.h"
#include "terminal/screen.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::HasSubstr;
using testing::Not;

const Basket kRiceAndSoap{{"rice", 2, 10}, {"soap", 1, 5}};

class PickUp : public testing::Test {
 protected:
  void SetUp() override {
    shop.stock_up();
    shop.open();
  }
  const Sale& sale() const { return shop.counter->sale(); }
  void scan(const Uuid& hold) { shop.counter->scan(Shop::pickup_code(hold)).value(); }
  std::string journal_words() const {
    std::string words;
    std::ifstream in(shop.journal_path());
    for (std::string line; std::getline(in, line);) {
      const auto begin = line.find(' ', line.find(' ') + 1) + 1;
      words += line.substr(begin, line.find(' ', begin) - begin) + " ";
    }
    return words;
  }
  Shop shop;
};

TEST_F(PickUp, HandsOutExactlyWhatWasReserved) {
  const Uuid hold = shop.reserve(25, kRiceAndSoap, 500);
  scan(hold);
  ASSERT_EQ(sale().phase, Phase::ready);
  EXPECT_EQ(sale().customer.name, "王*");
  EXPECT_EQ(sale().points.value, 25);
  EXPECT_EQ(sale().cash_fen, 500);
  EXPECT_EQ(sale().goods, kRiceAndSoap);
  EXPECT_EQ(sale().customer.reserved->until_us, shop.clock.now_us() + kDayUs);
  EXPECT_EQ(shop.line->posts, 0) << "nothing is sent before the yes";
  for (const auto& other : {AmountGiven{{24}, 500, kRiceAndSoap}, AmountGiven{{25}, 0, kRiceAndSoap}, AmountGiven{{25}, 500}})
    EXPECT_EQ(step(sale(), other, 0, shop.timing).sale.phase, Phase::ready) << "no other points, cash or goods";

  const auto before_us = shop.clock.now_us();
  ASSERT_TRUE(shop.pump(shop.counter->amount({25}, 500, kRiceAndSoap)));
  ASSERT_EQ(sale().phase, Phase::done);
  const auto payload = book::parse_payload(sale().command.payload).value();
  const auto& capture = std::get<book::Resolve>(payload.body);
  EXPECT_EQ(capture.hold, hold);
  EXPECT_TRUE(capture.capture);
  EXPECT_EQ(capture.points.value, 25);
  EXPECT_EQ(capture.to, shop.setup.shop);
  EXPECT_EQ(shop.line->routes, std::vector<Route>{Route::pick_ups});
  EXPECT_THAT(shop.line->bodies.at(0), Not(HasSubstr("goods")));
  EXPECT_THAT(journal_words(), HasSubstr("sale seen pickup seen done shown"));
  EXPECT_EQ(shop.till(), 25);
  EXPECT_EQ(shop.customer(), 75);

  const Past& past = shop.history->past().back();
  EXPECT_TRUE(past.pickup);
  EXPECT_EQ(past.kind, Kind::sale);
  EXPECT_EQ(past.account, shop.town.resident.account);
  EXPECT_EQ(past.goods, kRiceAndSoap);
  EXPECT_EQ(shop.history->shift_totals(), (ShiftTotals{before_us, 1, 25, 0, 0, 0, 500}));
  EXPECT_EQ(shop.line->left("rice"), 6) << "taken when it was reserved, and not again";

  shop.pick_up(hold);
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::hold_resolved);
  EXPECT_EQ(shop.till(), 25);
}

TEST_F(PickUp, NoRecordNamesAPerson) {
  shop.pick_up(shop.reserve(25, kRiceAndSoap));
  std::ifstream in(shop.journal_path());
  const std::string all(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(all, HasSubstr(" pickup "));
  EXPECT_THAT(all, Not(HasSubstr("王")));
}

TEST_F(PickUp, EachReasonForARefusalHasItsOwnSentenceAndSendsNothing) {
  const struct {
    const char* what;
    Code code;
    std::function<void(const Uuid&)> first;
    const char *zh, *en;
  } cases[] = {
      {"picked up", Code::hold_resolved, [&](const Uuid& hold) { shop.pick_up(hold); }, "已经取过货", "picked up already"},
      {"given up", Code::target_already_undone,
       [&](const Uuid& hold) {
         const book::Resolve release{hold, false, shop.town.resident.account, {0}, ""};
         shop.town.now_us = shop.clock.now_us();
         ASSERT_TRUE(shop.line->take(shop.town.sign(release, {&shop.town.resident.key})).answer);
       },
       "已取消", "was given up"},
      {"run out", Code::hold_expired, [&](const Uuid&) { shop.clock.advance(kDayUs); }, "已过期", "has run out"},
      {"another shop", Code::sale_of_other_shop, {}, "别家商店的预留", "at another shop"},
      {"unknown", Code::hold_unknown, {}, "没有这笔预留", "no such reservation"},
      {"no line", Code::unreachable, [&](const Uuid&) { shop.line->lasting = Fault::cut; }, "取货要连上镇服务器",
       "a pick-up needs the line"},
      {"no answer", Code::timed_out, [&](const Uuid&) { shop.line->faults = {Fault::lose_answer}; }, "取货要连上镇服务器",
       "a pick-up needs the line"},
      {"busy", Code::busy, [&](const Uuid&) { shop.line->faults = {Fault::busy}; }, "取货要连上镇服务器",
       "a pick-up needs the line"},
  };
  for (const auto& one : cases) {
    Uuid hold = shop.reserve(10);
    if (one.code == Code::hold_unknown) hold = shop.town.next_id();
    if (one.code == Code::sale_of_other_shop) {
      book::Hold elsewhere;
      elsewhere.account = shop.town.resident.account, elsewhere.shop = shop.town.other_shop.account;
      elsewhere.points = {5}, elsewhere.until_us = shop.clock.now_us() + kHourUs, elsewhere.goods = book::goods_digest({});
      shop.town.now_us = shop.clock.now_us();
      const auto line = shop.town.sign(elsewhere, {&shop.town.resident.key});
      ASSERT_TRUE(shop.line->take(line).answer);
      hold = line.id;
    }
    if (one.first) one.first(hold);
    const int posts = shop.line->posts;
    const auto records = shop.history->past().size();
    shop.pick_up(hold);
    EXPECT_EQ(sale().phase, Phase::refused) << one.what;
    EXPECT_EQ(sale().why.code, one.code) << one.what;
    EXPECT_EQ(shop.line->posts, posts) << one.what;
    EXPECT_EQ(shop.history->past().size(), records) << one.what;
    EXPECT_THAT(refused_words(Lang::zh, sale()), HasSubstr(one.zh)) << one.what;
    EXPECT_THAT(refused_words(Lang::en, sale()), HasSubstr(one.en)) << one.what;
    EXPECT_THAT(message(Lang::en, Do::show_refused, sale()), HasSubstr(one.en)) << one.what;
    shop.line->lasting = Fault::none;
    shop.line->faults.clear();
  }
  Sale ordinary;
  ordinary.why = fail(Code::unreachable);
  EXPECT_EQ(refused_words(Lang::en, ordinary), words(Lang::en, ordinary.why)) << "a sale keeps its own words";
}

TEST_F(PickUp, WhatTheTownSaysOtherwiseThanTheLedgerIsNotHandedOut) {
  const Uuid other = shop.reserve(1);
  const Reservation elsewhere = shop.line->reservation(other).value();
  const struct {
    const char* what;
    Code code;
    std::function<void(Reservation&)> forge;
  } cases[] = {
      {"more goods", Code::inconsistent, [](Reservation& told) { told.goods.front().count = 5; }},
      {"no goods", Code::inconsistent, [](Reservation& told) { told.goods.clear(); }},
      {"another reservation's entry", Code::wrong_entry,
       [&](Reservation& told) { told.proof = elsewhere.proof; }},
      {"a changed entry", Code::bad_path, [](Reservation& told) { told.proof.entry[40] ^= 1; }},
      {"no receipt", Code::malformed, [](Reservation& told) { told.proof.receipt = "x"; }},
  };
  for (const auto& one : cases) {
    const Uuid hold = shop.reserve(10, {{"rice", 1, 10}});
    shop.line->forge_reservation = one.forge;
    shop.pick_up(hold);
    EXPECT_EQ(sale().phase, Phase::refused) << one.what;
    EXPECT_EQ(sale().why.code, one.code) << one.what;
    shop.line->forge_reservation = {};
    EXPECT_EQ(shop.line->posts, 0) << one.what;
  }
  shop.line->rewrite_history();
  shop.pick_up(other);
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::inconsistent) << "a history that does not continue what was seen";
}

TEST_F(PickUp, ALostAnswerIsAskedAboutAndSettled) {
  const Uuid hold = shop.reserve(25, kRiceAndSoap);
  scan(hold);
  shop.line->faults = {Fault::lose_answer};
  ASSERT_TRUE(shop.pump(shop.counter->amount(sale().points, 0, sale().goods)));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.line->posts, 1);
  EXPECT_EQ(shop.till(), 25);
}

TEST_F(PickUp, WithoutAnyAnswerItIsUndoneAndTheReservationIsOver) {
  const Uuid hold = shop.reserve(25, kRiceAndSoap);
  scan(hold);
  shop.line->faults.assign(20, Fault::lose_answer);
  shop.pump(shop.counter->amount(sale().points, 0, sale().goods));
  ASSERT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(sale().effect, CancelEffect::undone);
  EXPECT_THAT(message(Lang::zh, Do::show_cancelled, sale()), HasSubstr("预留也结束了"));
  EXPECT_EQ(shop.till(), 0);
  EXPECT_EQ(shop.customer(), 100);
  EXPECT_EQ(shop.line->left("rice"), 8);
  shop.line->faults.clear();
  shop.pick_up(hold);
  EXPECT_EQ(sale().why.code, Code::hold_resolved);
}

TEST_F(PickUp, WhatNeverArrivedLeavesTheReservationAsItWas) {
  const Uuid hold = shop.reserve(25, kRiceAndSoap);
  scan(hold);
  shop.line->faults.assign(20, Fault::lose_request);
  shop.pump(shop.counter->amount(sale().points, 0, sale().goods));
  ASSERT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(sale().effect, CancelEffect::burnt);
  EXPECT_THAT(message(Lang::en, Do::show_cancelled, sale()), HasSubstr("reservation still stands"));
  shop.line->faults.clear();
  shop.pick_up(hold);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.till(), 25);
}

TEST_F(PickUp, ALineThatIsCutBeforeTheYesArrivesIsTriedAgainAndThenRefused) {
  const Uuid hold = shop.reserve(25);
  scan(hold);
  shop.line->lasting = Fault::cut;
  ASSERT_TRUE(shop.pump(shop.counter->amount(sale().points, 0)));
  EXPECT_EQ(sale().phase, Phase::refused) << "nothing left this till";
  EXPECT_EQ(sale().why.code, Code::unreachable);
  shop.line->lasting = Fault::none;
  shop.pick_up(hold);
  EXPECT_EQ(sale().phase, Phase::done);
}

TEST_F(PickUp, AnotherTillWasFaster) {
  const Uuid hold = shop.reserve(25);
  scan(hold);
  shop.line->on_post = [&] {
    shop.town.now_us = shop.clock.now_us();
    const book::Resolve capture{hold, true, shop.setup.shop, {25}, ""};
    ASSERT_TRUE(shop.line->take(shop.town.sign(capture, {&shop.town.shop.key})).answer);
  };
  shop.pump(shop.counter->amount(sale().points, 0));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::hold_resolved);
  EXPECT_EQ(shop.till(), 25) << "once";
}

TEST_F(PickUp, AnAnswerThatDoesNotStandTheCheckIsNoSuccess) {
  const Uuid hold = shop.reserve(25);
  scan(hold);
  shop.line->forge = [](Reply& reply) { reply.answer->entry.back() = ' '; };
  shop.pump(shop.counter->amount(sale().points, 0), 3);
  EXPECT_TRUE(is_open(sale()));
  EXPECT_TRUE(sale().told_alarm);
  shop.line->forge = {};
  shop.pump(shop.counter->tick());
  EXPECT_EQ(sale().phase, Phase::done);
}

TEST_F(PickUp, ANoLeavesTheReservationAsItWas) {
  const Uuid hold = shop.reserve(25);
  scan(hold);
  shop.counter->drop().value();
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_THAT(message(Lang::en, Do::show_cancelled, sale()), HasSubstr("can be scanned again"));
  shop.pick_up(hold);
  EXPECT_EQ(sale().phase, Phase::done);
}

TEST_F(PickUp, TypedDigitsStandForOne) {
  const Uuid hold = shop.reserve(25, kRiceAndSoap);
  shop.line->handle_code = to_string(hold);
  shop.counter->scan(shop.line->handle).value();
  ASSERT_EQ(sale().phase, Phase::ready);
  EXPECT_EQ(sale().hold, hold);
  ASSERT_TRUE(shop.pump(shop.counter->amount(sale().points, sale().cash_fen, sale().goods)));
  EXPECT_EQ(sale().phase, Phase::done);
}

TEST_F(PickUp, AFaceAsksYesOrNoAlone) {
  const Uuid hold = shop.reserve(25, kRiceAndSoap, 500);
  Flow flow(*shop.counter);
  ASSERT_EQ(flow.scan(Shop::pickup_code(hold)).value(), Flow::Said::nothing);
  EXPECT_EQ(flow.ask(Flow::Amount{{24}, 500}).value(), Flow::Said::exactly_these);
  EXPECT_EQ(flow.ask(Flow::Amount{{25}, 0}).value(), Flow::Said::exactly_these);
  EXPECT_EQ(flow.ask(Flow::Amount{{25}, 500, kRiceAndSoap}).value(), Flow::Said::exactly_these) << "goods are not chosen";
  ASSERT_EQ(flow.answer(true).value(), Flow::Said::nothing);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(flow.last_done()->goods, kRiceAndSoap);

  const Uuid second = shop.reserve(10);
  ASSERT_EQ(flow.scan(Shop::pickup_code(second)).value(), Flow::Said::nothing);
  ASSERT_EQ(flow.ask(Flow::Amount{{10}}).value(), Flow::Said::asked);
  ASSERT_EQ(flow.answer(true).value(), Flow::Said::nothing);
  EXPECT_EQ(sale().phase, Phase::done);
}

TEST_F(PickUp, ToTheBooksItIsASale) {
  shop.employ();
  ASSERT_TRUE(shop.attendance->look());
  const Uuid first = shop.reserve(25, kRiceAndSoap), second = shop.reserve(10), third = shop.reserve(7);
  const TimeUs from_us = shop.clock.now_us();
  shop.pick_up(first), shop.pick_up(second), shop.pick_up(third);
  const Past rice = shop.history->past()[0], ten = shop.history->past()[1];
  EXPECT_EQ(find_scanned(*shop.history, {rice.seq, shop.setup.shop}).value().id, rice.id);
  ASSERT_TRUE(shop.pump(shop.counter->refund(ten.id, ten.account, {4}, "")));
  EXPECT_EQ(sale().phase, Phase::done);
  ASSERT_EQ(can_void(*shop.history, rice), CanVoid::yes);
  ASSERT_TRUE(shop.pump(shop.counter->undo(rice, "s-02")));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.line->left("rice"), 8) << "a void puts the goods back";
  EXPECT_EQ(shop.history->shift_totals(), (ShiftTotals{from_us, 2, 17, 1, 4, 1, 0}));
  ASSERT_TRUE(shop.pump(shop.counter->close_shift()));
  EXPECT_EQ(sale().phase, Phase::done);

  const Day day = civil_day(shop.clock.now_us());
  const Leaves leaves = own_leaves(*shop.counter, *shop.line, day_start_us(day), day_start_us(day + 1), [](std::size_t) {}).value();
  const OwnersReport report = owners_report(leaves, *shop.history, shop.setup.shop, day, day);
  EXPECT_EQ(report.all.picked_up, (Tally{3, 42}));
  EXPECT_EQ(report.all.cancelled, (Tally{1, 25}));
  EXPECT_EQ(report.all.balance(), shop.till());
  EXPECT_TRUE(report.missing.empty()) << "a pick-up, its void, a refund and a Z report are all there";
  EXPECT_THAT(past_line(Lang::zh, shop.history->past()[1]), HasSubstr("取货"));
}

TEST_F(PickUp, ItsCashStandsInTheOwnersReportToo) {
  shop.pick_up(shop.reserve(25, {}, 1250));
  EXPECT_EQ(shop.history->shift_totals().cash_fen, 1250);
  const Day day = civil_day(shop.clock.now_us());
  const Leaves leaves = own_leaves(*shop.counter, *shop.line, day_start_us(day), day_start_us(day + 1), [](std::size_t) {}).value();
  const OwnersReport report = owners_report(leaves, *shop.history, shop.setup.shop, day, day);
  EXPECT_EQ(report.all.cash_fen, 1250);
  // Reserved on one day, picked up on the next and voided there.
  const Uuid second = shop.reserve(10, {}, 300);
  shop.clock.set(day_start_us(day + 1) + kMinuteUs);
  shop.pick_up(second);
  ASSERT_EQ(sale().phase, Phase::done);
  const auto next_day = [&] {
    return owners_report(own_leaves(*shop.counter, *shop.line, day_start_us(day + 1), day_start_us(day + 2), [](std::size_t) {}).value(),
                         *shop.history, shop.setup.shop, day + 1, day + 1).all;
  };
  EXPECT_EQ(next_day().cash_fen, 300);
  EXPECT_EQ(next_day().picked_up, (Tally{1, 10}));
  ASSERT_TRUE(shop.pump(shop.counter->undo(shop.history->past().back(), "s-02")));
  EXPECT_EQ(next_day().cash_fen, 0);
}

TEST_F(PickUp, AnOwnersReportMissesAPickUpThatTheTownHides) {
  shop.pick_up(shop.reserve(25));
  const std::int64_t hidden = shop.history->past().front().seq;
  shop.line->forge_leaves = [&](LeafPage& page) {
    std::erase_if(page.leaves, [&](const auto& one) { return one.first == hidden; });
  };
  const Day day = civil_day(shop.clock.now_us());
  const Leaves leaves = own_leaves(*shop.counter, *shop.line, day_start_us(day), day_start_us(day + 1), [](std::size_t) {}).value();
  const OwnersReport report = owners_report(leaves, *shop.history, shop.setup.shop, day, day);
  ASSERT_EQ(report.missing.size(), 1U);
  EXPECT_EQ(report.missing[0].seq, hidden);
}

TEST_F(PickUp, AnOldJournalHandsNothingOut) {
  const Uuid hold = shop.reserve(25), second = shop.reserve(10);
  const std::string before = shop.folder.read("journal");
  shop.pick_up(hold);
  ASSERT_EQ(sale().phase, Phase::done);
  shop.counter.reset();
  shop.journal.reset();
  shop.folder.write("journal", before);
  shop.open();
  shop.pick_up(second);
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::corrupt);
}

TEST(PickUpCode, IsALinkThatEndsInTheHoldsId) {
  const std::string id = "019a5b3e-7c00-7abc-8def-00000000000f";
  for (const char* server : {"https://bq.example/", "http://localhost:8443/", "https://bq.example:8443/index.html"}) {
    EXPECT_EQ(to_string(parse_pickup_url(server + ("#pickup=" + id)).value()), id) << server;
    EXPECT_EQ(kind_of(server + ("#pickup=" + id)), CodeKind::pickup);
  }
  for (const std::string& bad : std::initializer_list<std::string>
       {"https://bq.example/#pickup=", "https://bq.example/#pickup=12345678", "https://bq.example/#pickup=" + id + "0",
        "https://bq.example/#pickup=" + id + "&x", "https://bq.example/#pickup=" + id.substr(1), "ftp://bq.example/#pickup=" + id,
        "#pickup=" + id, id, "https://bq.example/" + std::string(512, 'x') + "#pickup=" + id,
        "https://bq.example/#pickup=019A5B3E-7C00-7ABC-8DEF-00000000000F", "https://bq.example/#pickup=019a5b3e-7c00-4abc-8def-00000000000f"})
    EXPECT_EQ(parse_pickup_url(bad).error().code, Code::malformed) << bad;
}

}  // namespace
}  // namespace dfb::terminal
