// What a shop's X and Z reports and its statements add up to: each way to sell, to give back and to be paid.
#include "tests/unit/audit/shop_month.h"

namespace dfb::audit {
namespace {

using namespace test;

const ShopMonth& month() {
  static const ShopMonth month;
  return month;
}

TEST(AuditTotals, WhatAddsUpIsSound) {
  const Report report = audit_town(month().t);
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.figures.settled.points, 125 + 7 + 11);
}

TEST(AuditTotals, AFindingNamesWhatDiffersAndEndsNothing) {
  ShopMonth changed;
  changed.report(changed.p.shop, 2, 90, 0, 0);
  const std::int64_t wrong = changed.t.size() - 1;
  changed.report(changed.p.shop, 0, 0, 0, 0);
  changed.report(changed.p.other_shop, 0, 0, 1, 4);
  const Report report = audit_town(changed.t);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(report.replayed, changed.t.size());
  const std::string shop = to_string(changed.p.shop.account), other = to_string(changed.p.other_shop.account);
  EXPECT_EQ(lines(report), "entry " + std::to_string(wrong) + ": totals zreport of account " + shop +
                               ": expected count 0, total 0, found count 2, total 90\n" + "entry " +
                               std::to_string(wrong + 2) + ": totals zreport of account " + other +
                               ": expected refunds 0, refunded 0, found refunds 1, refunded 4\n");
}

// A reading is compared as a Z report is, and what it says wrongly changes nothing for the reports after it.
TEST(AuditTotals, AWrongReadingIsNamedAndTheShiftRunsOn) {
  ShopMonth changed;
  auto& p = changed.p;
  changed.send(p.redeem_confirmed(p.resident, 5, p.now_us + kMinuteUs));
  const std::int64_t wrong = changed.reading(p.shop, 2, 17, 0, 0);
  changed.reading(p.shop, 1, 5, 0, 0);
  changed.report(p.shop, 1, 5, 0, 0);
  const std::int64_t late = changed.reading(p.shop, 1, 5, 0, 0);
  const Report report = audit_town(changed.t);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  const std::string shop = to_string(p.shop.account);
  EXPECT_EQ(lines(report), "entry " + std::to_string(wrong) + ": totals xreport of account " + shop +
                               ": expected count 1, total 5, found count 2, total 17\n" + "entry " +
                               std::to_string(late) + ": totals xreport of account " + shop +
                               ": expected count 0, total 0, found count 1, total 5\n");
}

TEST(AuditTotals, GoOnFromAnEarlierAudit) {
  for (const std::int64_t cut :
       {month().first_reading, month().first_reading + 1, month().second_report - 3, month().second_report, month().first_statement, month().last_statement}) {
    TempFolder folder;
    Task task = plain_task();
    task.state_file = folder.path("state");
    AuditedTown before = month().t;
    before.entries.resize(static_cast<std::size_t>(cut));
    ASSERT_EQ(audit_town(before, task).verdict, Verdict::sound);
    const Report resumed = audit_town(month().t, task);
    EXPECT_EQ(resumed.resumed, cut);
    EXPECT_EQ(resumed.verdict, Verdict::sound) << cut << "\n" << lines(resumed);
  }
}

}  // namespace
}  // namespace dfb::audit
