// People at the page: signing in and out, locks, voids, reports of the shift, what wants a manager.
#include "ledger/book/offline_code.h"
#include "tests/unit/terminal/kiosk_desk.h"

namespace dfb::terminal::kiosk {
namespace {

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
};

TEST_F(ShiftDesk, NobodySellsBeforeSomebodySignsIn) {
  open();
  EXPECT_EQ(now()["people"].at("staff").as_array().size(), 2U);
  touch(Scan{shop.code()});
  touch(ShowPast{});
  touch(ShowShift{});
  touch(SignIn{"s-01", "000001"});
  noted("pin_wrong");
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
  noted("staff_locked");
  EXPECT_TRUE(now()["people"].at("staff").at(0).at("locked").as_bool());
  touch(Unlock{"s-01", "s-01", test::kCashierPin});
  noted("no_manager");
  touch(Unlock{"s-01", "s-02", test::kManagerPin});
  noted("lock_opened");
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
  ASSERT_TRUE(comes([&] { return now()["people"].at("shut").as_bool(); }));
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
  noted("no_manager");
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
  noted("pin_not_checked");
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
    noted("pin_first");
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
  noted("no_manager");
  EXPECT_TRUE(now()["owner"].at("choices").as_array().empty()) << "nothing is read without the PIN";
  touch(OpenOwner{"s-02", test::kManagerPin});
  touch(ReadOwner{{0, 30'000}});
  ASSERT_TRUE(comes([&] { return now()["owner"].at("ready").as_bool(); }));
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
  noted("unsynced_first");
  EXPECT_EQ(text(now(), "/people/cashier"), "s-01");
  touch(ShowShift{});
  js::object sums = see("shift");
  EXPECT_EQ(number(sums, "/shift/count"), 0);
  touch(ZReport{1});
  noted("unsynced_first");
  const std::int64_t of_z = note_number();
  touch(XReport{1});
  noted("unsynced_first", of_z);
  EXPECT_EQ(now().at("screen"), "shift");
  stop();
  EXPECT_EQ(shop.history->z_number(), 0);
  EXPECT_EQ(shop.history->x_number(), 0);
}

TEST_F(ShiftDesk, WithoutALineNoXReportIsBegunAndTheSumsAreThere) {
  open();
  touch(SignIn{"s-01", test::kCashierPin});
  see("scan");
  sell(30);
  shop.line->lasting = Fault::cut;
  touch(Scan{shop.code()});
  js::object refused = see("result");
  touch(Next{id_of(refused)});
  see("scan");
  touch(ShowShift{});
  js::object sums = see("shift");
  EXPECT_FALSE(sums["line"].at("up").as_bool());
  EXPECT_EQ(number(sums, "/shift/total"), 30);
  touch(XReport{1});
  noted("x_wants_line");
  EXPECT_EQ(now().at("screen"), "shift");
  stop();
  EXPECT_EQ(shop.history->x_number(), 0);
  EXPECT_EQ(shop.history->past().back().kind, Kind::sale) << "nothing was journaled";
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
  EXPECT_EQ(number(sums, "/shift/x_number"), 1);
  touch(XReport{2});  // another page's
  touch(XReport{1});
  touch(XReport{1});  // a second finger
  js::object read = see("result");
  EXPECT_EQ(text(read, "/sale/kind"), "xreport");
  EXPECT_EQ(number(read, "/sale/number"), 1);
  EXPECT_THAT(paper(read, "/receipt/en"), testing::HasSubstr("X REPORT 1"));
  touch(Next{id_of(read)});
  js::object runs_on = see("shift");
  EXPECT_EQ(number(runs_on, "/shift/total"), 30) << "it closed nothing";
  EXPECT_EQ(number(runs_on, "/shift/x_number"), 2);
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
  EXPECT_EQ(shop.history->x_number(), 1);
}

}  // namespace
}  // namespace dfb::terminal::kiosk
