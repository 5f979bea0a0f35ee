// The console as a cashier uses it: lines in, lines out, on a pipe and on a pseudo-terminal as a wedge
// scanner types.
#include "terminal/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <sstream>
#include <thread>

#include "api/qr/qr.h"
#include "terminal/scan/receipt_code.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::HasSubstr;
using testing::Not;

TEST(ConsoleLine, WhatACashierMayType) {
  const auto amount = [](std::string_view line) { return std::get<AmountLine>(parse_console_line(line)); };
  EXPECT_EQ(amount("30").points.value, 30);
  EXPECT_EQ(amount("  30 ").points.value, 30);
  EXPECT_EQ(amount("30 cash 12.50").cash_fen, 1250);
  EXPECT_EQ(amount("30 cash 12.5").cash_fen, 1250);
  EXPECT_EQ(amount("30 现金 12").cash_fen, 1200);
  EXPECT_EQ(amount("30 cash 0.05").cash_fen, 5);
  const auto refund = std::get<RefundLine>(parse_console_line("refund 1204 10"));
  EXPECT_EQ(refund.sale, "1204");
  EXPECT_EQ(refund.points.value, 10);
  EXPECT_EQ(refund.memo, "");
  EXPECT_EQ(std::get<RefundLine>(parse_console_line("退还 1204 10 2")).memo, "goods damaged");
  EXPECT_EQ(refund.cash_fen, 0);
  const auto in_cash = std::get<RefundLine>(parse_console_line("refund 1204 10 cash 12.50"));
  EXPECT_EQ(in_cash.cash_fen, 1250);
  EXPECT_EQ(in_cash.memo, "");
  const auto why = std::get<RefundLine>(parse_console_line("退 1204 10 现金 3 1"));
  EXPECT_EQ(why.cash_fen, 300);
  EXPECT_EQ(why.memo, "goods returned");
  EXPECT_EQ(std::get<ReprintLine>(parse_console_line("reprint")).sale, "");
  EXPECT_EQ(std::get<ReprintLine>(parse_console_line("补打 1204")).sale, "1204");
  EXPECT_EQ(std::get<SignInLine>(parse_console_line("in 2")).person, 2U);
  EXPECT_EQ(std::get<SignInLine>(parse_console_line("登录 x")).person, 0U) << "nobody";
  EXPECT_EQ(std::get<VoidLine>(parse_console_line("void 1204 2")).manager, 2U);
  EXPECT_EQ(std::get<UnlockLine>(parse_console_line("open 1 2")).person, 1U);
  const auto bill = std::get<BillLine>(parse_console_line("bill 38.50 200"));
  EXPECT_EQ(bill.fen, 3850);
  EXPECT_EQ(bill.points.value, 200);
  EXPECT_EQ(std::get<ImageLine>(parse_console_line("image /tmp/pay code.png ")).path, "/tmp/pay code.png");
  EXPECT_EQ(std::get<ImageLine>(parse_console_line("i x.png")).path, "x.png");
  const auto goods = [](std::string_view line) { return std::get<GoodsNamed>(parse_console_line(line)).lines; };
  using Lines = std::vector<book::GoodsLine>;
  EXPECT_EQ(goods("g rice"), (Lines{{"rice", 1}}));
  EXPECT_EQ(goods("g rice 2"), (Lines{{"rice", 2}}));
  EXPECT_EQ(goods("商品 rice 2 soap tea 3"), (Lines{{"rice", 2}, {"soap", 1}, {"tea", 3}}));
  EXPECT_EQ(goods("g 7 2"), (Lines{{"7", 2}})) << "the first word is always a good";
  EXPECT_EQ(std::get<Word>(parse_console_line("g")), Word::goods);
  EXPECT_EQ(std::get<Word>(parse_console_line("结班")), Word::z);
  EXPECT_EQ(std::get<Word>(parse_console_line("")), Word::enter);
  EXPECT_EQ(std::get<Word>(parse_console_line("n")), Word::no);
  EXPECT_EQ(std::get<Word>(parse_console_line("退出")), Word::quit);
  EXPECT_TRUE(std::holds_alternative<CodeLine>(parse_console_line(std::string(120, 'A').replace(0, 1, " "))));
  for (const char* line :
       {"0", "-1", "30.5", "1000000001", "30 cash", "30 cash -1", "30 cash 1.234", "30 cash 1.", "30 cash .5",
        "30 cash 99999999999", "30 money 1", "bill 38.50", "bill 38.50 0", "in", "void 1204", "refund 1204",
        "refund 1204 0", "refund 1204 10 0", "refund 1204 10 5", "refund 1204 10 1 1", "refund 1204 10 cash",
        "refund 1204 10 cash 1.234", "refund 1204 10 cash 1 9", "refund 1204 10 cash 1 1 1", "refund 1204 10 1 cash 1",
        "reprint 1 2", "hello", "g rice 0",
        "g rice 1001", "g rice 2 rice 1", "g Rice 2"})
    EXPECT_TRUE(std::holds_alternative<NotUnderstood>(parse_console_line(line))) << line;
}

class ConsoleTest : public testing::Test {
 protected:
  void SetUp() override {
    shop.timing.retry_us = 1000;  // waits pass by themselves while the console listens
    restart();
  }
  void restart() {
    shop.open();
    // The console shows what the counter tells it.
    shop.counter = std::make_unique<Counter>(Counter::Parts{
        *shop.journal, *shop.history, *shop.line, shop.town.shop.key, shop.setup, shop.vkey, shop.till_clock,
        shop.random, shop.timing, [this](Do what, const Sale& sale) {
          shop.shelf->watch(what, sale);
          screen.show(what, sale);
        }});
  }
  // Types the text, ends the input, and answers what was said.
  std::string type(const std::string& text) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    out.str("");
    Console::Parts parts{*shop.counter, *shop.history, screen, *shop.attendance, *shop.shelf, receipts, ends[0]};
    parts.first_scan = std::exchange(first_scan, {});
    Console console(std::move(parts));
    const auto nothing_open = console.run(shop.history->unfinished());
    EXPECT_TRUE(nothing_open);
    settled = nothing_open.value();
    ::close(ends[0]);
    return out.str();
  }
  Shop shop;
  std::ostringstream out;
  Screen screen{out, Lang::en, false};
  Receipts receipts{
      {{"丽景超市", "Lijing Store", shop.setup.shop, shop.setup.origin, "https://bq.example:8443"},
       Lang::en}};
  bool settled = false;
  std::optional<LineScanner::Line> first_scan;  // of the next type()
};

TEST_F(ConsoleTest, ASaleARefundAndTheDay) {
  const std::string said = type(shop.code() + "\r30 cash 12.50\r\rreceipt\rlast\rquit\r");
  EXPECT_THAT(said, HasSubstr("王*: this code allows up to 200 points"));
  EXPECT_THAT(said, HasSubstr("30 points from 王* and 12.50 yuan in cash? Enter = yes"));
  EXPECT_THAT(said, HasSubstr("DONE: 30 points from 王*"));
  EXPECT_THAT(said, HasSubstr("PAID WITH POINTS"));
  EXPECT_EQ(shop.till(), 30);
  const std::string receipt = std::to_string(shop.history->past().front().seq);
  const std::string refunded = type("refund " + receipt + " 10\n\nlast\nstatus\nquit\n");
  EXPECT_THAT(refunded, HasSubstr("DONE: 10 points given back"));
  EXPECT_THAT(refunded, HasSubstr("+10  refund  done"));
  EXPECT_THAT(refunded, HasSubstr("nothing is unsettled"));
  EXPECT_EQ(shop.till(), 20);
  EXPECT_TRUE(settled);
}

TEST_F(ConsoleTest, ARefundGivesCashBackToo) {
  type(shop.code() + "\r30 cash 12.50\r\rquit\r");
  const std::string receipt = std::to_string(shop.history->past().front().seq);
  const std::string refunded =
      type("refund " + receipt + " 10 cash 12.51\nrefund " + receipt + " 10 cash 10 1\n\nreceipt\n");
  EXPECT_THAT(refunded, testing::AllOf(HasSubstr("Of that sale's cash 12.50 yuan can be given back at most"),
                                       HasSubstr("Give back 10 points and 10.00 yuan in cash of receipt " + receipt + "?"),
                                       HasSubstr("DONE: 10 points given back; 10.00 yuan go back in cash"),
                                       testing::ContainsRegex("Cash back +￥10.00")));
  EXPECT_EQ(shop.history->shift_totals().cash_fen, 250);
  EXPECT_THAT(type("refund " + receipt + " 10 cash 3\n"), HasSubstr("cash 2.50 yuan can be given back at most"));
  EXPECT_EQ(shop.till(), 20);
}

TEST_F(ConsoleTest, APictureIsScannedAndItsTextIsNeverACommand) {
  const dfb::test::TempFolder folder;
  const auto draw = [&](const std::string& text, const std::string& name) {
    EXPECT_TRUE(qr::write_png(text, folder.path(name)));
    return folder.path(name);
  };
  const std::string said = type("image " + draw(shop.code(), "pay code.png") + "\n30\n\n");
  EXPECT_THAT(said, HasSubstr("this code allows up to 200 points"));
  EXPECT_THAT(said, HasSubstr("DONE: 30 points from 王*"));
  EXPECT_THAT(type("i " + draw("quit", "quit.png") + "\nlast\n"),
              testing::AllOf(HasSubstr("Not understood"), HasSubstr("-30")));
  EXPECT_THAT(type("i " + folder.path("none.png") + "\nlast\n"),
              testing::AllOf(HasSubstr("No code was read: "), HasSubstr("none.png"), HasSubstr("-30")));
  shop.clock.advance(5 * kSecondUs);  // a new step of the customer's code
  first_scan = LineScanner::Line{shop.code()};
  EXPECT_THAT(type("20\n\n"), HasSubstr("DONE: 20 points from 王*"));
  EXPECT_EQ(shop.till(), 50);
}

TEST_F(ConsoleTest, GoodsAreNamedAsText) {
  shop.stock_up();
  ASSERT_TRUE(shop.shelf->look());
  EXPECT_THAT(type("goods\n"), testing::AllOf(HasSubstr("rice  Rice  10 points  left: 8"), HasSubstr("soap  Soap")));
  EXPECT_THAT(type("g rice 2\n"), HasSubstr("Scan the customer's code first"));
  const std::string said = type(shop.code() + "\ng tea\ng rice 2 soap\n\nreceipt\nlast\nquit\n");
  EXPECT_THAT(said, HasSubstr("This shop does not sell tea; type goods for the list"));
  EXPECT_THAT(said, HasSubstr("2 × Rice; 1 × Soap\n25 points from 王*? Enter = yes"));
  EXPECT_THAT(said, HasSubstr("DONE: 25 points from 王*"));
  EXPECT_THAT(said, HasSubstr("rice x2"));
  EXPECT_EQ(shop.line->left("rice"), 6);
  shop.clock.advance(5 * kSecondUs);
  EXPECT_THAT(type(shop.code() + "\ng soap\n\nquit\n"),
              testing::AllOf(HasSubstr("REFUSED: not enough of it is left"), HasSubstr("scan again (out_of_stock)")));
  EXPECT_EQ(shop.till(), 25);
}

TEST_F(ConsoleTest, AReservationIsHandedOutByEnter) {
  const Uuid hold = shop.reserve(25, {}, 250), second = shop.reserve(10);
  const std::string said = type(Shop::pickup_code(hold) + "\r24\r\rreceipt\rlast\rquit\r");
  EXPECT_THAT(said, HasSubstr("王* picks up: 25 points reserved, and 2.50 yuan in cash. Enter = yes"));
  EXPECT_THAT(said, HasSubstr("The reservation says points, cash and goods: Enter hands them out"));
  EXPECT_THAT(said, HasSubstr("DONE: picked up by 王* for 25 reserved points, and 2.50 yuan in cash"));
  EXPECT_THAT(said, HasSubstr("RESERVATION PICKED UP"));
  EXPECT_THAT(said, HasSubstr("-25  pick-up  done"));
  EXPECT_EQ(shop.till(), 25);
  const std::string again = type(Shop::pickup_code(hold) + "\n\n" + Shop::pickup_code(second) + "\nn\nquit\n");
  EXPECT_THAT(again, HasSubstr("REFUSED: this reservation was picked up already"));
  EXPECT_THAT(again, HasSubstr("CANCELLED: nothing was picked up"));
  EXPECT_EQ(shop.till(), 25);
}

TEST_F(ConsoleTest, AScannedReceiptIsRefundedWithAReasonAndPrintedAnew) {
  type(shop.code() + "\n30\n\nquit\n");
  const std::int64_t seq = shop.history->past().front().seq;
  const std::string number = std::to_string(seq);
  EXPECT_THAT(type(receipt_url("https://bq.example:8443", {seq, shop.setup.shop}) + "\nquit\n"),
              HasSubstr("Receipt " + number + ": 30 points, of which 30 can be given back"));
  EXPECT_THAT(type("refund " + number + " 10 2\n\nreceipt\nquit\n"), HasSubstr("Goods damaged"));
  EXPECT_EQ(shop.history->past().back().memo, "goods damaged");
  const std::string scanned = type(receipt_url("https://x", {seq, shop.setup.shop}) + "\n" +
                                   receipt_url("https://x", {seq, book::AccountId{7}}) + "\n" +
                                   receipt_url("https://x", {seq + 500, shop.setup.shop}) + "\nquit\n");
  EXPECT_THAT(scanned, testing::AllOf(HasSubstr("of which 20 can"), HasSubstr("(sale_of_other_shop)"),
                                      HasSubstr("(not_found)")));
  EXPECT_THAT(type("reprint\nreprint " + number + "\nreprint 999999\nquit\n"),
              testing::AllOf(HasSubstr("POINTS GIVEN BACK"), HasSubstr("PAID WITH POINTS"), HasSubstr("COPY"),
                             HasSubstr("This till has no printer"), HasSubstr("(not_found)")));
  EXPECT_EQ(shop.till(), 20);
}

TEST_F(ConsoleTest, NothingHappensWithoutTheWordThatConfirms) {
  EXPECT_THAT(type(shop.code() + "\n30\nn\nquit\n"), HasSubstr("nothing was charged"));
  EXPECT_THAT(type(shop.code() + "\n30\n"), HasSubstr("Enter = yes")) << "and then the input ended";
  EXPECT_THAT(type(shop.code() + "\n201\n\nn\n"), HasSubstr("up to 200 points"));
  EXPECT_THAT(type("30\n\n"), HasSubstr("Scan the customer's code first"));
  EXPECT_THAT(
      type("refund 77 5\nrefund x 5\nrubbish\n"),
      testing::AllOf(HasSubstr("(not_found)"), HasSubstr("(malformed)"), HasSubstr("Not understood")));
  EXPECT_EQ(shop.till(), 0);
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(ConsoleTest, ANewScanReplacesTheOldOne) {
  const std::string first = shop.code();
  shop.clock.advance(5 * kSecondUs);
  const std::string said = type(first + "\n30\n" + shop.code() + "\n20\n\nquit\n");
  EXPECT_THAT(said, HasSubstr("DONE: 20 points"));
  EXPECT_EQ(shop.till(), 20);
}

TEST_F(ConsoleTest, QuittingWaitsForWhatIsNotKnown) {
  shop.line->faults = {Fault::none};
  for (int i = 0; i < 6; ++i) shop.line->faults.push_back(Fault::lose_answer);
  shop.timing.cancel_after_us = 0;  // the clock of the test stands still
  restart();
  const std::string said = type(shop.code() + "\n30\n\nquit\n");
  EXPECT_THAT(said, HasSubstr("NOT KNOWN YET: hand nothing over"));
  EXPECT_THAT(said, HasSubstr("quitting has to wait"));
  EXPECT_FALSE(settled) << "the input ended first";
  // The next start settles it before anything else.
  restart();
  shop.line->faults.clear();
  const std::string later = type("last\nquit\n");
  EXPECT_THAT(later, HasSubstr("CANCELLED: all 30 points went back"));
  EXPECT_LT(later.find("CANCELLED"), later.find("Ready."));
  EXPECT_TRUE(settled);
  EXPECT_EQ(shop.till(), 0);
}

// A bill of 38.50 yuan, of which 200 points of 10 fen pay 20.
TEST(CashBeside, WhatIsLeftOfABill) {
  struct {
    std::int64_t bill_fen, points, rate, left;
  } cases[] = {{3850, 200, 10, 1850}, {3850, 385, 10, 0},  {3850, 1, 3850, 0},       {3855, 385, 10, 5},
               {3850, 386, 10, -1},   {3850, 30, 0, -1},   {1, 1, 2, -1},            {0, 1, 10, -1},
               {1'000'000'000, 1'000'000'000, 1, 0}, {1'000'000'000, 1'000'000'000, 1'000'000'000, -1}};
  for (const auto& one : cases) {
    const auto left = cash_beside(one.bill_fen, {one.points}, one.rate);
    EXPECT_EQ(left ? left.value() : -1, one.left) << one.bill_fen << " " << one.points << " " << one.rate;
  }
}

TEST_F(ConsoleTest, PointsPayAPartOfABill) {
  const std::string said = type(shop.code() + "\nbill 38.50 386\nbill 38.50 30\n\n");
  EXPECT_THAT(said, HasSubstr("worth more than the bill; take fewer: one is worth 0.10 yuan"));
  EXPECT_THAT(said, HasSubstr("30 points from 王* and 35.50 yuan in cash?"));
  EXPECT_EQ(shop.till(), 30);
  EXPECT_EQ(shop.history->past().back().cash_fen, 3550);
}

TEST_F(ConsoleTest, PeopleSignInLockAndLeave) {
  shop.employ();
  (void)shop.attendance->look();
  const std::string pin = std::string(test::kCashierPin) + "\n";
  const std::string shut = type(shop.code() + "\n30\n\nlast\nrefund 7 1\nx\nz\n\nstaff\n");
  EXPECT_THAT(shut, HasSubstr("Sign in first"));
  EXPECT_THAT(shut, HasSubstr("1  李梅"));
  EXPECT_THAT(shut, HasSubstr("2  王强  manager"));
  EXPECT_EQ(shop.line->posts, 0);
  EXPECT_EQ(shop.history->x_number(), 0);
  EXPECT_THAT(type("in 1\n000001\nin 7\n"),
              testing::AllOf(HasSubstr("Wrong PIN; 4 tries left"), HasSubstr("no such number")));
  const std::string sold = type("in 1\n" + pin + shop.code() + "\n30\n\nlock\nlast\n");
  EXPECT_THAT(sold, testing::AllOf(HasSubstr("Signed in: 李梅"), HasSubstr("DONE: 30 points"),
                                   HasSubstr("Locked"), HasSubstr("Sign in first")));
  EXPECT_THAT(sold, Not(HasSubstr(test::kCashierPin)));
  EXPECT_THAT(type("in 1\n" + pin + "out\n"), HasSubstr("Signed out"));
  EXPECT_EQ(shop.attendance->cashier(), "");
}

TEST_F(ConsoleTest, LocksItselfAlsoWithACustomerWhoWaits) {
  shop.employ();
  (void)shop.attendance->look();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text = "in 1\n" + std::string(test::kCashierPin) + "\n" + shop.code() + "\n";
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    ::close(ends[1]);
  });
  Console::Parts parts{*shop.counter, *shop.history, screen, *shop.attendance, *shop.shelf, receipts, ends[0]};
  parts.lock_after_us = kSecondUs / 5;
  ASSERT_TRUE(Console(std::move(parts)).run({}));
  later.join();
  ::close(ends[0]);
  EXPECT_THAT(out.str(), testing::AllOf(HasSubstr("allows up to"), HasSubstr("Locked")));
  EXPECT_EQ(shop.counter->sale().phase, Phase::cancelled);
}

TEST_F(ConsoleTest, NobodyLeavesOrClosesWhileTheTownHasNotCounted) {
  shop.employ();
  shop.keep_offline(30);
  (void)shop.attendance->look();
  const std::string said = type("in 1\n" + std::string(test::kCashierPin) + "\nout\nz\n\nx\n");
  EXPECT_THAT(said, testing::ContainsRegex("wait for the town: try this again.*\n.*wait for the town: try this again"));
  EXPECT_THAT(said, testing::HasSubstr("This shift so far, not in the ledger: sales, points 0 / 0; refunds, points 0 / 0"));
  EXPECT_EQ(shop.attendance->cashier(), "s-01");
  EXPECT_EQ(shop.history->z_number(), 0);
}

TEST_F(ConsoleTest, WithoutALineThereAreTheSumsAndNoXReport) {
  shop.sell(30);
  shop.line->lasting = test::Fault::cut;
  const std::string said = type("x\n");
  EXPECT_THAT(said, testing::AllOf(HasSubstr("REFUSED: the town cannot be reached and the report was not entered"),
                                   HasSubstr("This shift so far, not in the ledger: sales, points 1 / 30;"),
                                   testing::Not(HasSubstr("X REPORT"))));
  shop.line->lasting = test::Fault::none;
  EXPECT_THAT(type("x\n"), testing::AllOf(HasSubstr("DONE: X report 1 stands in the ledger"), HasSubstr("X REPORT 1"),
                                          testing::Not(HasSubstr("so far"))));
}

TEST_F(ConsoleTest, AVoidWantsAManagerAndAShiftIsClosedOnce) {
  shop.employ();
  (void)shop.attendance->look();
  const std::string cashier = std::string(test::kCashierPin) + "\n", manager = std::string(test::kManagerPin) + "\n";
  type("in 1\n" + cashier + shop.code() + "\n30\n\n");
  const std::string receipt = std::to_string(shop.history->past().back().seq);
  EXPECT_THAT(type("in 1\n" + cashier + "void " + receipt + " 1\n" + cashier), HasSubstr("This needs a manager's PIN"));
  EXPECT_EQ(shop.till(), 30);
  const std::string voided = type("x\nvoid " + receipt + " 2\n" + manager + "void " + receipt + " 2\nlast\n");
  EXPECT_THAT(voided, testing::AllOf(HasSubstr("X REPORT 1"), HasSubstr("DONE: voided, all 30 points went back"),
                                     HasSubstr("that sale was cancelled"), HasSubstr(", voided")));
  EXPECT_EQ(shop.till(), 0);
  EXPECT_THAT(type("z\nn\n"), HasSubstr("Nothing was done"));
  const std::string closed = type("z\n\n\nreceipt\n");
  EXPECT_THAT(closed, testing::AllOf(HasSubstr("Close the shift?"), HasSubstr("DONE: Z report 1 stands in the ledger"),
                                     HasSubstr("Z REPORT 1")));
  EXPECT_EQ(shop.history->z_number(), 1) << "a second Enter closes no second shift";
}

TEST_F(ConsoleTest, ALineThatIsTooLongIsNoCommand) {
  EXPECT_THAT(
      type(std::string(5000, 'x') + "\nhelp\n"),
      testing::AllOf(HasSubstr("too long"), HasSubstr("scan → points"), Not(HasSubstr("Not understood"))));
}

TEST_F(ConsoleTest, AWedgeScannerOnAPseudoTerminal) {
  int keyboard = -1, till = -1;
  ASSERT_EQ(::openpty(&keyboard, &till, nullptr, nullptr, nullptr), 0);
  // The scanner's keys come all at once, a person's one after the other. Behind the code stands what its maker would like to be the
  // cashier's: fewer points, and a yes.
  std::thread counter([&] {
    for (const std::string& typed : {shop.code() + "\r\n1\r\r", std::string("30\r"), std::string("\r"), std::string("quit\r")}) {
      EXPECT_EQ(::write(keyboard, typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
      std::this_thread::sleep_for(std::chrono::milliseconds(600));
    }
  });
  Console::Parts parts{*shop.counter, *shop.history, screen, *shop.attendance, *shop.shelf, receipts, till};
  parts.by_hand = true;
  Console console(std::move(parts));
  EXPECT_TRUE(console.run({}).value());
  counter.join();
  EXPECT_THAT(out.str(), testing::AllOf(HasSubstr("Not understood"), HasSubstr("DONE: 30 points")));
  ::close(keyboard);
  ::close(till);
}

TEST_F(ConsoleTest, AScannerOnAKeyboardWithCapsLock) {
  std::string code = shop.code();
  for (char& c : code) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  EXPECT_THAT(type(code + "\r30\r\rquit\r"), HasSubstr("DONE: 30 points"));
}

}  // namespace
}  // namespace dfb::terminal
