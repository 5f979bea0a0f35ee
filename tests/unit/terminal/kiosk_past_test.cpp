// What lies behind: the list of sales, refunds from it and by a scanned receipt, receipts shown and printed again.
#include "terminal/scan/receipt_code.h"
#include "tests/support/paper.h"
#include "tests/unit/terminal/kiosk_desk.h"

namespace dfb::terminal::kiosk {
namespace {

TEST_F(DeskTest, ARefundFromTheListAndTheDaysSum) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 200});
  js::object done = see("result");
  const std::string receipt = std::to_string(number(done, "/sale/seq"));
  touch(ShowPast{});
  js::object list = see("past");
  EXPECT_EQ(list["past"].as_array().size(), 1U);
  EXPECT_EQ(number(list, "/today/sales"), 1);
  EXPECT_EQ(number(list, "/today/points"), 30);
  EXPECT_EQ(number(list, "/today/cash_fen"), 200);
  touch(Find{receipt});
  js::object picked = see("refund");
  EXPECT_EQ(number(picked, "/refund/left"), 30);
  EXPECT_EQ(number(picked, "/draft/points"), 30) << "all of it, unless somebody types less";
  const Uuid sale = parse_uuid(text(picked, "/refund/sale/id")).value();
  touch(GiveBack{sale, {10}});
  touch(GiveBack{sale, {10}});  // a second finger
  js::object back = see("result");
  EXPECT_EQ(text(back, "/sale/kind"), "refund");
  EXPECT_EQ(text(back, "/sale/phase"), "done");
  touch(Find{receipt});
  EXPECT_EQ(number(see("refund"), "/refund/left"), 20);
  touch(Back{});
  js::object sums = see("past");
  EXPECT_EQ(number(sums, "/today/refunds"), 1);
  EXPECT_EQ(number(sums, "/today/points_back"), 10);
  touch(Find{"99999"});
  noted("no_such_sale");
  stop();
  EXPECT_EQ(shop.till(), 20);
}

TEST_F(DeskTest, ARefundGivesCashBackUpToWhatTheSaleTook) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  const Uuid sale = id_of(waits);
  touch(Pay{sale, {30}, 1250});
  see("result");
  touch(Find{to_string(sale)});
  js::object picked = see("refund");
  EXPECT_EQ(number(picked, "/refund/cash_left_fen"), 1250);
  EXPECT_EQ(number(picked, "/draft/cash_fen"), 0) << "the cashier says how much";
  touch(GiveBack{sale, {10}, "", 1251});
  noted("more_cash_than_taken");
  EXPECT_EQ(now().at("screen"), "refund");
  touch(GiveBack{sale, {10}, "", 1000});
  js::object back = see("result");
  EXPECT_EQ(text(back, "/sale/kind"), "refund");
  EXPECT_EQ(number(back, "/sale/cash_fen"), 1000);
  touch(Find{to_string(sale)});
  EXPECT_EQ(number(see("refund"), "/refund/cash_left_fen"), 250);
  touch(Back{});
  EXPECT_EQ(number(see("past"), "/today/cash_fen"), 250);
  stop();
  EXPECT_EQ(shop.history->shift_totals().cash_fen, 250);
  EXPECT_EQ(shop.till(), 20);
}

TEST_F(DeskTest, AScannedReceiptStartsTheRefundOfThatSale) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  const Uuid sale = id_of(waits);
  touch(Scan{receipt_url("https://bq.example", {3, shop.setup.shop})});
  EXPECT_EQ(settled_view().at("screen"), "customer") << "a receipt lets nobody go";
  touch(Pay{sale, {30}, 0});
  js::object done = see("result");
  const std::string code = text(done, "/receipt/qr_text");
  EXPECT_EQ(parse_receipt_url(code).value(), (ReceiptCode{number(done, "/sale/seq"), shop.setup.shop}));
  touch(Scan{code});
  js::object picked = see("refund");
  EXPECT_EQ(text(picked, "/refund/sale/id"), to_string(sale));
  EXPECT_EQ(text(picked, "/draft/memo"), refund_reasons().front().memo);
  EXPECT_EQ(js::value(picked).at_pointer("/refund/reasons").as_array().size(), refund_reasons().size());
  touch(Draft{sale, {10}, 0, "other"});
  EXPECT_EQ(text(settled_view(), "/draft/memo"), "other");
  touch(GiveBack{sale, {10}, "goods damaged"});
  js::object back = see("result");
  EXPECT_EQ(text(back, "/sale/kind"), "refund");
  touch(Scan{receipt_url("https://bq.example", {number(done, "/sale/seq"), book::AccountId{7}})});
  settled_view();
  touch(Next{id_of(back)});
  see("scan");
  stop();
  EXPECT_EQ(shop.history->past().back().memo, "goods damaged");
  EXPECT_EQ(shop.till(), 20);
}

TEST_F(DeskTest, AReceiptOfAnotherShopIsNamed) {
  start();
  touch(Scan{receipt_url("https://bq.example", {3, book::AccountId{7}})});
  noted("receipt_of_other");
  EXPECT_EQ(now().at("screen"), "scan");
}

TEST_F(DeskTest, ReceiptsOfThePastAreShownAndPrintedAndThePrintersStateToo) {
  dfb::test::TcpPrinter printer(dfb::test::TcpPrinter::Manner::prints);
  queue = std::make_unique<PrintQueue>(parse_printer(printer.address()).value());
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  const Uuid sale = id_of(waits);
  touch(Print{sale});  // nothing to print yet
  touch(Pay{sale, {30}, 0});
  see("result");
  touch(ShowPast{});
  see("past");
  touch(ShowReceipt{sale});
  js::object shown = see("receipt");
  EXPECT_EQ(text(shown, "/receipt/zh/2/text"), std::string(22, ' ') + "补打");
  touch(Print{sale});
  const dfb::test::Paper paper = dfb::test::print(printer.jobs(1).front());
  EXPECT_EQ(paper.trouble, "");
  ASSERT_EQ(paper.lines.size() + 1, js::value(shown).at_pointer("/receipt/zh").as_array().size());
  for (std::size_t i = 0, at = 0; i < paper.lines.size(); ++i, ++at) {
    if (js::value(shown).at_pointer("/receipt/zh/" + std::to_string(at) + "/qr").as_bool()) ++at;
    EXPECT_EQ(paper.lines[i].text, text(shown, "/receipt/zh/" + std::to_string(at) + "/text"));
  }
  EXPECT_EQ(paper.codes.at(0).text, text(shown, "/receipt/qr_text"));
  printer.set(dfb::test::TcpPrinter::Manner::no_paper);
  touch(Print{sale});
  EXPECT_TRUE(comes([&] { return text(now(), "/printer/state") == "no_paper"; }));
  touch(Back{});
  see("past");
}

}  // namespace
}  // namespace dfb::terminal::kiosk
