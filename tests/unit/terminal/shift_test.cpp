// The shift: voids, X and Z reports, against a town that answers, answers late or not at all.
#include <gmock/gmock.h>

#include "ledger/log/entry_text.h"
#include "terminal/flow.h"
#include "terminal/printing/gb18030.h"
#include "terminal/printing/receipts.h"
#include "terminal/screen.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::HasSubstr;

class Shift : public testing::Test {
 protected:
  void SetUp() override { shop.open(); }
  Past last_sale() const {
    for (auto past = shop.history->past().rbegin(); past != shop.history->past().rend(); ++past)
      if (past->kind == Kind::sale) return *past;
    ADD_FAILURE() << "no sale";
    return {};
  }
  bool close() { return shop.pump(shop.counter->close_shift()); }
  bool read() { return shop.pump(shop.counter->read_shift()); }
  int entries_of_kind(std::string_view kind) const {
    int count = 0;
    for (const std::string& leaf : shop.line->leaves())
      count += leaf.find("\"kind\":\"" + std::string(kind) + "\"") != leaf.npos;
    return count;
  }
  void restart() {
    shop.open();
    for (Sale& sale : shop.history->unfinished())
      EXPECT_TRUE(shop.pump(shop.counter->resume(std::move(sale))));
  }
  Shop shop;
};

TEST_F(Shift, AVoidUndoesTheWholeSaleAndStandsInTheList) {
  shop.sell(30);
  EXPECT_EQ(shop.customer(), 70);
  ASSERT_TRUE(shop.pump(shop.counter->undo(last_sale(), "s-02")));
  EXPECT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_EQ(shop.customer(), 100);
  const Past& undo = shop.history->past().back();
  EXPECT_EQ(undo.kind, Kind::undo);
  EXPECT_EQ(undo.points.value, 30);
  EXPECT_TRUE(last_sale().undone);
  EXPECT_EQ(left_of(*shop.history, last_sale()).value, 0);
  EXPECT_EQ(find_sale(*shop.history, to_string(last_sale().id)).error().code, Code::sale_undone);
  EXPECT_THAT(shop.folder.read("journal"), HasSubstr(R"("manager":"s-02")"));
  restart();
  EXPECT_TRUE(last_sale().undone) << "the journal says so";
}

TEST_F(Shift, AVoidSaysWhatMoneyGoesBack) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  ASSERT_TRUE(shop.pump(shop.counter->amount({30}, 3650)));
  ASSERT_TRUE(shop.pump(shop.counter->undo(last_sale(), "s-02")));
  Receipts::Parts parts;
  parts.shop = {"店", "Shop", shop.setup.shop, shop.setup.origin, shop.setup.server};
  const Receipts receipts(std::move(parts));
  for (const bool again : {false, true}) {
    if (again) restart();
    const Past& undo = shop.history->past().back();
    EXPECT_EQ(undo.cash_fen, 3650);
    EXPECT_THAT(plain_text(receipts.preview(receipts.receipt(undo, Lang::en))), testing::ContainsRegex("Cash back +￥36.50"));
    EXPECT_EQ(shop.history->shift_totals().cash_fen, 0);
  }
  EXPECT_THAT(message(Lang::en, Do::show_done, shop.last_shown), HasSubstr("give the 36.50 yuan in cash back too"));
}

// Of an earlier shift's sale, so that this shift's drawer is the poorer for it; also over a restart.
TEST_F(Shift, ARefundsCashComesOutOfThisShiftsDrawer) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  ASSERT_TRUE(shop.pump(shop.counter->amount({30}, 3650)));
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.counter->sale().totals.cash_fen, 3650);
  const Past sale = last_sale();
  EXPECT_EQ(cash_left_of(*shop.history, sale), 3650);
  shop.line->faults = {Fault::lose_answer};
  ASSERT_TRUE(shop.pump(shop.counter->refund(sale.id, sale.account, {10}, "", 1250)));
  EXPECT_THAT(message(Lang::en, Do::show_done, shop.last_shown), HasSubstr("12.50 yuan go back in cash"));
  Receipts::Parts parts;
  parts.shop = {"店", "Shop", shop.setup.shop, shop.setup.origin, shop.setup.server};
  const Receipts receipts(std::move(parts));
  for (const bool again : {false, true}) {
    if (again) restart();
    EXPECT_EQ(cash_left_of(*shop.history, last_sale()), 2400);
    EXPECT_EQ(shop.history->shift_totals().cash_fen, -1250);
    const Past& refund = shop.history->past().back();
    EXPECT_THAT(plain_text(receipts.preview(receipts.receipt(refund, Lang::en))), testing::ContainsRegex("Cash back +￥12.50"));
  }
  ASSERT_TRUE(shop.pump(shop.counter->refund(sale.id, sale.account, {30}, "", 100))) << "more points than are left";
  EXPECT_EQ(shop.counter->sale().phase, Phase::refused);
  EXPECT_EQ(shop.history->shift_totals().cash_fen, -1250) << "nothing was given back";
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.counter->sale().totals.cash_fen, -1250);
  restart();
  EXPECT_EQ(shop.history->past().back().report->cash_fen, -1250);
  const ShiftReport z = shift_report(shop.history->past().back());
  EXPECT_THAT(plain_text(receipts.preview(receipts.report(z, Lang::en))), testing::ContainsRegex("Cash beside +￥-12.50"));
}

TEST_F(Shift, WhatCanBeVoided) {
  const auto can = [this] { return can_void(*shop.history, last_sale()); };
  shop.sell(10);
  EXPECT_EQ(can(), CanVoid::yes);
  const Past given = last_sale();
  shop.pump(shop.counter->refund(given.id, given.account, {4}, ""));
  EXPECT_EQ(can(), CanVoid::given_back);
  EXPECT_EQ(can_void(*shop.history, shop.history->past().back()), CanVoid::no_sale) << "a refund";
  shop.sell(10);
  ASSERT_TRUE(shop.pump(shop.counter->undo(last_sale(), "s-02")));
  EXPECT_EQ(can(), CanVoid::voided_already);
  shop.sell(500);
  EXPECT_EQ(can(), CanVoid::no_sale) << "refused";
  shop.sell(10);
  ASSERT_TRUE(close());
  EXPECT_EQ(can(), CanVoid::earlier_shift);
}

TEST_F(Shift, AVoidWhoseAnswerIsLostHappensOnce) {
  shop.sell(30);
  for (const Fault fault : {Fault::lose_answer, Fault::lose_request, Fault::busy})
    shop.line->faults.push_back(fault);
  ASSERT_TRUE(shop.pump(shop.counter->undo(last_sale(), "s-02")));
  EXPECT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_EQ(shop.customer(), 100);
  EXPECT_TRUE(shop.history->unfinished().empty());
}

TEST_F(Shift, AVoidThatNeverLeftIsSentByTheNextStart) {
  shop.sell(30);
  shop.line->lasting = Fault::lose_request;
  EXPECT_FALSE(shop.pump(shop.counter->undo(last_sale(), "s-02"), 3));
  EXPECT_TRUE(shop.history->has_open());
  shop.line->lasting = Fault::none;
  restart();
  EXPECT_EQ(shop.customer(), 100);
  EXPECT_TRUE(last_sale().undone);
}

TEST_F(Shift, AZReportAddsUpTheJournalAndStandsInTheLedger) {
  shop.sell(30);
  const Past sale = last_sale();
  shop.pump(shop.counter->refund(sale.id, sale.account, {5}, ""));
  shop.sell(10);
  ASSERT_TRUE(shop.pump(shop.counter->undo(last_sale(), "s-02")));
  shop.sell(20);
  shop.sell(500);  // refused
  const std::int64_t lines = shop.journal->chain().size();
  const std::string head = shop.journal->chain().head();
  ASSERT_TRUE(close());
  const Sale& report = shop.counter->sale();
  ASSERT_EQ(report.phase, Phase::done);
  EXPECT_EQ(report.number, 1);
  EXPECT_EQ(report.totals.count, 2);
  EXPECT_EQ(report.totals.total, 50);
  EXPECT_EQ(report.totals.refunds, 1);
  EXPECT_EQ(report.totals.refunded, 5);
  EXPECT_EQ(report.totals.voids, 1);
  EXPECT_EQ(report.totals.total - report.totals.refunded, shop.till()) << "what the ledger holds";
  const auto entry = log::parse_entry_text(shop.line->leaves().back()).value();
  const auto payload = book::parse_payload(entry.payload).value();
  const auto& record = std::get<book::Record>(payload.body);
  EXPECT_THAT(record.subject, testing::MatchesRegex("till-[0-9a-f]{8}-z-1"));
  EXPECT_EQ(record.count, 2);
  EXPECT_EQ(record.total, 50);
  EXPECT_EQ(record.refunds, 1);
  EXPECT_EQ(record.refunded, 5);
  EXPECT_EQ(record.lines, lines);
  EXPECT_EQ(record.head, head);
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.counter->sale().number, 2);
  EXPECT_EQ(shop.counter->sale().totals.count, 0) << "a new shift";
}

TEST_F(Shift, AZReportWhoseAnswerIsLostIsEnteredOnceUnderOneId) {
  shop.sell(30);
  for (const Fault fault : {Fault::lose_answer, Fault::lose_answer, Fault::cut, Fault::busy})
    shop.line->faults.push_back(fault);
  shop.line->bodies.clear();
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_EQ(entries_of_kind("zreport"), 1);
  ASSERT_GE(shop.line->bodies.size(), 3U);
  for (const std::string& body : shop.line->bodies) EXPECT_EQ(body, shop.line->bodies.front());
}

TEST_F(Shift, NumbersGoOnAfterARestartAlsoInTheMiddleOfAReport) {
  shop.sell(30);
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.counter->sale().number, 1);
  restart();
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.counter->sale().number, 2);
  shop.line->lasting = Fault::lose_answer;
  EXPECT_FALSE(shop.pump(shop.counter->close_shift(), 3));
  EXPECT_TRUE(shop.history->has_open()) << "no refund, no sign-out and no other report until it is known";
  shop.line->lasting = Fault::none;
  restart();
  EXPECT_EQ(entries_of_kind("zreport"), 1);
  EXPECT_EQ(shop.history->z_number(), 1);
  EXPECT_EQ(shop.history->shift_totals().count, 0);
  EXPECT_EQ(shop.history->past().back().number, 1);
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.history->z_number(), 2);
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.counter->sale().number, 3) << "X reports have their own numbers";
}

// The command ran out before it arrived: nothing was entered, and its number is the next one's.
TEST_F(Shift, AReportThatRanOutLeavesNoGap) {
  shop.sell(30);
  shop.line->lasting = Fault::lose_request;
  EXPECT_FALSE(shop.pump(shop.counter->close_shift(), 3));
  const Uuid lost = shop.counter->sale().id;
  shop.clock.advance(kHourUs);
  shop.line->lasting = Fault::none;
  restart();
  EXPECT_EQ(shop.history->by_id(lost)->phase, Phase::refused);
  EXPECT_EQ(shop.history->z_number(), 0);
  EXPECT_EQ(shop.history->shift_totals().count, 1) << "the shift runs on";
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.counter->sale().number, 1);
  EXPECT_EQ(shop.counter->sale().totals.total, 30);
}

TEST_F(Shift, AnXReportStandsInTheLedgerAndTheShiftRunsOn) {
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.history->shift_totals().from_us, 0) << "nothing was sold yet";
  shop.sell(30);
  const Past sale = last_sale();
  shop.pump(shop.counter->refund(sale.id, sale.account, {5}, ""));
  const ShiftTotals before = shop.history->shift_totals();
  const std::int64_t lines = shop.journal->chain().size();
  const std::string head = shop.journal->chain().head();
  ASSERT_TRUE(read());
  const Sale& report = shop.counter->sale();
  ASSERT_EQ(report.phase, Phase::done);
  EXPECT_EQ(report.kind, Kind::xreport);
  EXPECT_EQ(report.number, 2);
  EXPECT_EQ(report.totals, before);
  EXPECT_EQ(shop.line->routes.back(), Route::shift_reports);
  const auto entry = log::parse_entry_text(shop.line->leaves().back()).value();
  const auto payload = book::parse_payload(entry.payload).value();
  const auto& record = std::get<book::Record>(payload.body);
  EXPECT_EQ(record.kind, "xreport");
  EXPECT_THAT(record.subject, testing::MatchesRegex("till-[0-9a-f]{8}-x-2"));
  EXPECT_EQ(record.count, 1);
  EXPECT_EQ(record.total, 30);
  EXPECT_EQ(record.refunds, 1);
  EXPECT_EQ(record.refunded, 5);
  EXPECT_EQ(record.lines, lines);
  EXPECT_EQ(record.head, head);
  EXPECT_EQ(can_void(*shop.history, last_sale()), CanVoid::given_back) << "it is still this shift's";
  shop.sell(10);
  ASSERT_TRUE(close());
  EXPECT_EQ(shop.counter->sale().number, 1);
  EXPECT_EQ(shop.counter->sale().totals.count, 2) << "the whole shift, of before and after";
  EXPECT_EQ(entries_of_kind("xreport"), 2);
  restart();
  EXPECT_EQ(shop.history->x_number(), 2);
}

TEST_F(Shift, AnXReportWhoseAnswerIsLostIsEnteredOnceAlsoOverARestart) {
  shop.sell(30);
  for (const Fault fault : {Fault::lose_answer, Fault::lose_answer, Fault::cut, Fault::busy})
    shop.line->faults.push_back(fault);
  shop.line->bodies.clear();
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_EQ(entries_of_kind("xreport"), 1);
  ASSERT_GE(shop.line->bodies.size(), 3U);
  for (const std::string& body : shop.line->bodies) EXPECT_EQ(body, shop.line->bodies.front());
  shop.line->lasting = Fault::lose_answer;
  EXPECT_FALSE(shop.pump(shop.counter->read_shift(), 3));
  const Uuid id = shop.counter->sale().id;
  EXPECT_TRUE(shop.history->has_open()) << "no refund, no sign-out and no other report until it is known";
  shop.line->lasting = Fault::none;
  restart();
  EXPECT_EQ(entries_of_kind("xreport"), 2);
  const Past* past = shop.history->by_id(id);
  ASSERT_NE(past, nullptr);
  EXPECT_EQ(past->phase, Phase::done);
  EXPECT_EQ(past->number, 2);
  EXPECT_EQ(past->report->total, 30);
  EXPECT_EQ(shop.history->x_number(), 2);
}

// Nothing is left open that somebody would have to wait for; and the number is the next one's.
TEST_F(Shift, AnXReportWithoutALineIsRefusedAtOnceAndLeavesNoGap) {
  shop.sell(30);
  shop.line->lasting = Fault::cut;
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.counter->sale().phase, Phase::refused);
  EXPECT_FALSE(shop.history->has_open());
  EXPECT_THAT(message(Lang::en, Do::show_refused, shop.last_shown), HasSubstr("report was not entered; ask for it again"));
  EXPECT_THAT(message(Lang::zh, Do::show_refused, shop.last_shown), HasSubstr("报表没有入账"));
  restart();
  EXPECT_EQ(shop.history->x_number(), 0);
  EXPECT_EQ(shop.history->shift_totals().count, 1);
  shop.line->lasting = Fault::none;
  ASSERT_TRUE(read());
  EXPECT_EQ(shop.counter->sale().number, 1);
  EXPECT_EQ(entries_of_kind("xreport"), 1);
}

// A refund at another till of the shop is none of this till's: the void takes what that left, and the report says so.
TEST_F(Shift, AVoidTakesWhatOthersLeftOfTheSale) {
  shop.sell(30);
  const Past sale = last_sale();
  shop.refund_elsewhere(sale.id, 12);
  ASSERT_TRUE(shop.pump(shop.counter->undo(sale, "s-02")));
  EXPECT_EQ(shop.counter->sale().points.value, 18);
  EXPECT_EQ(shop.history->past().back().points.value, 18);
  restart();
  const ShiftTotals totals = shop.history->shift_totals();
  EXPECT_EQ(totals.count, 0);
  EXPECT_EQ(totals.total, 12) << "docs/formats.md#totals: a cancel takes what was not refunded before";
  EXPECT_EQ(totals.refunds, 0);
}

TEST_F(Shift, ReportsFitTheirPaper) {
  shop.sell(30);
  ASSERT_TRUE(read());
  const ShiftReport x = shift_report(shop.counter->sale(), "李梅"), x_again = shift_report(shop.history->past().back());
  ASSERT_TRUE(close());
  const ShiftReport z = shift_report(shop.counter->sale(), "Li Mei"), again = shift_report(shop.history->past().back());
  const auto receipts = [this](const Paper& paper) {
    return Receipts({{"丽景社区便民服务超市", "Lijing Community Store", shop.setup.shop, shop.setup.origin, "",
                      shop.setup.till},
                     Lang::zh,
                     paper,
                     QrStyle::native,
                     nullptr});
  };
  for (const Paper& paper : {kPaper58mm, kPaper80mm, Paper{8, 96}})
    for (const Lang lang : {Lang::zh, Lang::en})
      for (const ShiftReport& report : {x, x_again, z, again}) {
        const Receipts here = receipts(paper);
        for (const PaperPart& part : here.preview(here.report(report, lang))) {
          const auto& line = std::get<PaperLine>(part);
          EXPECT_LE((line.indent + paper_columns(line.text)) * (line.large ? 2 : 1), paper.columns) << line.text;
        }
      }
  const Receipts here = receipts(kPaper58mm);
  const auto text = [&](const ShiftReport& report, Lang lang) {
    return plain_text(here.preview(here.report(report, lang)));
  };
  EXPECT_THAT(text(z, Lang::en),
              testing::AllOf(HasSubstr("Z REPORT 1"), testing::ContainsRegex("Sales, points +1 / 30"),
                             testing::ContainsRegex("By +Li Mei"), HasSubstr("Entry")));
  EXPECT_THAT(text(again, Lang::en),
              testing::AllOf(HasSubstr("Z REPORT 1"), HasSubstr("COPY"),
                             testing::ContainsRegex("Sales, points +1 / 30"), testing::Not(HasSubstr("By "))));
  EXPECT_THAT(text(x, Lang::zh), testing::AllOf(HasSubstr("当班报表 X 1"), HasSubstr("班次未结"), HasSubstr("1 / 30")));
  EXPECT_THAT(text(x, Lang::en), testing::AllOf(HasSubstr("X REPORT 1"), HasSubstr("the shift runs on"),
                                                HasSubstr("Entry"), HasSubstr("Root")));
  EXPECT_THAT(text(x_again, Lang::en), testing::AllOf(HasSubstr("X REPORT 1"), HasSubstr("COPY")));
  EXPECT_THAT(text(z, Lang::en), testing::Not(HasSubstr("runs on")));
}

}  // namespace
}  // namespace dfb::terminal
