// A shop's people and their PINs; Z reports that the ledger's entries have to agree with.
#include "api/programme/staff.h"

#include <gmock/gmock.h>

#include "api/programme/labels.h"
#include "ledger/book/shift_report.h"
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;
using boost::json::serialize;

class Staff : public ApiTown {
 protected:
  std::string path(const test::Member& shop) { return "/v1/shops/" + to_string(shop.account) + "/staff"; }
  http::Response put(object body, const test::Member& shop) {
    return at_town("POST", path(shop), serialize(std::move(body)), sign_in(town.town.officer.key));
  }
  // The id that the person got. The list is in the order in which they came, so each comes a moment later.
  std::string add(const std::string& name, const std::string& role, const std::string& pin) {
    town.clock.advance(kSecondUs);
    const auto answer = put({{"name", name}, {"role", role}, {"pin", pin}}, town.town.shop);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const object list = json(answer);
    std::string id;
    for (const auto& one : list.at("staff").as_array())
      if (one.at("name") == boost::json::string(name)) id = std::string(one.at("staff").as_string());
    return id;
  }
  http::Response ask(const std::string& staff, const std::string& pin, const std::string& unlock = "",
                     const test::Member* at = nullptr) {
    object body{{"staff", staff}, {"pin", pin}};
    if (!unlock.empty()) body["unlock"] = unlock;
    return at_till(at ? *at : town.town.shop, "POST", "/v1/staff/pin", serialize(body));
  }
  std::string verdict(const http::Response& response) {
    return response.status == 200 ? std::string(json(response).at("verdict").as_string()) : code(response);
  }
};

TEST_F(Staff, AreListedForTheirOwnTillAlone) {
  const std::string li = add("李梅", "cashier", "739158");
  add("王强", "manager", "406271");
  const auto listed = json(at_till(town.town.shop, "GET", "/v1/staff")).at("staff").as_array();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].at("name").as_string(), "李梅");
  EXPECT_EQ(listed[0].at("role").as_string(), "cashier");
  EXPECT_EQ(listed[1].at("role").as_string(), "manager");
  EXPECT_EQ(listed[0].at("tries_left").as_int64(), 5);
  EXPECT_FALSE(listed[0].as_object().contains("pin"));
  EXPECT_TRUE(json(at_till(town.town.other_shop, "GET", "/v1/staff")).at("staff").as_array().empty());
  EXPECT_EQ(verdict(ask(li, "739158")), "right");
  EXPECT_EQ(verdict(ask(li, "739158", "", &town.town.other_shop)), "not_found");
}

TEST_F(Staff, AreKeptByOfficersOfThePlace) {
  const std::string body = serialize(object{{"name", "x"}, {"role", "cashier"}, {"pin", "739158"}});
  EXPECT_EQ(code(at_town("POST", path(town.town.shop), body, sign_in(town.town.resident.key))), "forbidden");
  EXPECT_EQ(code(at_town("GET", path(town.town.resident), "", sign_in(town.town.officer.key))), "not_found");
  struct {
    object body;
  } wrong[] = {{{{"name", ""}, {"role", "cashier"}, {"pin", "739158"}}},
               {{{"name", "x"}, {"role", "owner"}, {"pin", "739158"}}},
               {{{"name", "x"}, {"role", "cashier"}}},
               {{{"name", "x"}, {"role", "cashier"}, {"pin", "123456"}}},
               {{{"name", "x"}, {"role", "cashier"}, {"pin", "7391"}}}};
  for (auto& one : wrong) EXPECT_EQ(code(put(one.body, town.town.shop)), "malformed") << serialize(one.body);
  EXPECT_EQ(code(put({{"staff", "s-nobody"}, {"name", "x"}, {"role", "cashier"}}, town.town.shop)),
            "not_found");
}

TEST_F(Staff, AnOfficerIsOfferedTheShopsOfTheirPlace) {
  const AccountId elsewhere{std::uint64_t{1} << 40};
  ASSERT_TRUE(town.run(town.town.sign(Open{elsewhere, AccountKind::shop, "/hekou", "", Level::none, ""},
                                      {&town.town.admin_a.key})));
  ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
    for (const AccountId shop : {town.town.shop.account, elsewhere})
      programme::put_label(sql, {"shop", to_string(shop), "店", "Shop", "", ""});
    return ok();
  }));
  const auto offered = [&](const test::Member& who, const char* target) {
    return json(at_town("GET", target, "", sign_in(who.key))).at("shops").as_array();
  };
  EXPECT_EQ(offered(town.town.officer, "/v1/shops").size(), 2U);
  EXPECT_EQ(offered(town.town.admin_a, "/v1/shops?mine=1").size(), 2U);
  const auto mine = offered(town.town.officer, "/v1/shops?mine=1");
  ASSERT_EQ(mine.size(), 1U);
  EXPECT_EQ(mine[0].at("account").as_string(), to_string(town.town.shop.account));
  EXPECT_EQ(offered(town.town.resident, "/v1/shops?mine=1").size(), 0U);
}

TEST_F(Staff, FiveWrongPinsLockUntilAManagerOpensOrAnOfficerGivesANewOne) {
  const std::string li = add("李梅", "cashier", "739158"), wang = add("王强", "manager", "406271");
  for (std::int64_t left = 4; left > 0; --left) {
    const auto answer = ask(li, "000001");
    EXPECT_EQ(verdict(answer), "wrong");
    EXPECT_EQ(json(answer).at("tries_left").as_int64(), left);
  }
  EXPECT_EQ(verdict(ask(li, "000001")), "locked");
  EXPECT_EQ(verdict(ask(li, "739158")), "locked") << "the right one is too late";
  EXPECT_EQ(verdict(ask(wang, "000001", li)), "wrong");
  EXPECT_EQ(verdict(ask(li, "739158")), "locked") << "a wrong manager's PIN opens nothing";
  EXPECT_EQ(verdict(ask(wang, "406271", li)), "right");
  EXPECT_EQ(verdict(ask(li, "739158")), "right");
  const std::string zhao = add("赵敏", "cashier", "528017");
  for (int i = 0; i < 5; ++i) ask(zhao, "000001");
  EXPECT_EQ(verdict(ask(li, "739158", zhao)), "forbidden") << "a cashier opens no lock";
  EXPECT_EQ(verdict(ask(zhao, "528017")), "locked");
  ASSERT_EQ(put({{"staff", zhao}, {"name", "赵敏"}, {"role", "cashier"}}, town.town.shop).status, 200);
  EXPECT_EQ(verdict(ask(zhao, "528017")), "locked") << "a corrected name opens no lock";
  ASSERT_EQ(
      put({{"staff", zhao}, {"name", "赵敏"}, {"role", "cashier"}, {"pin", "640392"}}, town.town.shop).status,
      200);
  EXPECT_EQ(verdict(ask(zhao, "528017")), "wrong");
  EXPECT_EQ(verdict(ask(zhao, "640392")), "right");
  EXPECT_EQ(at_town("DELETE", path(town.town.shop) + "/" + zhao, "", sign_in(town.town.officer.key)).status, 204);
  EXPECT_EQ(verdict(ask(zhao, "640392")), "not_found");
}

class Shifts : public ApiTown {
 protected:
  Shifts() { EXPECT_TRUE(town.run(town.town.check_in(town.town.resident))); }
  SignedLine report(std::int64_t number, std::int64_t count, std::int64_t total, std::int64_t refunds,
                    std::int64_t refunded, const test::Member& shop, const std::string& day = "2026-11-24",
                    std::int64_t lines = 0, std::string_view kind = kZReport) {
    Record record;
    record.kind = kind;
    record.subject = shift_report_subject(kind, shop.key.public_key().id(), number);
    record.account = shop.account;
    record.period = day;
    record.count = count;
    record.total = total;
    record.refunds = refunds;
    record.refunded = refunded;
    record.lines = lines == 0 ? 3 * number + 3 : lines;
    record.head = std::string(22, 'h');
    return town.town.sign(record, {&shop.key});
  }
  SignedLine reading(std::int64_t number, std::int64_t count, std::int64_t total, std::int64_t lines,
                     const std::string& day = "2026-11-24") {
    return report(number, count, total, 0, 0, town.town.shop, day, lines, kXReport);
  }
  http::Response send_report(const SignedLine& line) {
    return at_till(town.town.shop, "POST", "/v1/shift-reports", body_of(line));
  }
  SignedLine sell(std::int64_t points) {
    town.clock.advance(10 * kSecondUs);
    town.town.now_us += 10 * kSecondUs;
    auto sale = town.town.redeem(town.town.resident, points);
    EXPECT_TRUE(town.run(sale));
    return sale;
  }
};

TEST_F(Shifts, AReportIsEnteredWhenTheEntriesSayTheSame) {
  const auto first = sell(10), second = sell(12);
  sell(5);
  ASSERT_TRUE(town.run(town.town.refund(first.id, town.town.resident, 4)));
  ASSERT_TRUE(town.run(town.town.cancel(second.id)));
  const auto& shop = town.town.shop;
  for (const auto& wrong : {report(1, 3, 15, 1, 4, shop), report(1, 2, 16, 1, 4, shop), report(1, 2, 15, 0, 4, shop),
                            report(1, 2, 15, 1, 3, shop), report(2, 2, 15, 1, 4, shop), report(0, 2, 15, 1, 4, shop)})
    EXPECT_EQ(code(send_report(wrong)), "inconsistent") << wrong.payload;
  const auto right = report(1, 2, 15, 1, 4, shop);
  const auto entered = send_report(right);
  ASSERT_EQ(entered.status, 201) << entered.body;
  sell(3);
  const auto again = send_report(right);
  EXPECT_EQ(again.status, 200) << "the first answer, whatever was sold since";
  EXPECT_EQ(json(again).at("seq"), json(entered).at("seq"));
  EXPECT_EQ(code(send_report(report(1, 1, 3, 0, 0, shop))), "inconsistent") << "a number that is taken";
  EXPECT_EQ(send_report(report(2, 1, 3, 0, 0, shop)).status, 201);
}

// Each is compared with all that the shop entered since the till's last report, which for a till that never reports is
// everything.
TEST_F(Shifts, ATillTriesSixtyReportsAnHour) {
  sell(10);
  const auto& shop = town.town.shop;
  const auto right = report(1, 1, 10, 0, 0, shop);
  ASSERT_EQ(send_report(right).status, 201);
  int tried = 1;
  while (tried < 100 && code(send_report(report(2, 7, 7, 0, 0, shop))) == "inconsistent") ++tried;
  EXPECT_EQ(tried, 60);
  EXPECT_EQ(send_report(right).status, 200) << "one that was entered is answered at once";
  town.clock.advance(kMinuteUs);
  town.town.now_us += kMinuteUs;
  EXPECT_EQ(send_report(report(2, 0, 0, 0, 0, shop)).status, 201);
}

// As the auditor wants it: docs/formats.md#totals.
TEST_F(Shifts, NeitherDayNorJournalGoesBack) {
  const auto& shop = town.town.shop;
  EXPECT_EQ(code(send_report(report(1, 0, 0, 0, 0, shop, "2026-11-23"))), "inconsistent") << "no till yet";
  EXPECT_EQ(send_report(report(1, 0, 0, 0, 0, shop, "2026-11-24", 9)).status, 201);
  town.clock.advance(kDayUs);
  town.town.now_us += kDayUs;
  EXPECT_EQ(code(send_report(report(2, 0, 0, 0, 0, shop, "2026-11-25", 9))), "inconsistent") << "the same line";
  EXPECT_EQ(send_report(report(2, 0, 0, 0, 0, shop, "2026-11-25", 10)).status, 201);
  EXPECT_EQ(code(send_report(report(3, 0, 0, 0, 0, shop, "2026-11-24", 11))), "inconsistent");
  EXPECT_EQ(send_report(report(3, 0, 0, 0, 0, shop, "2026-11-25", 11)).status, 201);
}

TEST_F(Shifts, AVoidTakesWhatOthersLeftOfTheSale) {
  const auto sale = sell(30);
  ASSERT_TRUE(town.run(town.town.refund(sale.id, town.town.resident, 5)));
  ASSERT_TRUE(town.run(town.town.cancel(sale.id)));
  EXPECT_EQ(code(send_report(report(1, 0, 0, 1, 5, town.town.shop))), "inconsistent");
  EXPECT_EQ(send_report(report(1, 0, 5, 1, 5, town.town.shop)).status, 201);
}

TEST_F(Shifts, AReadingIsComparedAndClosesNothing) {
  const auto& shop = town.town.shop;
  sell(10);
  EXPECT_EQ(code(send_report(reading(1, 2, 10, 5))), "inconsistent");
  EXPECT_EQ(code(send_report(reading(1, 1, 11, 5))), "inconsistent");
  EXPECT_EQ(code(send_report(reading(0, 1, 10, 5))), "inconsistent") << "no such number";
  EXPECT_EQ(code(send_report(reading(1'000'000'001, 1, 10, 5))), "inconsistent");
  EXPECT_EQ(code(send_report(reading(1, 1, 10, 5, "2026-11-23"))), "inconsistent") << "no till yet";
  const auto fourth = reading(4, 1, 10, 5);
  const auto entered = send_report(fourth);
  ASSERT_EQ(entered.status, 201) << entered.body << ": a till that counted three before they stood in the ledger";
  sell(5);
  const auto again = send_report(fourth);
  EXPECT_EQ(again.status, 200) << "the first answer, whatever was sold since";
  EXPECT_EQ(json(again).at("seq"), json(entered).at("seq"));
  EXPECT_EQ(code(send_report(reading(4, 2, 15, 6))), "inconsistent") << "a number that is taken";
  EXPECT_EQ(code(send_report(reading(6, 2, 15, 6))), "inconsistent") << "a gap";
  EXPECT_EQ(code(send_report(reading(5, 1, 5, 6))), "inconsistent") << "the shift did not begin anew";
  EXPECT_EQ(code(send_report(reading(5, 2, 15, 5))), "inconsistent") << "the journal is as long as before";
  EXPECT_EQ(send_report(reading(5, 2, 15, 6)).status, 201);
  EXPECT_EQ(code(send_report(report(1, 2, 15, 0, 0, shop, "2026-11-24", 6))), "inconsistent") << "nor for a Z report";
  EXPECT_EQ(send_report(report(1, 2, 15, 0, 0, shop, "2026-11-24", 7)).status, 201) << "both shares of one shift";
  EXPECT_EQ(code(send_report(reading(6, 2, 15, 8))), "inconsistent") << "a new shift";
  EXPECT_EQ(send_report(reading(6, 0, 0, 8)).status, 201);
}

// A till that compares its journal with the town finds its reading there.
TEST_F(Shifts, AReadingIsTheTillsLastCommand) {
  const auto one = reading(1, 0, 0, 5);
  ASSERT_EQ(send_report(one).status, 201);
  const auto info = at_till(town.town.shop, "GET", "/v1/till", "");
  EXPECT_EQ(json(info).at("last").as_string(), to_string(one.id)) << info.body;
}

TEST_F(Shifts, OnlyTheTillsOwnReportGoesThisWay) {
  EXPECT_EQ(code(send_report(town.town.refund(town.town.next_id(), town.town.resident, 4))), "malformed");
  EXPECT_EQ(code(send_report(report(1, 0, 0, 0, 0, town.town.other_shop))), "malformed");
  EXPECT_EQ(at_till(town.town.other_shop, "POST", "/v1/shift-reports",
                    body_of(report(1, 0, 0, 0, 0, town.town.other_shop)))
                .status,
            201)
      << "an empty shift of another shop";
}

TEST_F(Shifts, ALongShiftIsReadToItsBeginning) {
  sell(3);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(town.run(town.town.cancel(sell(1).id)));
  sell(2);
  EXPECT_EQ(code(send_report(report(1, 1, 2, 0, 0, town.town.shop))), "inconsistent");
  EXPECT_EQ(send_report(report(1, 2, 5, 0, 0, town.town.shop)).status, 201);
}

}  // namespace
}  // namespace dfb::routes
