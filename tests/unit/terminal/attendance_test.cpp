// Who stands at the till: PINs that the town checks, locks, restarts, and a journal that knows ids alone.
#include "terminal/attendance.h"

#include <gmock/gmock.h>

#include "terminal/printing/receipts.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using Said = Attendance::Answer::Said;
using test::Fault;
using test::kCashierPin;
using test::kManagerPin;
using test::Shop;
using testing::HasSubstr;
using testing::Not;

class AttendanceTest : public testing::Test {
 protected:
  void open() {
    shop.open();
    (void)shop.attendance->look();
  }
  Said sign_in(const std::string& who, const std::string& pin) {
    return shop.attendance->sign_in(who, pin).value().said;
  }
  Shop shop;
};

TEST_F(AttendanceTest, AShopWithoutPeopleNeedsNoneToSignIn) {
  open();
  EXPECT_FALSE(shop.attendance->is_shut());
  shop.line->lasting = Fault::cut;
  open();
  EXPECT_FALSE(shop.attendance->is_shut()) << "nobody ever signed in here";
}

TEST_F(AttendanceTest, SignsInAndOutAndTheJournalSaysWhoSold) {
  shop.employ();
  open();
  EXPECT_TRUE(shop.attendance->is_shut());
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  EXPECT_FALSE(shop.attendance->is_shut());
  shop.sell(10);
  EXPECT_EQ(shop.history->past().back().staff, "s-01");
  ASSERT_EQ(sign_in("s-02", kManagerPin), Said::right) << "the next one takes over";
  shop.sell(10);
  EXPECT_EQ(shop.history->past().back().staff, "s-02");
  ASSERT_TRUE(shop.attendance->sign_out());
  EXPECT_TRUE(shop.attendance->is_shut());
  EXPECT_EQ(shop.attendance->cashier(), "");
  open();
  EXPECT_EQ(shop.history->past()[0].staff, "s-01");
  EXPECT_EQ(shop.history->past()[1].staff, "s-02");
}

TEST_F(AttendanceTest, WrongPinsLockAndAManagerOpens) {
  shop.employ();
  open();
  for (int left = 4; left > 0; --left) {
    const auto answer = shop.attendance->sign_in("s-01", "000001").value();
    EXPECT_EQ(answer.said, Said::wrong);
    EXPECT_EQ(answer.tries_left, left);
  }
  EXPECT_EQ(sign_in("s-01", "000001"), Said::locked);
  EXPECT_EQ(sign_in("s-01", kCashierPin), Said::locked) << "the right one does not help any more";
  EXPECT_EQ(shop.attendance->find("s-01")->tries_left, 0);
  const auto unlock = [this](const std::string& who, const std::string& by, const std::string& pin) {
    return shop.attendance->unlock(who, by, pin).value().said;
  };
  EXPECT_EQ(unlock("s-01", "s-01", kCashierPin), Said::no_manager);
  EXPECT_EQ(unlock("s-01", "s-02", "000001"), Said::wrong);
  EXPECT_EQ(unlock("s-02", "s-02", kManagerPin), Said::no_manager) << "nobody opens their own";
  EXPECT_EQ(unlock("s-01", "s-02", kManagerPin), Said::right);
  EXPECT_EQ(shop.attendance->find("s-01")->tries_left, 5);
  EXPECT_EQ(sign_in("s-01", kCashierPin), Said::right);
}

TEST_F(AttendanceTest, AManagersWordIsAManagers) {
  shop.employ();
  open();
  EXPECT_EQ(shop.attendance->allow("s-02", kManagerPin).value().said, Said::right);
  EXPECT_EQ(shop.attendance->allow("s-02", kCashierPin).value().said, Said::wrong);
  EXPECT_EQ(shop.attendance->allow("s-01", kCashierPin).value().said, Said::no_manager);
  EXPECT_EQ(shop.attendance->allow("s-09", kManagerPin).value().said, Said::no_manager);
  shop.line->people[1].manager = false;  // since the till asked
  EXPECT_EQ(shop.attendance->allow("s-02", kManagerPin).value().said, Said::no_manager);
}

TEST_F(AttendanceTest, AfterARestartTheTillIsShutAlsoWithoutALine) {
  shop.employ();
  open();
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  shop.line->lasting = Fault::cut;
  open();
  EXPECT_TRUE(shop.attendance->is_shut());
  EXPECT_EQ(shop.attendance->cashier(), "s-01") << "who did not sign out";
  EXPECT_EQ(sign_in("s-01", kCashierPin), Said::no_answer);
  shop.line->lasting = Fault::none;
  EXPECT_EQ(sign_in("s-01", kCashierPin), Said::right);
}

TEST_F(AttendanceTest, WithoutALineWhoSignedInGoesOnUntilTheTownAnswers) {
  shop.employ();
  open();
  EXPECT_FALSE(shop.attendance->can_resume()) << "nobody signed in yet";
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  EXPECT_FALSE(shop.attendance->can_resume()) << "they are there";
  open();
  ASSERT_TRUE(shop.attendance->is_shut());
  EXPECT_FALSE(shop.attendance->resume().value()) << "the town answers, and checks the PIN";
  EXPECT_TRUE(shop.attendance->is_shut());
  const std::size_t before = shop.folder.read("journal").size();
  shop.line->revoked = true;
  open();
  EXPECT_FALSE(shop.attendance->resume().value()) << "that is an answer too";
  shop.line->revoked = false;
  EXPECT_EQ(shop.folder.read("journal").size(), before);
  shop.line->lasting = Fault::cut;
  open();
  ASSERT_TRUE(shop.attendance->resume().value());
  EXPECT_FALSE(shop.attendance->is_shut());
  EXPECT_TRUE(shop.attendance->is_resumed());
  EXPECT_THAT(shop.folder.read("journal"), HasSubstr("resumed"));
  shop.keep_offline(30);
  EXPECT_EQ(shop.history->past().back().staff, "s-01");
  EXPECT_TRUE(shop.history->past().back().no_pin);
  EXPECT_EQ(shop.history->shift_totals().no_pin, 1);
  open();
  EXPECT_TRUE(shop.attendance->is_shut()) << "after each start it is asked for anew";
  ASSERT_TRUE(shop.attendance->resume().value());
  shop.line->lasting = Fault::none;
  ASSERT_TRUE(shop.attendance->look());
  EXPECT_TRUE(shop.attendance->is_shut()) << "the PIN comes before anything else";
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  EXPECT_FALSE(shop.attendance->is_resumed());
  EXPECT_EQ(shop.history->shift_totals().no_pin, 1) << "what was sold so stays marked";
  ShiftReport report;
  report.totals = shop.history->shift_totals();
  const Receipts receipts({{"店", "Shop", shop.setup.shop, "o", "https://x"}, Lang::en, kPaper80mm, QrStyle::native});
  EXPECT_THAT(plain_text(receipts.preview(receipts.report(report, Lang::en))), HasSubstr("Resumed without PIN"));
  EXPECT_THAT(plain_text(receipts.preview(receipts.report(report, Lang::zh))), HasSubstr("未核对密码"));
}

TEST_F(AttendanceTest, NobodyGoesOnWhoLeftOrMayNot) {
  shop.employ();
  open();
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  ASSERT_TRUE(shop.attendance->sign_out());
  shop.line->lasting = Fault::cut;
  open();
  EXPECT_FALSE(shop.attendance->resume().value()) << "who signed out";
  shop.line->lasting = Fault::none;
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  shop.attendance->lock();
  shop.line->people[0].tries_left = 0;
  ASSERT_TRUE(shop.attendance->look());
  shop.line->lasting = Fault::cut;
  EXPECT_FALSE(shop.attendance->resume().value()) << "who is locked out";
  shop.line->lasting = Fault::none;
  shop.line->people.erase(shop.line->people.begin());
  ASSERT_TRUE(shop.attendance->look());
  shop.line->lasting = Fault::cut;
  EXPECT_FALSE(shop.attendance->resume().value()) << "who was taken off the list";
}

TEST_F(AttendanceTest, LockedOrTakenOffTheListNobodyIsThere) {
  shop.employ();
  open();
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  shop.attendance->lock();
  EXPECT_TRUE(shop.attendance->is_shut());
  EXPECT_EQ(shop.attendance->cashier(), "s-01");
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  shop.line->people.erase(shop.line->people.begin());
  ASSERT_TRUE(shop.attendance->look());
  EXPECT_TRUE(shop.attendance->is_shut());
}

TEST_F(AttendanceTest, NoPinIsInTheTillsFiles) {
  shop.employ();
  open();
  (void)sign_in("s-01", kManagerPin);  // a wrong one is somebody's too
  ASSERT_EQ(sign_in("s-01", kCashierPin), Said::right);
  ASSERT_EQ(shop.attendance->allow("s-02", kManagerPin).value().said, Said::right);
  shop.sell(10);
  ASSERT_TRUE(shop.pump(shop.counter->undo(shop.history->past().back(), "s-02")));
  ASSERT_TRUE(shop.attendance->sign_out());
  const std::string journal = shop.folder.read("journal");
  EXPECT_THAT(journal, HasSubstr("s-01"));
  EXPECT_THAT(journal, Not(HasSubstr(kCashierPin)));
  EXPECT_THAT(journal, Not(HasSubstr(kManagerPin)));
  EXPECT_THAT(journal, Not(HasSubstr("李梅"))) << "ids name nobody";
}

}  // namespace
}  // namespace dfb::terminal
