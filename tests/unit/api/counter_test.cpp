// The counter's routes: presenting, selling, asking, cancelling; and what other shops and people do not see.
#include <gmock/gmock.h>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

class Counter : public ApiTown {
 protected:
  Counter() { EXPECT_TRUE(town.run(town.town.check_in(town.town.resident))); }
  http::Response present(const test::Member& shop, const book::PayCode& pay) {
    return at_till(shop, "POST", "/v1/presentations", boost::json::serialize(object{{"code", pay.text()}}));
  }
  void wait(TimeUs us) {
    town.clock.advance(us);
    town.town.now_us += us;
  }
};

TEST_F(Counter, PresentsSellsAndAnswersTheRetryWithoutAPresentation) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  const auto shown = present(town.town.shop, pay);
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(json(shown).at("spend_max").as_int64(), 100);
  const auto sale = town.town.redeem(town.town.resident, 30, town.town.shop, pay);
  const auto sold = at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale));
  ASSERT_EQ(sold.status, 201) << sold.body;
  EXPECT_EQ(town.balance(town.town.resident.account), 20);
  wait(6 * kMinuteUs);
  const auto again = at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_TRUE(json(again).at("known").as_bool());
  EXPECT_EQ(json(again).at("entry"), json(sold).at("entry"));
  EXPECT_EQ(town.balance(town.town.resident.account), 20);
  EXPECT_EQ(code(present(town.town.other_shop, pay)), "code_stale");
}

// A shop learns what the code allows, never what the customer has: two answers differ by nothing else.
TEST_F(Counter, APresentationTellsNothingOfTheBalance) {
  const auto told = [&](std::int64_t limit) {
    auto answer = json(present(town.town.shop, town.town.pay_code(town.town.resident, limit)));
    answer.erase("expires_us");
    wait(10 * kSecondUs);
    return answer;
  };
  const auto rich = told(100);
  EXPECT_EQ(rich.at("spend_max").as_int64(), 100) << "with 50 points";
  ASSERT_TRUE(town.run(town.town.redeem(town.town.resident, 50)));
  wait(10 * kSecondUs);
  EXPECT_EQ(told(100), rich) << "with none";
  const auto most = told(town.town.policy.limits.code_points + 1);
  EXPECT_EQ(most.at("spend_max").as_int64(), town.town.policy.limits.code_points);
}

TEST_F(Counter, OneCodeBelongsToTheFirstTill) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  const auto at_other = town.town.redeem(town.town.resident, 5, town.town.other_shop, pay);
  EXPECT_EQ(code(at_till(town.town.other_shop, "POST", "/v1/redemptions", body_of(at_other))),
            "not_presented");
  ASSERT_EQ(present(town.town.shop, pay).status, 200);
  EXPECT_EQ(code(present(town.town.other_shop, pay)), "presented_elsewhere");
  EXPECT_EQ(code(at_till(town.town.other_shop, "POST", "/v1/redemptions", body_of(at_other))),
            "presented_elsewhere");
  wait(10 * kSecondUs);
  const auto newer = town.town.pay_code(town.town.resident, 100);
  ASSERT_EQ(present(town.town.other_shop, newer).status, 200);
  const auto old_sale = town.town.redeem(town.town.resident, 5, town.town.shop, pay);
  EXPECT_EQ(code(at_till(town.town.shop, "POST", "/v1/redemptions", body_of(old_sale))),
            "presented_elsewhere");
  EXPECT_EQ(town.balance(town.town.resident.account), 50);
}

TEST_F(Counter, ForgedStaleAndUnverifiedCodesAreNotPresented) {
  const auto thief = PrivateKey::generate(Algorithm::p256);
  const auto forged = book::make_pay_code(thief, test::kTownOrigin, town.town.resident.account,
                                          book::Points{50}, town.clock.now_us());
  EXPECT_EQ(code(present(town.town.shop, forged)), "bad_signature");
  const auto pay = town.town.pay_code(town.town.resident, 100);
  wait(40 * kSecondUs);
  EXPECT_EQ(code(present(town.town.shop, pay)), "code_stale");
  EXPECT_EQ(code(present(town.town.shop, town.town.pay_code(town.town.newcomer, 5))), "level_too_low");
  EXPECT_EQ(code(at_till(town.town.shop, "POST", "/v1/presentations", R"({"code":"?"})")), "malformed");
}

TEST_F(Counter, ARefusedSaleIsAnEntryThatCanBeProven) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  ASSERT_EQ(present(town.town.shop, pay).status, 200);
  const auto sale = town.town.redeem(town.town.resident, 60, town.town.shop, pay);
  const auto refused = at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale));
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(code(refused), "insufficient_points");
  EXPECT_TRUE(json(refused).contains("entry") && json(refused).contains("receipt"));
  const auto asked = at_till(town.town.shop, "GET", "/v1/commands/" + to_string(sale.id));
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(json(asked).at("refused").as_string(), "insufficient_points");
}

TEST_F(Counter, OthersDoNotSeeASale) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  ASSERT_EQ(present(town.town.shop, pay).status, 200);
  const auto sale = town.town.redeem(town.town.resident, 30, town.town.shop, pay);
  const auto sold = at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale));
  ASSERT_EQ(sold.status, 201);
  const std::string path = "/v1/commands/" + to_string(sale.id);
  EXPECT_EQ(at_till(town.town.shop, "GET", path).status, 200);
  EXPECT_EQ(at_till(town.town.other_shop, "GET", path).status, 404);
  const std::string resident = sign_in(town.town.resident.key), sibling = sign_in(town.town.sibling.key);
  const std::string own = "/v1/me/commands/" + to_string(sale.id);
  EXPECT_EQ(at_town("GET", own, "", resident).status, 200);
  EXPECT_EQ(at_town("GET", own, "", sibling).status, 404);
  const std::string entry = "/v1/me/entries/" + std::to_string(json(sold).at("seq").as_int64());
  EXPECT_EQ(at_town("GET", entry, "", resident).status, 200);
  EXPECT_EQ(at_town("GET", entry, "", sibling).status, 404);
}

TEST_F(Counter, AnIdNeverSeenIsNotFoundAndAnIdOfNoShapeMalformed) {
  const std::string token = sign_in(town.town.resident.key), unseen = to_string(town.town.next_id());
  EXPECT_EQ(code(at_till(town.town.shop, "GET", "/v1/commands/" + unseen)), "not_found");
  EXPECT_EQ(code(at_town("GET", "/v1/me/commands/" + unseen, "", token)), "not_found");
  EXPECT_EQ(code(at_till(town.town.shop, "GET", "/v1/commands/x")), "malformed");
  EXPECT_EQ(code(at_town("GET", "/v1/me/commands/x", "", token)), "malformed");
}

TEST_F(Counter, CancelBeforeAndAfter) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  ASSERT_EQ(present(town.town.shop, pay).status, 200);
  const auto sale = town.town.redeem(town.town.resident, 30, town.town.shop, pay);
  const auto early = at_till(town.town.shop, "POST", "/v1/cancels", body_of(town.town.cancel(sale.id)));
  ASSERT_EQ(early.status, 201) << early.body;
  EXPECT_EQ(code(at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale))), "id_burnt");
  const auto asked = at_till(town.town.shop, "GET", "/v1/commands/" + to_string(sale.id));
  EXPECT_EQ(json(asked).at("refused").as_string(), "id_burnt");
  const auto second = town.town.redeem(town.town.resident, 30, town.town.shop, pay);
  ASSERT_EQ(at_till(town.town.shop, "POST", "/v1/redemptions", body_of(second)).status, 201);
  ASSERT_EQ(at_till(town.town.shop, "POST", "/v1/cancels", body_of(town.town.cancel(second.id))).status, 201);
  EXPECT_EQ(town.balance(town.town.resident.account), 50);
}

// Nothing new begins, but a sale whose answer was lost is still asked about, and undone.
TEST_F(Counter, ASuspendedShopBeginsNothingAndFinishesWhatItBegan) {
  const test::Member &shop = town.town.shop, &who = town.town.resident;
  const auto sell = [&](std::int64_t points, const book::PayCode& pay) {
    const auto sale = town.town.redeem(who, points, shop, pay);
    return std::pair(sale.id, at_till(shop, "POST", "/v1/redemptions", body_of(sale)));
  };
  const auto first = town.town.pay_code(who, 100);
  ASSERT_EQ(present(shop, first).status, 200);
  const auto [lost, sold] = sell(10, first);
  ASSERT_EQ(sold.status, 201) << sold.body;
  wait(10 * kSecondUs);
  const auto second = town.town.pay_code(who, 100);
  ASSERT_EQ(present(shop, second).status, 200);
  const auto [wrong, also_sold] = sell(20, second);
  ASSERT_EQ(also_sold.status, 201) << also_sold.body;
  wait(10 * kSecondUs);
  const auto presented = town.town.pay_code(who, 100);
  ASSERT_EQ(present(shop, presented).status, 200);

  const book::SetState freeze{shop.account, book::AccountState::frozen, "review"};
  ASSERT_TRUE(town.run(town.town.sign(freeze, {&town.town.admin_a.key})));
  EXPECT_EQ(code(sell(5, presented).second), "account_frozen");
  wait(10 * kSecondUs);
  EXPECT_EQ(code(present(shop, town.town.pay_code(who, 100))), "account_frozen");

  EXPECT_EQ(at_till(shop, "GET", "/v1/till").status, 200);
  EXPECT_EQ(at_till(shop, "GET", "/log/checkpoint").status, 200);
  EXPECT_EQ(at_till(shop, "GET", "/v1/commands/" + to_string(lost)).status, 200);
  const auto cancelled = at_till(shop, "POST", "/v1/cancels", body_of(town.town.cancel(lost)));
  EXPECT_EQ(cancelled.status, 201) << cancelled.body;
  const auto refunded = at_till(shop, "POST", "/v1/refunds", body_of(town.town.refund(wrong, who, 20)));
  EXPECT_EQ(refunded.status, 201) << refunded.body;
  EXPECT_EQ(town.balance(who.account), 50);
}

TEST_F(Counter, ATillSignsForItselfOnly) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  ASSERT_EQ(present(town.town.shop, pay).status, 200);
  const auto sale = town.town.redeem(town.town.resident, 30, town.town.shop, pay);
  EXPECT_EQ(at_till(town.town.other_shop, "POST", "/v1/redemptions", body_of(sale)).status, 400);
  EXPECT_EQ(at_till(town.town.shop, "POST", "/v1/refunds", body_of(sale)).status, 400);
}

TEST_F(Counter, CertificatesAreForEnrolledTills) {
  const auto ask = [&](const PrivateKey& key) {
    return at_town("POST", "/v1/terminals/certificate",
                   boost::json::serialize(object{{"csr", certs::make_request(key, "till")}}));
  };
  EXPECT_EQ(ask(town.town.shop.key).status, 200);
  EXPECT_EQ(code(ask(town.town.resident.key)), "key_not_enrolled");
  EXPECT_EQ(code(ask(PrivateKey::generate(Algorithm::p256))), "key_not_enrolled");
}

// Whole, newest first, a page at a time; what is another shop's is not among them.
TEST_F(Counter, AShopReadsItsOwnEntries) {
  std::vector<std::string> entries;
  for (const std::int64_t points : {3, 4}) {
    wait(6 * kSecondUs);
    const auto pay = town.town.pay_code(town.town.resident, 100);
    ASSERT_EQ(present(town.town.shop, pay).status, 200);
    const auto sale = town.town.redeem(town.town.resident, points, town.town.shop, pay);
    const auto sold = at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale));
    ASSERT_EQ(sold.status, 201) << sold.body;
    entries.emplace(entries.begin(), json(sold).at("entry").as_string());
  }
  const auto page = json(at_till(town.town.shop, "GET", "/v1/till/entries"));
  const auto& leaves = page.at("leaves").as_array();
  ASSERT_GE(leaves.size(), 2U);
  EXPECT_EQ(leaves[0].at("entry").as_string(), entries[0]);
  EXPECT_EQ(leaves[1].at("entry").as_string(), entries[1]);
  EXPECT_TRUE(page.at("checkpoint").as_string().starts_with(test::kTownOrigin));
  const auto older = json(
      at_till(town.town.shop, "GET", "/v1/till/entries?before=" + std::to_string(leaves[0].at("seq").as_int64())));
  EXPECT_EQ(older.at("leaves").at(0).at("entry").as_string(), entries[1]);
  for (const auto& leaf : json(at_till(town.town.other_shop, "GET", "/v1/till/entries")).at("leaves").as_array())
    EXPECT_TRUE(leaf.at("entry").as_string() != entries[0] && leaf.at("entry").as_string() != entries[1]);
  EXPECT_EQ(code(at_till(town.town.shop, "GET", "/v1/till/entries?before=x")), "malformed");
}

}  // namespace
}  // namespace dfb::routes
