// What the report counts.
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;
using namespace book;

// A review that is granted, a reservation that is fetched, an offline sale, a loss that is covered.
struct Week {
  AuditedTown town;
  dfb::test::Member reviewer{{kFirstFreeAccount + 9001}, dfb::test::test_key("reviewer")};

  Week() {
    auto& p = town.town;
    p.policy.rules[2].review = Review::all;
    town.found();
    town.send(p.sign(p.open_resident(reviewer, "/lijing/04", "R1", Level::verified),
                     {&p.roots[0], &p.roots[1], &reviewer.key}));
    town.send(p.sign(GrantRole{reviewer.account, Role::reviewer, "/lijing", p.now_us, 0},
                     {&p.roots[0], &p.roots[1]}));
    Record record;
    record.kind = "report", record.subject = "case-1", record.period = "-", record.rule = "report";
    record.account = p.resident.account;
    const auto report = p.sign(record, {&p.resident.key});
    town.send(report);
    town.send(p.sign(Resolve{report.id, true, p.resident.account, {20}, ""}, {&reviewer.key}));
    town.send(p.award(p.resident, 100));
    const auto hold = p.reserve(p.resident, 30, p.now_us + kHourUs);
    town.send(hold);
    town.send(p.sign(Resolve{hold.id, true, p.shop.account, {25}, ""}, {&p.shop.key}));
    const auto allowance = p.allowance(p.resident, 40, p.now_us + kDayUs);
    town.send(allowance);
    town.send(p.redeem_offline(p.resident, allowance.id, 1, 15));
    p.now_us += 10 * kSecondUs;
    town.send(p.redeem(p.resident, 5, p.other_shop));
  }
};

TEST(AuditFigures, EveryWayOfEarningAndSpendingIsCounted) {
  const Week week;
  const Report report = audit_town(week.town);
  ASSERT_EQ(report.verdict, Verdict::sound) << lines(report);
  const Figures& f = report.figures;
  EXPECT_EQ(f.awarded.points, 120);
  EXPECT_EQ(f.by_rule.at("report").points, 20);
  EXPECT_EQ(f.redeemed.points, 45);
  const ShopSales& shop = f.by_shop.at(week.town.town.shop.account);
  EXPECT_EQ(shop.confirmed.points, 25);
  EXPECT_EQ(shop.offline.points, 15);
  EXPECT_EQ(shop.unsigned_.points, 0);
  EXPECT_EQ(f.by_shop.at(week.town.town.other_shop.account).by_code.points, 5);
  EXPECT_EQ(f.by_till.at(week.town.town.shop.key.public_key().id()).offline_run_max, 15);
  EXPECT_EQ(f.by_month.at("2026-11").issued, 120);
  EXPECT_EQ(f.by_month.at("2026-11").redeemed, 45);
  EXPECT_EQ(f.by_grid.at("/lijing/03").issued, 120);
  // What an open allowance holds is owed too.
  EXPECT_EQ(f.liability, (std::map<std::string, std::int64_t>{{"2027-11", 75}}));
  EXPECT_EQ(f.outstanding, 75);
  EXPECT_EQ(f.advisory.at("offline_till_points"), 2000);
}

TEST(AuditFigures, ThoseWhoKeepMeetingAreNamedUnlessTheyLiveTogether) {
  Rings rings;
  const AccountId a{1ULL << 33}, b{2ULL << 33}, c{3ULL << 33}, d{4ULL << 33};
  for (int day = 0; day < 4; ++day) {
    const TimeUs time_us = day * kDayUs;
    rings.met(7, a, time_us);
    rings.met(7, b, time_us + 20 * kSecondUs);
    rings.met(8, c, time_us + 30 * kSecondUs);
    rings.met(7, c, time_us + 2 * kHourUs);
    rings.met(7, d, time_us + 2 * kHourUs);
    if (day < 3) rings.met(7, b, time_us + 2 * kHourUs + 59 * kSecondUs);
  }
  const auto all = rings.rings([](AccountId, AccountId) { return false; });
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].accounts, (std::vector<AccountId>{a, b, c, d}));
  EXPECT_EQ(all[0].meetings, 4 + 4 + 3 + 3);
  const auto apart = rings.rings([&](AccountId x, AccountId y) { return x == b || y == b; });
  ASSERT_EQ(apart.size(), 1U);
  EXPECT_EQ(apart[0].accounts, (std::vector<AccountId>{c, d}));
}

TEST(AuditFigures, ACrowdIsNoRing) {
  Rings rings;
  for (int day = 0; day < 5; ++day)
    for (std::uint64_t who = 0; who < 20; ++who) rings.met(7, {who + 1}, day * kDayUs);
  EXPECT_TRUE(rings.rings([](AccountId, AccountId) { return false; }).empty());
}

}  // namespace
}  // namespace dfb::audit
