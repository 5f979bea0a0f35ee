// Reservations: their goods leave the stock and come back, a till is told what waits and why something does not.
#include "api/programme/reservations.h"

#include "api/programme/goods.h"
#include "api/server/timekeeper.h"
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;
using boost::json::array;
using boost::json::serialize;

class Reservations : public ApiTown {
 protected:
  void SetUp() override {
    ASSERT_TRUE(town.run(people.award(people.resident, 60)));
    ASSERT_TRUE(town.run(people.award(people.sibling, 60)));
    list("rice", 10, 5), list("soap", 3, 1);
    token = sign_in(people.resident.key);
  }
  void list(const std::string& good, std::int64_t points, std::int64_t stock) {
    ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
      programme::put_good(sql, people.shop.account, {good, good + " zh", good + " en", points, stock});
      return ok();
    }));
  }
  std::int64_t stock(const std::string& good) {
    for (const auto& one : programme::goods_of(store->snapshot()->sql(), people.shop.account))
      if (one.id == good) return one.stock;
    return -1;
  }
  SignedLine reserve(std::int64_t points, const std::vector<book::GoodsLine>& goods, std::int64_t cash = 0) {
    Hold hold;
    hold.account = people.resident.account, hold.shop = people.shop.account, hold.points = {points};
    hold.until_us = people.now_us + kHourUs, hold.cash_fen = cash, hold.goods = goods_digest(goods);
    return people.sign(hold, {&people.resident.key});
  }
  static object with(const std::vector<book::GoodsLine>& goods) {
    array lines;
    for (const auto& line : goods) lines.push_back({{"good", line.good}, {"count", line.count}});
    return {{"goods", lines}};
  }
  // Entered, with the goods.
  SignedLine reserved(std::int64_t points, const std::vector<book::GoodsLine>& goods) {
    const auto line = reserve(points, goods);
    const auto answer =
        at_town("POST", "/v1/holds", body_of(line, goods.empty() ? object() : with(goods)), token);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return line;
  }
  http::Response told(const SignedLine& hold) { return told(hold, people.shop); }
  http::Response told(const SignedLine& hold, const test::Member& shop) {
    return at_till(shop, "GET", "/v1/pick-ups/" + to_string(hold.id));
  }
  SignedLine capture(const SignedLine& hold, std::int64_t points) {
    return people.sign(Resolve{hold.id, true, people.shop.account, {points}, ""}, {&people.shop.key});
  }
  http::Response pick_up(const SignedLine& line) { return at_till(people.shop, "POST", "/v1/pick-ups", body_of(line)); }
  http::Response give_back(const SignedLine& hold) {
    const auto release =
        people.sign(Resolve{hold.id, false, people.resident.account, {0}, ""}, {&people.resident.key});
    return at_town("POST", "/v1/resolutions", body_of(release), token);
  }
  array own() { return json(at_town("GET", "/v1/me/reservations", "", token)).at("reservations").as_array(); }
  void wait(TimeUs us) {
    town.clock.advance(us);
    people.now_us += us;
  }

  test::Town& people = town.town;
  std::string token;
};

TEST_F(Reservations, GoodsLeaveTheStockOnceAndAreHandedOut) {
  const auto line = reserve(23, {{"rice", 2}, {"soap", 1}});
  const std::string body = body_of(line, with({{"rice", 2}, {"soap", 1}}));
  ASSERT_EQ(at_town("POST", "/v1/holds", body, token).status, 201);
  EXPECT_EQ(at_town("POST", "/v1/holds", body, token).status, 200) << "the same again";
  EXPECT_EQ(stock("rice"), 3);
  EXPECT_EQ(stock("soap"), 0);

  ASSERT_EQ(own().size(), 1U);
  const object mine = own().at(0).as_object();
  EXPECT_EQ(mine.at("id").as_string(), to_string(line.id));
  EXPECT_EQ(mine.at("points").as_int64(), 23);
  EXPECT_EQ(mine.at("shop").as_string(), to_string(people.shop.account));
  EXPECT_EQ(serialize(mine.at("goods")),
            R"([{"good":"rice","count":2,"points":10,"name_zh":"rice zh","name_en":"rice en"},)"
            R"({"good":"soap","count":1,"points":3,"name_zh":"soap zh","name_en":"soap en"}])");

  list("rice", 12, stock("rice"));  // the price of that moment stands
  const auto waiting = told(line);
  ASSERT_EQ(waiting.status, 200) << waiting.body;
  EXPECT_EQ(json(waiting).at("goods"), mine.at("goods"));
  EXPECT_NE(json(waiting).at("entry").as_string().find(to_string(line.id)), std::string::npos);
  EXPECT_EQ(std::string(json(waiting).at("name").as_string()).find("\""), std::string::npos);

  const auto taken = capture(line, 23);
  ASSERT_EQ(pick_up(taken).status, 201);
  EXPECT_EQ(pick_up(taken).status, 200) << "the same again";
  EXPECT_EQ(town.balance(people.shop.account), 23);
  EXPECT_EQ(stock("rice"), 3) << "they were taken before";
  EXPECT_TRUE(own().empty());
  EXPECT_EQ(code(told(line)), "hold_resolved");
  EXPECT_EQ(code(pick_up(capture(line, 23))), "hold_resolved") << "another till of the shop";

  const auto cancelled = at_till(people.shop, "POST", "/v1/cancels", body_of(people.cancel(taken.id)));
  ASSERT_EQ(cancelled.status, 201) << cancelled.body;
  EXPECT_EQ(stock("rice"), 5);
  EXPECT_EQ(stock("soap"), 1);
  EXPECT_EQ(town.balance(people.resident.account), 60);
  EXPECT_EQ(code(told(line)), "hold_resolved") << "the reservation itself is over";
}

TEST_F(Reservations, WhateverEndsOneOtherwisePutsItsGoodsBackOnce) {
  const struct {
    const char* what;
    std::function<void(const SignedLine&)> end;
    const char* code;
  } cases[] = {
      {"given back on the phone", [&](const SignedLine& hold) { EXPECT_EQ(give_back(hold).status, 201); },
       "target_already_undone"},
      {"cancelled on the phone",
       [&](const SignedLine& hold) {
         const auto cancel = body_of(people.cancel(hold.id, people.resident));
         EXPECT_EQ(at_town("POST", "/v1/me/cancels", cancel, token).status, 201);
       },
       "target_already_undone"},
      {"released by the shop",
       [&](const SignedLine& hold) {
         const Resolve release{hold.id, false, people.resident.account, {0}, "sold out"};
         EXPECT_EQ(pick_up(people.sign(release, {&people.shop.key})).status, 201);
       },
       "target_already_undone"},
      {"run out",
       [&](const SignedLine& hold) {
         wait(kHourUs);
         EXPECT_EQ(code(told(hold)), "hold_expired") << "before the server has released it";
         EXPECT_TRUE(own().empty());
         server::Timekeeper timekeeper({test::kTownOrigin, *store, *town.writer, town.keys, server_keys,
                                        town.clock, [](const std::string&) {}});
         while (stock("rice") != 5) std::this_thread::yield();
       },
       "hold_expired"},
  };
  for (const auto& one : cases) {
    const auto hold = reserved(23, {{"rice", 2}, {"soap", 1}});
    EXPECT_EQ(stock("rice"), 3) << one.what;
    one.end(hold);
    EXPECT_EQ(stock("rice"), 5) << one.what;
    EXPECT_EQ(stock("soap"), 1) << one.what;
    EXPECT_EQ(code(told(hold)), one.code) << one.what;
    EXPECT_EQ(code(give_back(hold)), "hold_resolved") << one.what;
    EXPECT_EQ(stock("rice"), 5) << one.what;
  }
}

TEST_F(Reservations, GoodsThatDoNotFitAreRefusedAndTakeNothing) {
  const struct {
    const char* what;
    std::int64_t points;
    std::vector<book::GoodsLine> named, sent;
    const char* code;
  } cases[] = {
      {"more than is left", 60, {{"rice", 6}}, {{"rice", 6}}, "out_of_stock"},
      {"the second line", 13, {{"rice", 1}, {"tea", 1}}, {{"rice", 1}, {"tea", 1}}, "out_of_stock"},
      {"too cheap", 19, {{"rice", 2}}, {{"rice", 2}}, "amount_wrong"},
      {"too dear", 21, {{"rice", 2}}, {{"rice", 2}}, "amount_wrong"},
      {"other goods than it names", 20, {{"rice", 2}}, {{"rice", 1}}, "malformed"},
      {"goods that it does not list", 20, {{"rice", 2}}, {}, "malformed"},
      {"goods that it does not name", 20, {}, {{"rice", 2}}, "malformed"},
      {"not in their order", 23, {{"soap", 1}, {"rice", 2}}, {{"soap", 1}, {"rice", 2}}, "malformed"},
      {"one good twice", 20, {{"rice", 1}, {"rice", 1}}, {{"rice", 1}, {"rice", 1}}, "malformed"},
  };
  for (const auto& one : cases) {
    const auto line = reserve(one.points, one.named);
    const auto answer =
        at_town("POST", "/v1/holds", body_of(line, one.sent.empty() ? object() : with(one.sent)), token);
    EXPECT_EQ(code(answer), one.code) << one.what;
    EXPECT_EQ(stock("rice"), 5) << one.what;
  }
  EXPECT_TRUE(own().empty());
  const auto too_dear = reserve(70, {{"rice", 7}});
  list("rice", 10, 9);
  EXPECT_EQ(code(at_town("POST", "/v1/holds", body_of(too_dear, with({{"rice", 7}})), token)), "insufficient_points");
  EXPECT_EQ(stock("rice"), 9) << "a refusal that burns the id takes nothing either";
}

TEST_F(Reservations, PointsAloneAreReservedToo) {
  const auto line = reserved(15, {});
  EXPECT_TRUE(own().at(0).at("goods").as_array().empty());
  EXPECT_EQ(told(line).status, 200);
  const auto taken = capture(line, 15);
  EXPECT_EQ(pick_up(taken).status, 201);
  EXPECT_EQ(json(at_till(people.shop, "GET", "/v1/till")).at("last").as_string(), to_string(taken.id))
      << "a till whose journal lacks its last pick-up is an old image";
}

TEST_F(Reservations, OnlyItsShopIsTold) {
  const auto line = reserved(15, {});
  EXPECT_EQ(code(told(line, people.other_shop)), "sale_of_other_shop");
  EXPECT_EQ(code(at_till(people.shop, "GET", "/v1/pick-ups/" + to_string(people.next_id()))), "hold_unknown");
  EXPECT_EQ(code(at_till(people.shop, "GET", "/v1/pick-ups/12345678")), "malformed");
  const auto allowance = people.allowance(people.resident, 20, people.now_us + kHourUs);
  ASSERT_TRUE(town.run(allowance));
  EXPECT_EQ(code(told(allowance)), "hold_unknown") << "an allowance is no reservation";
  EXPECT_EQ(own().size(), 1U);
  EXPECT_TRUE(json(at_town("GET", "/v1/me/reservations", "", sign_in(people.sibling.key))).at("reservations").as_array().empty());
}

TEST_F(Reservations, AFrozenCustomerStillPicksUp) {
  const auto line = reserved(15, {});
  ASSERT_TRUE(town.run(people.sign(SetState{people.resident.account, AccountState::frozen, "lost"}, {&people.officer.key})));
  EXPECT_EQ(told(line).status, 200);
  EXPECT_EQ(pick_up(capture(line, 15)).status, 201);
}

TEST_F(Reservations, EightDigitsStandForOne) {
  const auto line = reserved(15, {});
  const auto body = serialize(object{{"code", to_string(line.id)}});
  EXPECT_EQ(code(at_town("POST", "/v1/me/handles", body, sign_in(people.sibling.key))), "forbidden");
  const auto unknown = serialize(object{{"code", to_string(people.next_id())}});
  EXPECT_EQ(code(at_town("POST", "/v1/me/handles", unknown, token)), "hold_unknown");
  const auto given = at_town("POST", "/v1/me/handles", body, token);
  ASSERT_EQ(given.status, 200) << given.body;
  const auto typed = at_till(people.shop, "POST", "/v1/presentations",
                             serialize(object{{"code", json(given).at("handle")}}));
  ASSERT_EQ(typed.status, 200) << typed.body;
  EXPECT_EQ(json(typed).at("pick_up").as_string(), to_string(line.id));
}

TEST_F(Reservations, ResidentsSeeWhatAnOpenShopSells) {
  const std::string path = "/v1/shops/" + to_string(people.shop.account) + "/goods";
  EXPECT_EQ(json(at_town("GET", path, "", token)).at("goods").as_array().size(), 2U);
  EXPECT_EQ(at_town("POST", path, serialize(object{{"good", "rice"}}), token).status, 403);
  ASSERT_TRUE(town.run(people.sign(SetState{people.shop.account, AccountState::frozen, "audit"}, {&people.admin_a.key})));
  EXPECT_EQ(code(at_town("GET", path, "", token)), "not_found");
  EXPECT_EQ(at_town("GET", path, "", sign_in(people.admin_a.key)).status, 200);
  EXPECT_EQ(code(at_town("GET", "/v1/shops/" + to_string(people.resident.account) + "/goods", "", token)), "not_found");
}

}  // namespace
}  // namespace dfb::routes
