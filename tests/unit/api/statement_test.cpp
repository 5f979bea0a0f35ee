// A statement's lines: for each kind of entry, what its holder reads and what it did to the balance.
#include "api/programme/statement.h"

#include <gmock/gmock.h>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using programme::StatementLine;

class Statement : public ApiTown {
 protected:
  void SetUp() override {
    const auto put = [](sql::Connection& sql, std::string kind, std::string id, std::string zh,
                        std::string en) {
      programme::put_label(sql, {std::move(kind), std::move(id), std::move(zh), std::move(en), "", ""});
    };
    const std::string id = to_string(shop);
    ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
      put(sql, "shop", id, "丽景粮油店", "Lijing grain and oil");
      put(sql, "task", "patrol-evening", "晚间巡逻", "Evening patrol");
      put(sql, "rule", "help", "帮扶", "Help");
      return ok();
    }));
  }
  void enter(const SignedLine& line) {
    const auto answer = town.run(line);
    ASSERT_TRUE(answer) << to_string(answer.error());
  }
  StatementLine newest(book::AccountId id) {
    const auto view = store->snapshot();
    const auto lines =
        programme::statement(*view, view->get<book::Account>({id}).value(), std::int64_t{1} << 53, 1);
    return lines.at(0);
  }
  void expect_line(book::AccountId id, const std::string& what, std::int64_t points, const std::string& zh,
                   const std::string& en) {
    const StatementLine line = newest(id);
    EXPECT_EQ(line.op + "/" + line.kind, what);
    EXPECT_EQ(line.points, points) << what;
    EXPECT_EQ(line.reason_zh, zh) << what;
    EXPECT_EQ(line.reason_en, en) << what;
    EXPECT_EQ(line.refused, "") << what;
  }
  // Points only move as the statement says: its lines add up to the balance.
  void expect_sum(book::AccountId id) {
    const auto view = store->snapshot();
    const auto account = view->get<book::Account>({id}).value();
    std::int64_t sum = 0;
    for (const auto& line : programme::statement(*view, account, std::int64_t{1} << 53, 10'000))
      sum += line.points;
    EXPECT_EQ(sum, account.balance.value) << to_string(id);
  }
  void wait(TimeUs us) {
    town.clock.advance(us);
    town.town.now_us += us;
  }

  test::Town& people = town.town;
  const book::AccountId resident = people.resident.account, shop = people.shop.account,
                        budget = people.budget;
};

TEST_F(Statement, SaysWhatEachKindDid) {
  expect_line(resident, "authority/open", 0, "开户", "Account opened");
  enter(people.mint(100));
  expect_line(budget, "transfer/mint", 100, "发行预算", "Budget issued");
  enter(people.hand_in(40));
  expect_line(budget, "transfer/return", -40, "left over", "left over");

  enter(people.check_in(people.resident));
  expect_line(resident, "record/checkin", 50, "晚间巡逻", "Evening patrol");
  expect_line(budget, "record/checkin", -50, "晚间巡逻", "Evening patrol");
  enter(people.award(people.resident, 30));
  expect_line(resident, "transfer/award", 30, "帮扶", "Help");
  expect_line(budget, "transfer/award", -30, "帮扶", "Help");

  const auto sale = people.redeem(people.resident, 20);
  enter(sale);
  expect_line(resident, "transfer/redeem", -20, "在 丽景粮油店", "Spent at Lijing grain and oil");
  expect_line(shop, "transfer/redeem", 20, "顾客兑换", "Redeemed by a customer");
  enter(people.refund(sale.id, people.resident, 5));
  expect_line(resident, "transfer/refund", 5, "退回：丽景粮油店", "Refund: Lijing grain and oil");
  expect_line(shop, "transfer/refund", -5, "退回给顾客", "Refunded to a customer");
  enter(people.cancel(sale.id));
  expect_line(resident, "cancel/", 15, "撤销兑换", "Sale cancelled");
  expect_line(shop, "cancel/", -15, "撤销兑换", "Sale cancelled");
  for (const auto account : {resident, shop, budget}) expect_sum(account);
}

TEST_F(Statement, ARefusedSaleMovesNothingAndSaysWhy) {
  enter(people.check_in(people.resident));
  enter(people.redeem(people.resident, 60));
  const StatementLine line = newest(resident);
  EXPECT_EQ(line.refused, "insufficient_points");
  EXPECT_EQ(line.points, 0);
  expect_sum(resident);
}

TEST_F(Statement, HoldsSayWhatBecameOfThem) {
  enter(people.check_in(people.resident));
  const auto hold = people.reserve(people.resident, 20, people.now_us + kHourUs);
  enter(hold);
  expect_line(resident, "hold/reserve", 0, "预留：丽景粮油店", "Reserved at Lijing grain and oil");
  enter(people.sign(book::Resolve{hold.id, true, shop, {15}, ""}, {&people.shop.key}));
  expect_line(resident, "resolve/capture", -15, "取货：丽景粮油店", "Picked up at Lijing grain and oil");
  expect_line(shop, "resolve/capture", 15, "顾客取货", "Picked up by a customer");
  const auto second = people.reserve(people.resident, 20, people.now_us + kHourUs);
  enter(second);
  enter(people.cancel(second.id, people.resident));
  expect_line(resident, "cancel/", 0, "取消预留", "Reservation cancelled");
  enter(people.allowance(people.resident, 20, people.now_us + kHourUs));
  expect_line(resident, "hold/allowance", 0, "离线额度", "Offline allowance");
  const std::int64_t award = store->snapshot()->size();
  enter(people.award(people.resident, 30));
  enter(people.sign(book::Reverse{award, "twice"}, {&people.admin_a.key}));
  expect_line(resident, "reverse/", -30, "奖励更正", "Award taken back");
  expect_line(budget, "reverse/", 30, "奖励更正", "Award taken back");
  expect_sum(resident);
  expect_sum(shop);
}

TEST_F(Statement, WhatComesBackToAClosedAccountIsNotItsOwn) {
  enter(people.check_in(people.resident));
  const auto sale = people.redeem(people.resident, 20);
  enter(sale);
  wait(10 * kSecondUs);
  const auto second = people.redeem(people.resident, 30);
  enter(second);
  enter(
      people.sign(book::SetState{resident, book::AccountState::closed, "moved away"}, {&people.officer.key}));
  expect_line(resident, "authority/state", 0, "账户状态变更", "Account state changed");
  enter(people.refund(sale.id, people.resident, 20));
  expect_line(resident, "transfer/refund", 0, "退回：丽景粮油店", "Refund: Lijing grain and oil");
  expect_line(shop, "transfer/refund", -20, "退回给顾客", "Refunded to a customer");
  enter(people.cancel(second.id));
  expect_line(resident, "cancel/", 0, "撤销兑换", "Sale cancelled");
  expect_line(shop, "cancel/", -30, "撤销兑换", "Sale cancelled");
  expect_sum(resident);
  expect_sum(shop);
}

TEST_F(Statement, KeysLevelsAndRolesAreLinesWithoutPoints) {
  enter(people.sign(book::SetLevel{people.newcomer.account, book::Level::verified}, {&people.officer.key}));
  expect_line(people.newcomer.account, "authority/level", 0, "已当面核实", "Verified in person");
  const auto phone = PrivateKey::generate(Algorithm::p256);
  enter(people.sign(book::AddKey{resident, book::KeyUse::device, phone.public_key().spki(), 0},
                    {&people.resident.key, &phone}));
  expect_line(resident, "authority/key", 0, "新增设备", "Device added");
  enter(people.sign(book::RevokeKey{phone.public_key().id(), "lost"}, {&people.resident.key}));
  expect_line(resident, "authority/revoke", 0, "停用设备", "Device revoked");
  enter(people.sign(book::Move{resident, "/lijing/04", "H9"}, {&people.officer.key}));
  expect_line(resident, "authority/move", 0, "迁移网格", "Moved to another grid");
  enter(people.sign(book::GrantRole{resident, book::Role::reviewer, "/lijing", town.clock.now_us(), 0},
                    {&people.admin_a.key, &people.admin_b.key}));
  expect_line(resident, "authority/role", 0, "任命", "Role granted");
}

TEST_F(Statement, OnlyOpenTasksAreLookedAt) {
  ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
    for (const char* id : {"visit", "never-published"})
      programme::put_label(sql, {"task", id, "任务", "Task", "", ""});
    return ok();
  }));
  const auto view = store->snapshot();
  const auto open_at = [&](TimeUs now_us) {
    std::vector<std::string> ids;
    for (const auto& label : programme::labels_of_open_tasks(view->sql(), now_us)) ids.push_back(label.id);
    return ids;
  };
  const TimeUs closes_us = view->get<book::TaskRow>({"visit"})->data.closes_us;
  EXPECT_THAT(open_at(closes_us - 1), ::testing::ElementsAre("patrol-evening", "visit"));
  EXPECT_THAT(open_at(closes_us), ::testing::IsEmpty());
  std::string plan;
  for (const auto& row :
       view->sql().run("EXPLAIN QUERY PLAN SELECT task FROM task WHERE closes_us > ?1", {closes_us}))
    plan += row.text(3);
  EXPECT_THAT(plan, ::testing::HasSubstr("task_closes")) << "closed ones are not read";
}

}  // namespace
}  // namespace dfb::routes
