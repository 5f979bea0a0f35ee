// Cards with a PIN at the counter, sales confirmed on the phone, typed handles, goods with stock.
#include "api/programme/goods.h"
#include "ledger/book/card_number.h"
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;
using boost::json::serialize;

constexpr AccountId kCard{kFirstFreeAccount + 99};

class AtTheCounter : public ApiTown {
 protected:
  AtTheCounter() { EXPECT_TRUE(town.run(town.town.check_in(town.town.resident))); }
  void wait(TimeUs us) {
    town.clock.advance(us);
    town.town.now_us += us;
  }
  http::Response issue(const std::string& pin) {
    return at_town("POST", "/v1/cards", body_of(town.town.issue(town.town.resident, kCard), {{"pin", pin}}),
                   sign_in(town.town.officer.key));
  }
  http::Response pin(const std::string& pin, const SignedLine& sale, std::int64_t points = 10) {
    return at_till(
        town.town.shop, "POST", "/v1/pin",
        serialize(object{
            {"card", card_digits(kCard)}, {"pin", pin}, {"id", to_string(sale.id)}, {"points", points}}));
  }
  // As the till sends it: signed by the till alone.
  SignedLine sale_by_card(std::int64_t points) {
    SignedLine line = town.town.redeem_by_card(town.town.resident, points, kCard);
    line.signatures.resize(1);
    return line;
  }
  http::Response redeem(const SignedLine& sale, object more = {}) {
    return at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale, std::move(more)));
  }
  http::Response present(const std::string& code) {
    return at_till(town.town.shop, "POST", "/v1/presentations", serialize(object{{"code", code}}));
  }
  std::string resident_token() { return sign_in(town.town.resident.key); }
};

TEST(CardNumber, IsThirteenDigitsThatCheckThemselves) {
  EXPECT_EQ(card_digits(AccountId{7992739871}), "0079927398713");
  EXPECT_EQ(parse_card("0079927398713").value(), AccountId{7992739871});
  EXPECT_EQ(parse_card("DFBCARD0079927398713").value(), AccountId{7992739871});
  EXPECT_EQ(parse_card("0079 9273 9871 3").value(), AccountId{7992739871});
  for (const char* bad : {"", "0079927398714", "0079927398731", "007992739871", "00799273987133", "DFBCARD",
                          "007992739871x", "12345678"})
    EXPECT_FALSE(parse_card(bad)) << bad;
}

TEST_F(AtTheCounter, ACardIsIssuedPresentedAndPaysWithItsPin) {
  const auto issued = issue("271828");
  ASSERT_EQ(issued.status, 201) << issued.body;
  EXPECT_EQ(code(present(card_text(kCard))), "key_outside_dates");
  wait(24 * kHourUs);
  const auto shown = present(card_text(kCard));
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(json(shown).at("card").as_string(), to_string(kCard));
  EXPECT_EQ(json(shown).at("spend_max").as_int64(), town.town.policy.limits.card_points);
  const auto sale = sale_by_card(10);
  EXPECT_EQ(code(redeem(sale)), "pin_not_attested");
  const auto attested = pin("271828", sale);
  ASSERT_EQ(attested.status, 200) << attested.body;
  const object token{{"pin_token", json(attested).at("token")}};
  EXPECT_EQ(code(redeem(sale_by_card(10), token)), "pin_not_attested") << "another sale";
  const auto sold = redeem(sale, token);
  ASSERT_EQ(sold.status, 201) << sold.body;
  EXPECT_EQ(town.balance(town.town.resident.account), 40);
  wait(2 * kMinuteUs);
  EXPECT_EQ(redeem(sale).status, 200) << "the retry needs no PIN";
  EXPECT_EQ(town.balance(town.town.resident.account), 40);
}

TEST_F(AtTheCounter, ATokenIsForItsPointsAndAMinute) {
  ASSERT_EQ(issue("271828").status, 201);
  wait(24 * kHourUs);
  const auto dear = sale_by_card(20);
  const auto attested = pin("271828", dear, 10);
  ASSERT_EQ(attested.status, 200);
  EXPECT_EQ(code(redeem(dear, {{"pin_token", json(attested).at("token")}})), "pin_not_attested");
  const auto sale = sale_by_card(10);
  const object token{{"pin_token", json(pin("271828", sale)).at("token")}};
  wait(kMinuteUs);
  EXPECT_EQ(code(redeem(sale, token)), "pin_not_attested");
}

TEST_F(AtTheCounter, FiveWrongPinsLockTheCard) {
  ASSERT_EQ(issue("271828").status, 201);
  wait(24 * kHourUs);
  const auto sale = sale_by_card(10);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(code(pin("271829", sale)), "pin_wrong");
  EXPECT_EQ(pin("271828", sale).status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code(pin("000001", sale)), "pin_wrong");
  EXPECT_EQ(code(pin("271828", sale)), "card_locked");
  const auto cards = json(at_town("GET", "/v1/me/cards", "", resident_token()));
  ASSERT_EQ(cards.at("cards").as_array().size(), 1u);
  EXPECT_EQ(cards.at("cards").at(0).at("state").as_string(), "locked");
}

TEST_F(AtTheCounter, TheHolderEndsALostCard) {
  ASSERT_EQ(issue("271828").status, 201);
  const auto end =
      town.town.sign(SetCard{town.town.resident.account, kCard, false, "lost"}, {&town.town.resident.key});
  const auto ended = at_town("POST", "/v1/revocations", body_of(end), resident_token());
  ASSERT_EQ(ended.status, 201) << ended.body;
  EXPECT_EQ(code(present(card_digits(kCard))), "key_revoked");
  EXPECT_EQ(code(pin("271828", sale_by_card(10))), "key_revoked");
}

TEST_F(AtTheCounter, WeakPinsAndOtherPeoplesCardsAreRefused) {
  for (const char* weak : {"", "12345", "1234567", "000000", "123456", "987654", "12345x"})
    EXPECT_EQ(code(issue(weak)), "malformed") << weak;
  const auto by_resident =
      at_town("POST", "/v1/cards", body_of(town.town.issue(town.town.resident, kCard), {{"pin", "271828"}}),
              resident_token());
  EXPECT_EQ(by_resident.status, 403);
  EXPECT_EQ(code(present(card_digits(kCard))), "key_not_enrolled");
}

class Confirming : public AtTheCounter {
 protected:
  Confirming() : sale(town.town.redeem_confirmed(town.town.resident, 30, town.clock.now_us() + kMinuteUs)) {}
  http::Response offer(std::int64_t points = 30, const object& more = {}) {
    const auto& transfer = std::get<Transfer>(payload.body);
    object body{{"id", to_string(payload.id)},
                {"device", hash_text(town.town.resident.key.public_key().id())},
                {"account", to_string(transfer.from)},
                {"points", points},
                {"goods", hash_text(transfer.goods)},
                {"cash", 0},
                {"expires_us", std::get<QuoteProof>(transfer.proof).expires_us}};
    for (const auto& field : more) body[field.key()] = field.value();
    return at_till(town.town.shop, "POST", "/v1/quotes", serialize(body));
  }
  http::Response asked() { return at_till(town.town.shop, "GET", "/v1/quotes/" + to_string(payload.id)); }
  http::Response say(object words) {
    return at_town("POST", "/v1/me/quotes/" + to_string(payload.id), serialize(words), resident_token());
  }
  SignedLine sale;
  Payload payload = parse_payload(sale.payload).value();
};

TEST_F(Confirming, ThePhoneSeesTheSaleSignsItAndTheTillRedeems) {
  EXPECT_EQ(code(offer()), "not_presented");
  ASSERT_EQ(present(town.town.pay_code(town.town.resident, 100).text()).status, 200);
  ASSERT_EQ(offer().status, 200) << offer().body;
  EXPECT_EQ(json(asked()).at("state").as_string(), "waiting");
  const auto waiting = json(at_town("GET", "/v1/me/quotes", "", resident_token()));
  ASSERT_EQ(waiting.at("quotes").as_array().size(), 1u);
  const std::string line(waiting.at("quotes").at(0).at("line").as_string());
  EXPECT_EQ(line, quote_line(payload));
  const auto none = json(at_town("GET", "/v1/me/quotes", "", sign_in(town.town.sibling.key)));
  EXPECT_TRUE(none.at("quotes").as_array().empty());
  const std::string forged = sign(town.town.sibling.key, SignedKind::quote, test::kTownOrigin, line);
  EXPECT_EQ(code(say({{"signature", base64url_encode(forged)}})), "bad_signature");
  const std::string good = sign(town.town.resident.key, SignedKind::quote, test::kTownOrigin, line);
  ASSERT_EQ(say({{"signature", base64url_encode(good)}}).status, 200);
  const auto confirmed = json(asked());
  EXPECT_EQ(confirmed.at("state").as_string(), "confirmed");
  EXPECT_EQ(confirmed.at("signature").as_string(), base64url_encode(good));
  EXPECT_EQ(at_till(town.town.other_shop, "GET", "/v1/quotes/" + to_string(payload.id)).status, 404);
  EXPECT_EQ(redeem(sale).status, 201);
  EXPECT_EQ(town.balance(town.town.resident.account), 20);
}

TEST_F(Confirming, ThePhoneIsToldTheGoodsOfWhichItSignsTheDigest) {
  const auto lines = [](std::int64_t count) {
    return object{{"lines", boost::json::array{object{{"good", "rice"}, {"count", count}}}}};
  };
  ASSERT_EQ(at_town("POST", "/v1/shops/" + to_string(town.town.shop.account) + "/goods",
                    R"({"good":"rice","name_zh":"大米","name_en":"Rice","points":10,"stock":3})",
                    sign_in(town.town.admin_a.key))
                .status,
            200);
  ASSERT_EQ(present(town.town.pay_code(town.town.resident, 100).text()).status, 200);
  EXPECT_EQ(code(offer(30, lines(2))), "malformed") << "points typed";
  std::get<Transfer>(payload.body).goods = goods_digest({{"rice", 2}});
  EXPECT_EQ(code(offer(30, lines(3))), "malformed") << "another list";
  EXPECT_EQ(code(offer(30, lines(0))), "malformed");
  ASSERT_EQ(offer(30, lines(2)).status, 200);
  const auto waiting = json(at_town("GET", "/v1/me/quotes", "", resident_token()));
  EXPECT_EQ(serialize(waiting.at("quotes").at(0).at("goods")),
            R"([{"good":"rice","count":2,"name_zh":"大米","name_en":"Rice"}])");
}

TEST_F(Confirming, TheCustomerSaysNo) {
  ASSERT_EQ(present(town.town.pay_code(town.town.resident, 100).text()).status, 200);
  ASSERT_EQ(offer().status, 200);
  EXPECT_EQ(json(say(object{})).at("state").as_string(), "declined");
  EXPECT_EQ(json(asked()).at("state").as_string(), "declined");
  const std::string good =
      sign(town.town.resident.key, SignedKind::quote, test::kTownOrigin, quote_line(payload));
  EXPECT_EQ(json(say({{"signature", base64url_encode(good)}})).at("state").as_string(), "declined")
      << "the first word stands, and the phone is told so";
  EXPECT_EQ(json(asked()).at("state").as_string(), "declined");
}

TEST_F(Confirming, TheWordsCannotBeChangedAndRunOut) {
  ASSERT_EQ(present(town.town.pay_code(town.town.resident, 100).text()).status, 200);
  ASSERT_EQ(offer().status, 200);
  EXPECT_EQ(code(offer(31)), "exists_with_different_content");
  wait(kMinuteUs);
  EXPECT_EQ(code(say(object{})), "quote_expired");
}

TEST_F(AtTheCounter, EightDigitsStandForACodeForAMinute) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  const auto given =
      at_town("POST", "/v1/me/handles", serialize(object{{"code", pay.text()}}), resident_token());
  ASSERT_EQ(given.status, 200) << given.body;
  const std::string digits(json(given).at("handle").as_string());
  EXPECT_EQ(digits.size(), 8u);
  const auto other = at_town("POST", "/v1/me/handles", serialize(object{{"code", pay.text()}}),
                             sign_in(town.town.sibling.key));
  EXPECT_EQ(other.status, 403);
  const auto shown = present(digits);
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(json(shown).at("code").as_string(), pay.text());
  wait(kMinuteUs);
  EXPECT_EQ(code(present(digits)), "not_found");
}

TEST_F(AtTheCounter, ATillThatTriesDigitsThroughIsStoppedAlone) {
  const auto pay = town.town.pay_code(town.town.resident, 100);
  const auto given =
      at_town("POST", "/v1/me/handles", serialize(object{{"code", pay.text()}}), resident_token());
  const std::string right(json(given).at("handle").as_string());
  const std::string wrong = right == "00000000" ? "00000001" : "00000000";
  int tried = 0;
  while (tried < 150 && code(present(wrong)) == "not_found") ++tried;
  EXPECT_EQ(tried, programme::kWrongHandlesAnHour);
  EXPECT_EQ(code(present(right)), "rate_limited") << "or the answer would tell which are right";
  const auto other = at_till(town.town.other_shop, "POST", "/v1/presentations", serialize(object{{"code", right}}));
  EXPECT_EQ(other.status, 200) << other.body;
  EXPECT_EQ(code(present(pay.text())), "presented_elsewhere") << "what is scanned goes on";
}

class Selling : public AtTheCounter {
 protected:
  http::Response put(const std::string& good, std::int64_t stock) {
    return at_town(
        "POST", "/v1/shops/" + to_string(town.town.shop.account) + "/goods",
        serialize(object{
            {"good", good}, {"name_zh", "大米"}, {"name_en", "Rice"}, {"points", 10}, {"stock", stock}}),
        sign_in(town.town.admin_a.key));
  }
  std::int64_t stock() {
    return json(at_till(town.town.shop, "GET", "/v1/goods")).at("goods").at(0).at("stock").as_int64();
  }
  // Sells `count` bags of rice.
  std::pair<SignedLine, object> rice(std::int64_t count) {
    const auto pay = town.town.pay_code(town.town.resident, 100);
    EXPECT_EQ(present(pay.text()).status, 200);
    Payload payload =
        parse_payload(town.town.redeem(town.town.resident, count * 10, town.town.shop, pay).payload).value();
    std::get<Transfer>(payload.body).goods = goods_digest({{"rice", count}});
    return {town.town.sign(payload, {&town.town.shop.key}),
            object{{"goods", boost::json::array{object{{"good", "rice"}, {"count", count}}}}}};
  }
};

TEST_F(Selling, TheStockGoesWithTheSaleAndComesBackWithItsCancel) {
  ASSERT_EQ(put("rice", 3).status, 200) << put("rice", 3).body;
  const auto [sale, goods] = rice(2);
  EXPECT_EQ(code(redeem(sale, {{"goods", boost::json::array{object{{"good", "rice"}, {"count", 1}}}}})),
            "malformed");
  ASSERT_EQ(redeem(sale, goods).status, 201);
  EXPECT_EQ(serialize(json(at_till(town.town.shop, "GET", "/v1/till/entries")).at("leaves").at(0).at("goods")),
            R"([{"good":"rice","count":2}])")
      << "of the list the entry has the digest alone";
  EXPECT_EQ(stock(), 1);
  EXPECT_EQ(redeem(sale, goods).status, 200) << "a retry takes nothing more";
  EXPECT_EQ(stock(), 1);
  wait(kPayStepUs);
  const auto [more, too_many] = rice(2);
  EXPECT_EQ(code(redeem(more, too_many)), "out_of_stock");
  EXPECT_EQ(town.balance(town.town.resident.account), 30) << "nothing was taken";
  const auto cancelled = at_till(town.town.shop, "POST", "/v1/cancels", body_of(town.town.cancel(sale.id)));
  ASSERT_EQ(cancelled.status, 201) << cancelled.body;
  EXPECT_EQ(stock(), 3);
}

TEST_F(Selling, OnlyAnAdministratorOfThePlaceKeepsTheList) {
  const std::string path = "/v1/shops/" + to_string(town.town.shop.account) + "/goods";
  EXPECT_EQ(at_town("DELETE", path + "/rice", "", sign_in(town.town.officer.key)).status, 403);
  EXPECT_EQ(code(put("Rice!", 3)), "malformed");
  ASSERT_EQ(put("rice", 3).status, 200);
  EXPECT_EQ(at_town("DELETE", path + "/rice", "", sign_in(town.town.admin_b.key)).status, 204);
  EXPECT_TRUE(json(at_till(town.town.shop, "GET", "/v1/goods")).at("goods").as_array().empty());
}

}  // namespace
}  // namespace dfb::routes
