// The till's thread behind the page: touches in, states out, against a town that answers, answers late or
// not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <thread>

#include "ledger/base/encoding.h"
#include "ledger/book/card_number.h"
#include "ledger/book/offline_code.h"
#include "terminal/kiosk/desk.h"
#include "terminal/link/watched_line.h"
#include "terminal/scan/receipt_code.h"
#include "tests/support/paper.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal::kiosk {
namespace {

using test::Fault;
using test::Shop;
namespace js = boost::json;

class DeskTest : public testing::Test {
 protected:
  void SetUp() override { shop.timing.retry_us = 1000; }
  void TearDown() override { stop(); }
  // The till as its program makes it, on a thread of its own.
  void start() {
    shop.open();
    board = std::make_unique<Board>();
    inbox = std::make_unique<Inbox>();
    line = std::make_unique<WatchedLine>(*shop.line);
    shop.counter = std::make_unique<Counter>(Counter::Parts{
        *shop.journal, *shop.history, *line, shop.town.shop.key, shop.setup, shop.vkey, shop.till_clock,
        shop.random, shop.timing, [this](Do what, const Sale& sale) {
          shop.shelf->watch(what, sale);
          desk->show(what, sale);
        }});
    receipts = std::make_unique<Receipts>(Receipts::Parts{
        {"丽景超市", "Lijing Store", shop.setup.shop, shop.setup.origin, "https://bq.example:8443"},
        Lang::zh,
        kPaper80mm,
        QrStyle::native,
        queue.get()});
    owners = std::make_unique<OwnersPage>(
        OwnersPage::Parts{*shop.counter, *shop.history, *line, shop.clock, shop.setup.shop});
    desk = std::make_unique<Desk>(
        Desk::Parts{*shop.counter,
                    *shop.history,
                    *shop.attendance,
                    *shop.shelf,
                    shop.clock,
                    *receipts,
                    *owners,
                    *board,
                    *inbox,
                    {"丽景超市", "Lijing Store", to_string(shop.setup.shop), shop.setup.origin},
                    [this] { return line->is_up(); },
                    look,
                    std::chrono::milliseconds(1),
                    lock_after,
                    folder});
    thread = std::thread([this] { settled = desk->run(shop.history->unfinished()).value(); });
    while (!board->newest(0, std::chrono::milliseconds(100))) {
    }
  }
  void stop() {
    if (!thread.joinable()) return;
    inbox->close();
    thread.join();
  }
  // The first state, from now on, that shows this screen.
  js::object see(const std::string& screen) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (std::int64_t version = 0; std::chrono::steady_clock::now() < until;) {
      const auto newest = board->newest(version, std::chrono::milliseconds(1000));
      if (!newest || newest->version == version) continue;
      version = newest->version;
      auto view = js::parse(newest->json).as_object();
      if (view["screen"] == js::string(screen)) return view;
    }
    ADD_FAILURE() << "no screen " << screen << ", but "
                  << board->newest(0, std::chrono::milliseconds(0))->json;
    return {};
  }
  // After all touches so far were carried out: the last one is a scan that no touch before it answers alike.
  js::object settled_view() {
    const std::int64_t before = note_number();
    touch(Scan{"just text " + std::to_string(before), false});
    return noted("unknown", before);
  }
  // The first state whose note says this, after note number `before`.
  js::object noted(const std::string& what, std::int64_t before = 0) {
    for (int i = 0; i < 4000; ++i) {
      auto view = now();
      if (view.contains("note") && text(view, "/note/what") == what && number(view, "/note/n") > before) return view;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "no note " << what << ", but " << js::serialize(now());
    return {};
  }
  js::object now() { return js::parse(board->newest(0, std::chrono::milliseconds(0))->json).as_object(); }
  std::int64_t note_number() {
    auto view = now();
    return view.contains("note") ? view["note"].at("n").as_int64() : 0;
  }
  void touch(Touch one) { EXPECT_TRUE(inbox->push(std::move(one))); }
  static Uuid id_of(js::object& view) {
    return parse_uuid(std::string(view["sale"].at("id").as_string())).value();
  }
  static std::string text(const js::object& view, std::string_view pointer) {
    const js::value value(view);
    return std::string(value.at_pointer(pointer).as_string());
  }
  static std::int64_t number(const js::object& view, std::string_view pointer) {
    const js::value value(view);
    return value.at_pointer(pointer).as_int64();
  }

  Shop shop;
  std::unique_ptr<WatchedLine> line;
  std::function<void()> look;
  std::chrono::milliseconds lock_after{0};
  std::string folder;  // the till's
  std::unique_ptr<Board> board;
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<PrintQueue> queue;  // a test's own
  std::unique_ptr<Receipts> receipts;
  std::unique_ptr<OwnersPage> owners;
  std::unique_ptr<Desk> desk;
  std::thread thread;
  bool settled = false;
};

TEST_F(DeskTest, ASaleByTwoTouches) {
  start();
  see("scan");
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  EXPECT_EQ(text(waits, "/sale/name"), "王*");
  EXPECT_EQ(number(waits, "/sale/spend_max"), 200);
  const Uuid sale = id_of(waits);
  touch(Draft{sale, {30}, 1250});
  touch(Pay{sale, {30}, 1250});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(number(done, "/sale/points"), 30);
  EXPECT_EQ(number(done, "/sale/cash_fen"), 1250);
  EXPECT_EQ(number(done, "/receipt/columns"), 48);
  EXPECT_EQ(text(done, "/receipt/zh/1/text"), std::string(20, ' ') + "积分消费");
  EXPECT_EQ(text(done, "/receipt/en/0/text"), "      Lijing Store");
  EXPECT_TRUE(js::value(done).at_pointer("/receipt/en/0/large").as_bool());
  EXPECT_THAT(text(done, "/receipt/qr_svg"), testing::HasSubstr("<svg"));
  EXPECT_EQ(text(done, "/printer/state"), "none");
  // A second finger on the same button charges nobody.
  touch(Pay{sale, {30}, 1250});
  touch(Next{sale});
  see("scan");
  stop();
  EXPECT_TRUE(settled);
  EXPECT_EQ(shop.till(), 30);
  EXPECT_EQ(shop.line->posts, 1);
}

TEST_F(DeskTest, AGoodIsSoldByOneButton) {
  shop.stock_up();
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  EXPECT_EQ(text(waits, "/goods/1/name_zh"), "大米");
  EXPECT_EQ(number(waits, "/goods/1/points"), 10);
  EXPECT_EQ(number(waits, "/goods/1/stock"), 8);
  const Uuid sale = id_of(waits);
  touch(Draft{sale, {20}, 0, "", {{"rice", 2}}});
  touch(Pay{sale, {25}, 0, {{"tea", 1}}});
  js::object later = settled_view();
  EXPECT_EQ(later.at("screen"), "customer") << "what is not sold here charges nobody";
  touch(Draft{sale, {20}, 0, "", {{"rice", 2}}});
  later = settled_view();
  EXPECT_EQ(text(later, "/draft/goods/0/good"), "rice");
  EXPECT_EQ(number(later, "/draft/goods/0/count"), 2);
  touch(Pay{sale, {20}, 0, {{"rice", 2}}});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(text(done, "/sale/goods_zh"), "2 × 大米");
  EXPECT_EQ(text(done, "/sale/goods_en"), "2 × Rice");
  EXPECT_EQ(shop.line->left("rice"), 6);
  touch(ShowPast{});
  EXPECT_EQ(text(see("past"), "/past/0/goods_en"), "2 × Rice");
  touch(Back{});
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code()});
  EXPECT_EQ(number(see("customer"), "/goods/1/stock"), 6);
}

TEST_F(DeskTest, AReservationIsHandedOutByOneTouch) {
  shop.stock_up();
  const Uuid hold = shop.reserve(25, {{"rice", 2, 10}, {"soap", 1, 5}}, 500);
  look = [this] { (void)shop.shelf->look(); };
  start();
  while (now()["goods_asked_us"].as_int64() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  touch(Scan{Shop::pickup_code(hold), true});
  js::object waits = see("pickup");
  EXPECT_EQ(text(waits, "/sale/name"), "王*");
  EXPECT_TRUE(waits["sale"].at("pickup").as_bool());
  EXPECT_EQ(number(waits, "/sale/points"), 25);
  EXPECT_EQ(number(waits, "/sale/cash_fen"), 500);
  EXPECT_EQ(text(waits, "/sale/goods_en"), "2 × Rice; 1 × Soap");
  EXPECT_EQ(number(waits, "/sale/until_us"), shop.clock.now_us() + kDayUs);
  EXPECT_TRUE(waits["goods"].as_array().empty()) << "nothing is chosen";
  const Uuid sale = id_of(waits);
  touch(Pay{sale, {24}, 500});
  touch(Pay{sale, {25}, 0});
  js::object later = settled_view();
  EXPECT_EQ(later.at("screen"), "pickup") << "no other points, no other cash";
  EXPECT_EQ(shop.line->posts, 0);
  touch(Pay{sale, {25}, 500});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(text(done, "/receipt/zh/1/text"), std::string(20, ' ') + "预留取货");
  touch(Pay{sale, {25}, 500});
  touch(ShowPast{});
  js::object list = see("past");
  EXPECT_TRUE(list["past"].at(0).at("pickup").as_bool());
  EXPECT_EQ(number(list, "/today/cash_fen"), 500);
  touch(Back{});
  see("scan");
  touch(Scan{Shop::pickup_code(hold), true});
  js::object refused = see("result");
  EXPECT_EQ(text(refused, "/sale/why"), "hold_resolved");
  EXPECT_THAT(text(refused, "/sale/why_zh"), testing::HasSubstr("已经取过货"));
  EXPECT_THAT(text(refused, "/sale/why_en"), testing::HasSubstr("picked up already"));
  stop();
  EXPECT_EQ(shop.till(), 25);
  EXPECT_EQ(shop.line->posts, 1);
}

TEST_F(DeskTest, AReservationThatIsLetGoOrUndoneSaysWhatBecameOfIt) {
  const Uuid hold = shop.reserve(25);
  start();
  touch(Scan{Shop::pickup_code(hold)});
  js::object waits = see("pickup");
  touch(Drop{id_of(waits)});
  EXPECT_EQ(text(see("scan"), "/note/what"), "dropped");
  touch(Scan{Shop::pickup_code(hold)});
  waits = see("pickup");
  shop.line->lasting = Fault::lose_answer;
  touch(Pay{id_of(waits), {25}, 0});
  see("unknown");
  shop.clock.advance(kMinuteUs);
  while (shop.line->posts < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the cancel
  shop.line->lasting = Fault::none;
  js::object undone = see("result");
  EXPECT_EQ(text(undone, "/sale/phase"), "cancelled");
  EXPECT_THAT(text(undone, "/sale/why_zh"), testing::HasSubstr("预留也结束了"));
  stop();
  EXPECT_EQ(shop.customer(), 100);
}

TEST(TouchOfGoods, ParsedOrRefused) {
  const auto pay = [](const std::string& goods) {
    return parse_touch(R"({"touch":"pay","sale":"0192f0c1-2b3c-7def-8123-456789abcdef","points":30,"goods":)" +
                       goods + "}");
  };
  const auto two = pay(R"([{"good":"rice","count":2},{"good":"soap","count":1}])");
  ASSERT_TRUE(two);
  EXPECT_EQ(std::get<Pay>(*two).goods, (std::vector<book::GoodsLine>{{"rice", 2}, {"soap", 1}}));
  EXPECT_TRUE(std::get<Pay>(pay("[]").value()).goods.empty());
  for (const char* bad : {"{}", "[1]", R"([{"good":"rice"}])", R"([{"good":"rice","count":0}])",
                          R"([{"good":"Rice","count":1}])", R"([{"good":"rice","count":1,"x":1}])",
                          R"([{"good":"rice","count":1},{"good":"rice","count":1}])"})
    EXPECT_EQ(pay(bad).error().code, Code::malformed) << bad;
}

TEST_F(DeskTest, ADraftIsStateOfTheTill) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  touch(Draft{id_of(waits), {42}, 5});
  const js::object later = settled_view();
  EXPECT_EQ(later.at("screen"), "customer") << "what is no pay code leaves the customer waiting";
  EXPECT_EQ(number(later, "/draft/points"), 42);
  EXPECT_EQ(number(later, "/draft/cash_fen"), 5);
  EXPECT_EQ(text(later, "/note/what"), "unknown");
}

TEST_F(DeskTest, TouchesAboutAnotherSaleDoNothing) {
  start();
  touch(Scan{shop.code()});
  js::object first = see("customer");
  const Uuid old = id_of(first);
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code()});
  touch(Pay{old, {30}, 0});
  touch(Drop{old});
  touch(Next{old});
  touch(GiveBack{old, {30}});
  js::object second = settled_view();
  EXPECT_EQ(second.at("screen"), "customer");
  EXPECT_NE(id_of(second), old);
  touch(Drop{id_of(second)});
  EXPECT_EQ(text(see("scan"), "/note/what"), "dropped");
  stop();
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(DeskTest, MoreThanTheCodePaysIsConfirmedOnThePhone) {
  shop.line->asked_before_word = 3;
  start();
  touch(Scan{shop.code(20)});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  const js::object asked = see("confirming");
  EXPECT_EQ(number(asked, "/sale/points"), 30);
  EXPECT_GT(number(asked, "/sale/asked_us"), 0);
  EXPECT_EQ(text(see("result"), "/sale/phase"), "done");
  stop();
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, ACustomerWhoThinksItOverIsLetGo) {
  shop.line->says = CustomersWord::Said::nothing;
  start();
  touch(Scan{shop.code(20)});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  see("confirming");
  touch(Drop{id_of(waits)});
  EXPECT_EQ(text(see("scan"), "/note/what"), "dropped");
  stop();
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(DeskTest, ACardWantsItsPinAndTheStateShowsNone) {
  shop.line->take(shop.town.issue(shop.town.resident, shop.line->card));
  shop.clock.advance(24 * kHourUs);
  start();
  touch(Scan{book::card_digits(shop.line->card)});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {51}, 0});
  noted("more_than_allowed");
  touch(Pay{id_of(waits), {30}, 0});
  see("pin");
  touch(Pin{id_of(waits), "314159"});
  js::object again = see("pin");
  for (int i = 0; i < 400 && !again.at("sale").as_object().contains("why"); ++i) again = see("pin");
  touch(Pin{id_of(waits), "271828"});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(js::serialize(done).find("271828"), std::string::npos);
  stop();
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, ARefusalSaysWhyInBothLanguages) {
  start();
  const std::string code = shop.code();
  touch(Scan{code});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  see("result");
  touch(Scan{code});
  js::object again = see("customer");
  touch(Pay{id_of(again), {30}, 0});
  js::object refused = see("result");
  EXPECT_EQ(text(refused, "/sale/phase"), "refused");
  EXPECT_EQ(text(refused, "/sale/why"), "code_used");
  EXPECT_THAT(text(refused, "/sale/why_zh"), testing::HasSubstr("已经用过"));
  EXPECT_THAT(text(refused, "/sale/why_en"), testing::HasSubstr("used already"));
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, TheCameraDoesNotScanWhileACustomerOrAResultWaits) {
  start();
  touch(Scan{shop.code(), true});
  js::object waits = see("customer");
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code(), true});
  js::object same = settled_view();
  EXPECT_EQ(id_of(same), id_of(waits));
  touch(Pay{id_of(waits), {30}, 0});
  see("result");
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code(), true});
  EXPECT_EQ(settled_view().at("screen"), "result");
}

TEST_F(DeskTest, EveryWrongCodeIsNamed) {
  start();
  const std::pair<std::string, std::string> cases[] = {
      {std::string(135, 'A'), "site_code"},
      {"https://bq.example/#site=" + std::string(135, 'A'), "site_code"},
      {"https://bq.example/#ticket=" + std::string(32, '0'), "ticket"},
      {"0000 1111 2222 3333 4444 5555 6666 777Z", "ticket"},
      {"https://bq.example/#pickup=12345678", "link"},
      {"https://shop.example/", "link"},
      {"c2sp.org/tlog-proof@v1", "receipt"},
      {"6901234567893", "number"},
      {"hello", "unknown"},
  };
  for (const auto& [scanned, what] : cases) {
    const std::int64_t before = note_number();
    touch(Scan{scanned});
    for (int i = 0; i < 2000 && note_number() <= before; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const js::object view = now();
    EXPECT_EQ(text(view, "/note/what"), what) << scanned;
    EXPECT_FALSE(text(view, "/note/zh").empty() || text(view, "/note/en").empty()) << scanned;
    EXPECT_EQ(view.at("screen"), "scan");
  }
  stop();
  EXPECT_TRUE(shop.history->past().empty());
}

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
  for (int i = 0; i < 2000 && note_number() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(text(now(), "/note/what"), "no_such_sale");
  stop();
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
  for (int i = 0; i < 2000 && note_number() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(text(now(), "/note/what"), "receipt_of_other");
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
  const auto state = [&] { return text(now(), "/printer/state"); };
  for (int i = 0; i < 2000 && state() != "no_paper"; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(state(), "no_paper");
  touch(Back{});
  see("past");
}

TEST_F(DeskTest, WhileAResultIsNotKnownNothingElseIsDone) {
  shop.timing.cancel_after_us = 0;  // the clock of the test stands still
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  shop.line->lasting = Fault::lose_answer;
  touch(Pay{id_of(waits), {30}, 0});
  js::object unknown = see("unknown");
  EXPECT_EQ(id_of(unknown), id_of(waits));
  touch(Scan{shop.code()});
  touch(Next{id_of(waits)});
  touch(ShowPast{});
  touch(Drop{id_of(waits)});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(now().at("screen"), "unknown");
  stop();
  EXPECT_FALSE(settled);
  // The next start shows it and settles it before anything else.
  start();
  EXPECT_EQ(id_of(unknown), parse_uuid(text(see("unknown"), "/sale/id")).value());
  stop();
  shop.line->lasting = Fault::none;
  start();
  js::object result = see("result");
  EXPECT_EQ(text(result, "/sale/phase"), "cancelled");
  EXPECT_EQ(text(result, "/sale/effect"), "undone");
  touch(Next{id_of(result)});
  see("scan");
  stop();
  EXPECT_TRUE(settled);
  EXPECT_EQ(shop.till(), 0);
}

TEST_F(DeskTest, WhatComesInWhileTheTownIsAskedDoesNotTakeTheResultAway) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  shop.clock.advance(5 * kSecondUs);
  const std::string next_code = shop.code();
  shop.line->on_post = [&] {
    shop.line->on_post = {};
    touch(ShowPast{});
    touch(Scan{next_code});  // by somebody who thinks that nothing happened
  };
  touch(Pay{id_of(waits), {30}, 0});
  js::object result = noted("scanned_too_early");
  EXPECT_EQ(text(result, "/screen"), "result");
  EXPECT_EQ(id_of(result), id_of(waits));
  touch(Scan{next_code});  // who has seen it may scan on
  js::object next = see("customer");
  EXPECT_NE(id_of(next), id_of(waits));
  stop();
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, ALineThatIsDownAndAClockThatIsOffAreShown) {
  std::atomic<int> looks = 0;
  look = [&] {
    ++looks;
    (void)shop.counter->greet();
  };
  shop.line->clock_ahead_us = 90 * kSecondUs;
  start();
  const auto see_line = [&](bool up) {
    const auto is_shown = [&] { return now().at("line").at("up").as_bool() == up; };
    for (int i = 0; i < 2000 && !is_shown(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_TRUE(is_shown());
  };
  see_line(true);
  js::object first = now();
  EXPECT_TRUE(first["line"].at("clock_off").as_bool());
  EXPECT_NEAR(static_cast<double>(number(first, "/line/clock_ahead_s")), -90, 1);
  EXPECT_EQ(number(first, "/line/log_size"), shop.line->size());
  shop.town.now_us = shop.clock.now_us() + 90 * kSecondUs;
  touch(Scan{shop.town.pay_code(shop.town.resident, 200).text()});
  js::object waits = see("customer");
  const int before = looks;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(looks, before) << "no look while a customer waits, since it may block";
  touch(Drop{id_of(waits)});
  see("scan");
  shop.line->lasting = Fault::cut;
  touch(Scan{shop.town.pay_code(shop.town.resident, 200).text()});
  EXPECT_EQ(text(see("result"), "/sale/why"), "unreachable");
  see_line(false);
}

// A cashier and a manager, as the desk's own look finds them.
class ShiftDesk : public DeskTest {
 protected:
  void open() {
    shop.employ();
    look = [this] {
      (void)shop.counter->greet();
      (void)shop.attendance->look();
    };
    start();
    see("who");
  }
  Uuid sell(std::int64_t points) {
    shop.clock.advance(5 * kSecondUs);
    touch(Scan{shop.code()});
    js::object waits = see("customer");
    const Uuid sale = id_of(waits);
    touch(Pay{sale, {points}, 0});
    see("result");
    touch(Next{sale});
    see("scan");
    return sale;
  }
  static std::string paper(const js::object& view, const char* where) {
    const js::value whole(view);
    std::string lines;
    for (const js::value& line : whole.at_pointer(where).as_array())
      lines += std::string(line.at("text").as_string()) + "\n";
    return lines;
  }
  void see_note(const std::string& what) {
    for (int i = 0; i < 2000 && (!now().contains("note") || now()["note"].is_null() ||
                                 text(now(), "/note/what") != what);
         ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_EQ(text(now(), "/note/what"), what);
  }
};

TEST_F(ShiftDesk, NobodySellsBeforeSomebodySignsIn) {
  open();
  EXPECT_EQ(now()["people"].at("staff").as_array().size(), 2U);
  touch(Scan{shop.code()});
  touch(ShowPast{});
  touch(ShowShift{});
  touch(SignIn{"s-01", "000001"});
  see_note("pin_wrong");
  EXPECT_EQ(now().at("screen"), "who");
  touch(SignIn{"s-01", test::kCashierPin});
  EXPECT_EQ(text(see("scan"), "/people/cashier"), "s-01");
  sell(10);
  touch(Lock{});
  EXPECT_TRUE(see("who")["people"].at("shut").as_bool());
  touch(Scan{shop.code()});
  touch(SignIn{"s-02", test::kManagerPin});
  see("scan");
  touch(SignIn{"s-01", test::kCashierPin});  // nobody asked for it
  touch(SignOut{});
  EXPECT_EQ(text(see("who"), "/people/cashier"), "");
  stop();
  EXPECT_EQ(shop.till(), 10);
  EXPECT_EQ(board->newest(0, std::chrono::milliseconds(0))->json.find(test::kCashierPin), std::string::npos);
}

TEST_F(ShiftDesk, ALockedPersonIsOpenedByAManager) {
  open();
  for (int i = 0; i < 5; ++i) touch(SignIn{"s-01", "000001"});
  see_note("staff_locked");
  EXPECT_TRUE(now()["people"].at("staff").at(0).at("locked").as_bool());
  touch(Unlock{"s-01", "s-01", test::kCashierPin});
  see_note("no_manager");
  touch(Unlock{"s-01", "s-02", test::kManagerPin});
  see_note("lock_opened");
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
}

TEST_F(ShiftDesk, TheTillLocksItselfButNotWithoutALine) {
  lock_after = std::chrono::milliseconds(800);
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  see("who");
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  shop.line->lasting = Fault::cut;
  touch(Scan{shop.code()});
  js::object refused = see("result");
  touch(Next{id_of(refused)});
  see("scan");
  std::this_thread::sleep_for(std::chrono::milliseconds(2000));
  EXPECT_EQ(now().at("screen"), "scan") << "nobody could open it again";
}

TEST_F(ShiftDesk, TheTillLocksItselfAlsoWithAResultOrACustomerOnTheScreen) {
  lock_after = std::chrono::milliseconds(800);
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {10}, 0});
  see("result");
  for (int i = 0; i < 2000 && !now()["people"].at("shut").as_bool(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(now()["people"].at("shut").as_bool());
  EXPECT_EQ(now().at("screen"), "result") << "it is still to be read";
  touch(ShowPast{});
  touch(Next{id_of(waits)});
  see("who");
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code()});
  see("customer");
  EXPECT_EQ(text(see("who"), "/people/cashier"), "s-01") << "the customer has long gone";
  stop();
  EXPECT_EQ(shop.till(), 10);
}

TEST_F(ShiftDesk, AVoidWantsAManagersPin) {
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  const Uuid sale = sell(30);
  touch(Void{sale, "s-02", test::kManagerPin});  // not from that screen
  touch(ShowPast{});
  see("past");
  touch(Find{to_string(sale)});
  EXPECT_TRUE(see("refund")["refund"].at("may_void").as_bool());
  touch(AskVoid{sale});
  see("undo");
  touch(Void{sale, "s-01", test::kCashierPin});
  see_note("no_manager");
  EXPECT_EQ(shop.till(), 30);
  touch(Void{sale, "s-02", test::kManagerPin});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/kind"), "void");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_THAT(paper(done, "/receipt/zh"), testing::HasSubstr("消费作废"));
  touch(ShowPast{});
  js::object list = see("past");
  EXPECT_EQ(number(list, "/today/sales"), 0);
  EXPECT_TRUE(list["past"].at(1).at("undone").as_bool());
  stop();
  EXPECT_EQ(shop.till(), 0);
}

TEST_F(ShiftDesk, WithoutALineTheCashierGoesOnForOfflineCodesAlone) {
  open();
  touch(Resume{});  // there is a line
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  stop();
  shop.line->lasting = Fault::cut;
  open();
  EXPECT_TRUE(see("who")["people"].at("may_resume").as_bool());
  touch(SignIn{"s-01", test::kCashierPin});
  see_note("pin_not_checked");
  touch(Resume{});
  js::object goes_on = see("scan");
  EXPECT_TRUE(goes_on["people"].at("resumed").as_bool());
  EXPECT_EQ(text(goes_on, "/people/cashier"), "s-01");
  const Touch not_theirs[] = {Scan{shop.code()}, Scan{shop.line->handle}, Scan{Shop::pickup_code(shop.town.next_id())},
                                Find{"1"}, ShowShift{}, ZReport{1}, SignOut{}, ShowOwner{}};
  for (const Touch& one : not_theirs) {
    touch(ShowPast{});
    see("past");  // no note
    touch(one);
    see_note("pin_first");
    EXPECT_EQ(now().at("screen"), "past");
    touch(Back{});
    see("scan");
  }
  shop.town.now_us = shop.clock.now_us();
  book::OfflineCode code;
  code.allowance = shop.town.next_id(), code.shop = shop.setup.shop, code.counter = 1, code.points = {5};
  code.at_us = shop.clock.now_us() / book::kPayStepUs * book::kPayStepUs;
  code.account = shop.town.resident.account;
  touch(Scan{book::make_offline_code(shop.town.resident.key, shop.town.origin, code).text()});
  js::object judged = see("result");
  EXPECT_EQ(text(judged, "/sale/why"), "unreachable") << "it came to the counter, which knows no allowances here";
  touch(Next{id_of(judged)});
  see("scan");
  shop.line->lasting = Fault::none;
  touch(ShowSignIn{});
  see("who");
  touch(SignIn{"s-02", test::kManagerPin});
  js::object again = see("scan");
  EXPECT_EQ(text(again, "/people/cashier"), "s-02");
  EXPECT_FALSE(again["people"].at("resumed").as_bool());
  stop();
}

TEST_F(DeskTest, ARevokedTillSaysWhoTellsWhatItSoldWithoutALine) {
  shop.open();
  shop.keep_offline(30);
  look = [this] { (void)shop.counter->greet(); };
  folder = "/var/lib/till";
  start();
  const auto see_revoked = [this](const std::string& part) {
    for (int i = 0; i < 2000 && text(now(), "/offline/revoked_en").find(part) == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return text(now(), "/offline/revoked_en");
  };
  EXPECT_EQ(text(see("scan"), "/offline/revoked_en"), "");
  stop();
  shop.line->revoked = true;
  start();
  EXPECT_EQ(see_revoked("revoked"),
            "This terminal was revoked, and 1 offline sales (30 points) still wait here: keep the folder. Enrol another "
            "terminal of this shop, and run there: defenbao-terminal take-over --from /var/lib/till");
  EXPECT_THAT(text(now(), "/offline/revoked_zh"), testing::HasSubstr("take-over --from /var/lib/till"));
  stop();
}

TEST_F(DeskTest, ARevokedTillWithNothingToTell) {
  look = [this] { (void)shop.counter->greet(); };
  shop.line->revoked = true;
  start();
  for (int i = 0; i < 2000 && text(now(), "/offline/revoked_en").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_THAT(text(now(), "/offline/revoked_en"), testing::HasSubstr("sells nothing more"));
  EXPECT_THAT(text(now(), "/offline/revoked_en"), testing::Not(testing::HasSubstr("take-over")));
  stop();
}

TEST_F(ShiftDesk, TheOwnersReportWantsAManagersPinAndLeavesTheTillFree) {
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  sell(30);
  touch(ReadOwner{});  // not from that screen
  touch(ShowOwner{});
  EXPECT_TRUE(see("owner")["owner"].at("asks_manager").as_bool());
  touch(ReadOwner{{0, 30'000}});
  touch(OpenOwner{"s-01", test::kCashierPin});
  see_note("no_manager");
  EXPECT_TRUE(now()["owner"].at("choices").as_array().empty()) << "nothing is read without the PIN";
  touch(OpenOwner{"s-02", test::kManagerPin});
  touch(ReadOwner{{0, 30'000}});
  for (int i = 0; i < 2000 && !now()["owner"].at("ready").as_bool(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(text(now(), "/owner/all/0/value_en"), "1 x  +30");
  touch(Back{});
  see("shift");
  touch(ShowOwner{});
  EXPECT_TRUE(see("owner")["owner"].at("asks_manager").as_bool()) << "the PIN was for that look alone";
  touch(Scan{shop.code()});
  see("customer");
  stop();
}

TEST_F(ShiftDesk, NobodyLeavesOrClosesWhileTheTownHasNotCounted) {
  shop.open();
  shop.keep_offline(30);
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  touch(ShowSignIn{});
  see("who");
  touch(SignOut{});
  see_note("unsynced_first");
  EXPECT_EQ(text(now(), "/people/cashier"), "s-01");
  touch(ShowShift{});
  js::object sums = see("shift");
  EXPECT_EQ(number(sums, "/shift/count"), 0);
  touch(ZReport{1});
  see_note("unsynced_first");
  touch(XReport{});
  EXPECT_THAT(paper(see("report"), "/report/en"), testing::ContainsRegex("Offline, not counted yet +1 / 30"));
  stop();
  EXPECT_EQ(shop.history->z_number(), 0);
}

TEST_F(ShiftDesk, ReportsOfTheShift) {
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  sell(30);
  touch(ShowShift{});
  js::object sums = see("shift");
  EXPECT_EQ(number(sums, "/shift/number"), 1);
  EXPECT_EQ(number(sums, "/shift/total"), 30);
  touch(XReport{});
  EXPECT_THAT(paper(see("report"), "/report/en"), testing::HasSubstr("X REPORT 1"));
  touch(Back{});
  see("shift");
  touch(ZReport{7});  // another shift's page
  touch(ZReport{1});
  touch(ZReport{1});  // a second finger
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/kind"), "zreport");
  EXPECT_EQ(number(done, "/sale/number"), 1);
  EXPECT_THAT(paper(done, "/receipt/en"), testing::HasSubstr("Z REPORT 1"));
  touch(Next{id_of(done)});
  see("scan");
  stop();
  EXPECT_EQ(shop.history->z_number(), 1);
}

TEST_F(DeskTest, AnotherHistoryIsAnAlarmOnWhateverIsShown) {
  look = [this] { (void)shop.counter->watch_log(); };
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  EXPECT_EQ(text(see("result"), "/line/alarm_zh"), "");
  stop();
  shop.line->rewrite_history();
  start();
  for (int i = 0; i < 2000 && text(now(), "/line/alarm_en").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_THAT(text(now(), "/line/alarm_zh"), testing::HasSubstr("不是同一份历史"));
  EXPECT_THAT(text(now(), "/line/alarm_en"), testing::StartsWith("ALARM: "));
  EXPECT_EQ(now().at("screen"), "scan");
}

TEST_F(DeskTest, WhenTheProgramEndsThePageIsTold) {
  start();
  see("scan");
  stop();
  EXPECT_EQ(see("stopped").at("screen"), "stopped");
}

}  // namespace
}  // namespace dfb::terminal::kiosk
