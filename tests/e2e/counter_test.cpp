// The shop counter with the real terminal: enrolment, a sale from a picture, codes that must be refused,
// refunds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/qr/qr.h"
#include "ledger/base/encoding.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

constexpr int kRefused = 1;

TEST(Counter, ATerminalComesInByAOneTimeCode) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Finished status = town.terminal(till, {"status"});
  EXPECT_EQ(status.status, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("The line is up"));
  EXPECT_THAT(status.out, HasSubstr(to_string(till.shop)));
  const auto facts = town.client(till).get("/v1/till").value();
  EXPECT_EQ(facts.at("shop").as_string(), to_string(till.shop));
  EXPECT_EQ(facts.at("till").as_string(), hash_text(till.key.public_key().id()));

  Till second{town.path("second"), till.shop, till.key};
  const auto& ticket =
      std::find_if(town.facts().people.begin(), town.facts().people.end(), [](const auto& person) {
        return person.role == "shop";
      })->ticket;
  const Finished again =
      town.terminal(second, {"enrol", "--server", town.url(), "--ca", town.path("ca.crt"), "--code", ticket});
  EXPECT_EQ(again.status, 2) << "a code is good once: " << again.out;
  EXPECT_EQ(town.terminal(till, {"renew"}).status, 0);
  EXPECT_EQ(town.terminal(till, {"status"}).status, 0);
}

TEST(Counter, SellsFromAPicture) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  const std::string picture = town.path("pay-code.png");
  must(qr::write_png(town.pay_code(phone), picture), "drawing");
  const Finished sale = town.terminal(till, {"sale", "--image", picture, "--points", "30", "--yes"});
  EXPECT_EQ(sale.status, 0) << sale.out << sale.err;
  EXPECT_EQ(town.balance(phone), before - 30);
  const auto line = town.signed_in(phone.key).get("/v1/me/entries?limit=1").value().at("entries").at(0);
  EXPECT_EQ(line.at("points").as_int64(), -30);
  EXPECT_EQ(line.at("reason_zh").as_string(), "在 丽景粮油店");
}

TEST(Counter, TheConsoleBeginsWithAPicture) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  const std::string picture = town.path("pay-code.png");
  must(qr::write_png(town.pay_code(phone), picture), "drawing");
  const Finished console = demo::run(
      {program("terminal"), "--dir", till.folder, "--lang", "en", "--console", "--image", picture}, "30\n\nquit\n");
  EXPECT_EQ(console.status, 0) << console.out << console.err;
  EXPECT_THAT(console.out, HasSubstr("DONE: 30 points"));
  EXPECT_EQ(town.balance(phone), before - 30);
}

TEST(Counter, AUsedCodeIsRefusedHereAndElsewhere) {
  LiveTown town;
  const Till here = town.enrol_till(1), elsewhere = town.enrol_till(2);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  const std::string code = town.pay_code(phone);
  ASSERT_EQ(town.terminal(here, {"sale", "--code", code, "--points", "5", "--yes"}).status, 0);
  for (const Till* till : {&here, &elsewhere}) {
    const Finished again = town.terminal(*till, {"sale", "--code", code, "--points", "5", "--yes"});
    EXPECT_EQ(again.status, kRefused);
    EXPECT_THAT(again.out, HasSubstr("REFUSED: "));
    EXPECT_THAT(again.out, HasSubstr("code_used"));
  }
  EXPECT_EQ(town.balance(phone), before - 5);
}

TEST(Counter, ForgedStaleAndTooMuchAreRefused) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1), poor = town.enrol();
  const std::int64_t before = town.balance(phone);
  const auto thief = PrivateKey::generate(Algorithm::p256);
  const std::string& origin = town.facts().origin;
  const TimeUs now = SystemClock().now_us();
  const auto code = [&](const PrivateKey& key, book::AccountId account, TimeUs at) {
    return book::make_pay_code(key, origin, account, book::Points{200}, at).text();
  };
  std::string changed = code(phone.key, phone.account, now);
  changed[20] = changed[20] == 'A' ? 'B' : 'A';
  const auto unknown = town.entrant().new_account();
  const struct {
    std::string what, code;
    int points;
    std::string refusal;
  } rows[] = {
      {"another's key", code(thief, phone.account, now), 5, "bad_signature"},
      {"no such account", code(thief, unknown, now), 5, "account_unknown"},
      {"two minutes old", code(phone.key, phone.account, now - 2 * kMinuteUs), 5, "code_stale"},
      {"a minute ahead", code(phone.key, phone.account, now + kMinuteUs), 5, "code_stale"},
      {"more than the code's limit", town.pay_code(phone, 20), 21, "code_limit_exceeded"},
      {"more than one sale allows", town.pay_code(phone, 1000), 201, "limit_per_sale"},
      {"not verified", code(poor.key, poor.account, SystemClock().now_us()), 5, "level_too_low"},
      {"no code at all", "HELLO", 5, "malformed"},
  };
  for (const auto& row : rows) {
    const Finished sale =
        town.terminal(till, {"sale", "--code", row.code, "--points", std::to_string(row.points), "--yes"});
    EXPECT_EQ(sale.status, kRefused) << row.what << ": " << sale.out << sale.err;
    EXPECT_THAT(sale.out, HasSubstr("REFUSED: ")) << row.what;
    EXPECT_THAT(sale.out, HasSubstr("(" + row.refusal + ")")) << row.what;
  }
  EXPECT_NE(town.terminal(till, {"sale", "--code", changed, "--points", "5", "--yes"}).status, 0);
  EXPECT_EQ(town.balance(phone), before);
}

TEST(Counter, RefundsAPartAndNeverMoreThanTheSale) {
  LiveTown town;
  const Till till = town.enrol_till(1), other = town.enrol_till(2);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  const Finished sale =
      town.terminal(till, {"sale", "--code", town.pay_code(phone), "--points", "30", "--yes"});
  ASSERT_EQ(sale.status, 0) << sale.out;
  const auto line = town.signed_in(phone.key).get("/v1/me/entries?limit=1").value().at("entries").at(0);
  const std::string id(line.at("id").as_string()), number = std::to_string(line.at("seq").as_int64());
  const auto give_back = [&](const Till& at, const std::string& which, const std::string& points) {
    return town.terminal(at, {"refund", "--sale", which, "--points", points, "--memo", "broken bag"});
  };
  EXPECT_EQ(give_back(till, id, "10").status, 0);
  EXPECT_EQ(town.balance(phone), before - 20);
  EXPECT_EQ(give_back(till, number, "15").status, 0) << "by the receipt's number";
  EXPECT_EQ(town.balance(phone), before - 5);
  const Finished more = give_back(till, id, "6");
  EXPECT_EQ(more.status, kRefused);
  EXPECT_THAT(more.out, HasSubstr("refund_exceeds_sale"));
  EXPECT_EQ(give_back(other, id, "5").status, kRefused) << "another shop's journal has no such sale";
  // Nor when that shop asks the town itself.
  book::Transfer refund;
  refund.kind = book::TransferKind::refund;
  refund.from = other.shop, refund.to = phone.account, refund.points = book::Points{5};
  refund.sale = parse_uuid(id).value();
  const auto foreign = town.client(other).post("/v1/refunds", town.entrant().sign(refund, {&other.key}));
  EXPECT_EQ(foreign.error().code, Code::sale_of_other_shop);
  EXPECT_EQ(town.balance(phone), before - 5);
}

TEST(Counter, TheOwnersReport) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  for (const char* points : {"30", "4"}) {
    const Finished sale =
        town.terminal(till, {"sale", "--code", town.pay_code(phone), "--points", points, "--cash", "150", "--yes"});
    ASSERT_EQ(sale.status, 0) << sale.out << sale.err;
  }
  const Finished made = town.terminal(till, {"--report", "--json"});
  ASSERT_EQ(made.status, 0) << made.err;
  const auto report = boost::json::parse(made.out);
  EXPECT_EQ(report.at("all").at("sales").at("count").as_int64(), 2);
  EXPECT_EQ(report.at("all").at("sales").at("points").as_int64(), 34);
  EXPECT_EQ(report.at("all").at("cash_fen").as_int64(), 300);
  EXPECT_TRUE(report.at("missing").as_array().empty());
  EXPECT_THAT(town.terminal(till, {"--report", "2001-01"}).out, HasSubstr("Nothing happened in this time"));
  const Finished wrong = town.terminal(till, {"--report", "yesterday"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("a period is a day"));
}

}  // namespace
}  // namespace dfb::e2e
