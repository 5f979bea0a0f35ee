// A customer at the page: a code, a card or a reservation, the points and goods of a touch, and what came of it.
#include "ledger/book/card_number.h"
#include "tests/unit/terminal/kiosk_desk.h"

namespace dfb::terminal::kiosk {
namespace {

TEST_F(DeskTest, ASaleByTwoTouches) {
  start();
  see("scan");
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  EXPECT_EQ(text(waits, "/sale/name"), "王*");
  EXPECT_EQ(number(waits, "/sale/spend_max"), 200);
  const Uuid sale = id_of(waits);
  touch(Draft{sale, {30}, 1250});
  touch(Pay{sale, {30}, 1250});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(number(done, "/sale/points"), 30);
  EXPECT_EQ(number(done, "/sale/cash_fen"), 1250);
  EXPECT_EQ(number(done, "/receipt/columns"), 48);
  EXPECT_EQ(text(done, "/receipt/zh/1/text"), std::string(20, ' ') + "积分消费");
  EXPECT_EQ(text(done, "/receipt/en/0/text"), "      Lijing Store");
  EXPECT_TRUE(js::value(done).at_pointer("/receipt/en/0/large").as_bool());
  EXPECT_THAT(text(done, "/receipt/qr_svg"), testing::HasSubstr("<svg"));
  EXPECT_EQ(text(done, "/printer/state"), "none");
  // A second finger on the same button charges nobody.
  touch(Pay{sale, {30}, 1250});
  touch(Next{sale});
  see("scan");
  stop();
  EXPECT_TRUE(settled);
  EXPECT_EQ(shop.till(), 30);
  EXPECT_EQ(shop.line->posts, 1);
}

TEST_F(DeskTest, AGoodIsSoldByOneButton) {
  shop.stock_up();
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  EXPECT_EQ(text(waits, "/goods/1/name_zh"), "大米");
  EXPECT_EQ(number(waits, "/goods/1/points"), 10);
  EXPECT_EQ(number(waits, "/goods/1/stock"), 8);
  const Uuid sale = id_of(waits);
  touch(Draft{sale, {20}, 0, "", {{"rice", 2}}});
  touch(Pay{sale, {25}, 0, {{"tea", 1}}});
  js::object later = settled_view();
  EXPECT_EQ(later.at("screen"), "customer") << "what is not sold here charges nobody";
  touch(Draft{sale, {20}, 0, "", {{"rice", 2}}});
  later = settled_view();
  EXPECT_EQ(text(later, "/draft/goods/0/good"), "rice");
  EXPECT_EQ(number(later, "/draft/goods/0/count"), 2);
  touch(Pay{sale, {20}, 0, {{"rice", 2}}});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(text(done, "/sale/goods_zh"), "2 × 大米");
  EXPECT_EQ(text(done, "/sale/goods_en"), "2 × Rice");
  EXPECT_EQ(shop.line->left("rice"), 6);
  touch(ShowPast{});
  EXPECT_EQ(text(see("past"), "/past/0/goods_en"), "2 × Rice");
  touch(Back{});
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code()});
  EXPECT_EQ(number(see("customer"), "/goods/1/stock"), 6);
}

TEST_F(DeskTest, AReservationIsHandedOutByOneTouch) {
  shop.stock_up();
  const Uuid hold = shop.reserve(25, {{"rice", 2, 10}, {"soap", 1, 5}}, 500);
  look = [this] { (void)shop.shelf->look(); };
  start();
  ASSERT_TRUE(comes([&] { return now()["goods_asked_us"].as_int64() != 0; }));
  touch(Scan{Shop::pickup_code(hold), true});
  js::object waits = see("pickup");
  EXPECT_EQ(text(waits, "/sale/name"), "王*");
  EXPECT_TRUE(waits["sale"].at("pickup").as_bool());
  EXPECT_EQ(number(waits, "/sale/points"), 25);
  EXPECT_EQ(number(waits, "/sale/cash_fen"), 500);
  EXPECT_EQ(text(waits, "/sale/goods_en"), "2 × Rice; 1 × Soap");
  EXPECT_EQ(number(waits, "/sale/until_us"), shop.clock.now_us() + kDayUs);
  EXPECT_TRUE(waits["goods"].as_array().empty()) << "nothing is chosen";
  const Uuid sale = id_of(waits);
  touch(Pay{sale, {24}, 500});
  touch(Pay{sale, {25}, 0});
  js::object later = settled_view();
  EXPECT_EQ(later.at("screen"), "pickup") << "no other points, no other cash";
  EXPECT_EQ(shop.line->posts, 0);
  touch(Pay{sale, {25}, 500});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(text(done, "/receipt/zh/1/text"), std::string(20, ' ') + "预留取货");
  touch(Pay{sale, {25}, 500});
  touch(ShowPast{});
  js::object list = see("past");
  EXPECT_TRUE(list["past"].at(0).at("pickup").as_bool());
  EXPECT_EQ(number(list, "/today/cash_fen"), 500);
  touch(Back{});
  see("scan");
  touch(Scan{Shop::pickup_code(hold), true});
  js::object refused = see("result");
  EXPECT_EQ(text(refused, "/sale/why"), "hold_resolved");
  EXPECT_THAT(text(refused, "/sale/why_zh"), testing::HasSubstr("已经取过货"));
  EXPECT_THAT(text(refused, "/sale/why_en"), testing::HasSubstr("picked up already"));
  stop();
  EXPECT_EQ(shop.till(), 25);
  EXPECT_EQ(shop.line->posts, 1);
}

TEST_F(DeskTest, AReservationThatIsLetGoOrUndoneSaysWhatBecameOfIt) {
  const Uuid hold = shop.reserve(25);
  start();
  touch(Scan{Shop::pickup_code(hold)});
  js::object waits = see("pickup");
  touch(Drop{id_of(waits)});
  EXPECT_EQ(text(see("scan"), "/note/what"), "dropped");
  touch(Scan{Shop::pickup_code(hold)});
  waits = see("pickup");
  shop.line->lasting = Fault::lose_answer;
  touch(Pay{id_of(waits), {25}, 0});
  see("unknown");
  shop.clock.advance(kMinuteUs);
  ASSERT_TRUE(comes([&] { return shop.line->posts >= 2; })) << "the cancel";
  shop.line->lasting = Fault::none;
  js::object undone = see("result");
  EXPECT_EQ(text(undone, "/sale/phase"), "cancelled");
  EXPECT_THAT(text(undone, "/sale/why_zh"), testing::HasSubstr("预留也结束了"));
  stop();
  EXPECT_EQ(shop.customer(), 100);
}

TEST(TouchOfGoods, ParsedOrRefused) {
  const auto pay = [](const std::string& goods) {
    return parse_touch(R"({"touch":"pay","sale":"0192f0c1-2b3c-7def-8123-456789abcdef","points":30,"goods":)" +
                       goods + "}");
  };
  const auto two = pay(R"([{"good":"rice","count":2},{"good":"soap","count":1}])");
  ASSERT_TRUE(two);
  EXPECT_EQ(std::get<Pay>(*two).goods, (std::vector<book::GoodsLine>{{"rice", 2}, {"soap", 1}}));
  EXPECT_TRUE(std::get<Pay>(pay("[]").value()).goods.empty());
  for (const char* bad : {"{}", "[1]", R"([{"good":"rice"}])", R"([{"good":"rice","count":0}])",
                          R"([{"good":"Rice","count":1}])", R"([{"good":"rice","count":1,"x":1}])",
                          R"([{"good":"rice","count":1},{"good":"rice","count":1}])"})
    EXPECT_EQ(pay(bad).error().code, Code::malformed) << bad;
}

TEST_F(DeskTest, ADraftIsStateOfTheTill) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  touch(Draft{id_of(waits), {42}, 5});
  const js::object later = settled_view();
  EXPECT_EQ(later.at("screen"), "customer") << "what is no pay code leaves the customer waiting";
  EXPECT_EQ(number(later, "/draft/points"), 42);
  EXPECT_EQ(number(later, "/draft/cash_fen"), 5);
  EXPECT_EQ(text(later, "/note/what"), "unknown");
}

TEST_F(DeskTest, TouchesAboutAnotherSaleDoNothing) {
  start();
  touch(Scan{shop.code()});
  js::object first = see("customer");
  const Uuid old = id_of(first);
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code()});
  touch(Pay{old, {30}, 0});
  touch(Drop{old});
  touch(Next{old});
  touch(GiveBack{old, {30}});
  js::object second = settled_view();
  EXPECT_EQ(second.at("screen"), "customer");
  EXPECT_NE(id_of(second), old);
  touch(Drop{id_of(second)});
  EXPECT_EQ(text(see("scan"), "/note/what"), "dropped");
  stop();
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(DeskTest, MoreThanTheCodePaysIsConfirmedOnThePhone) {
  shop.line->asked_before_word = 3;
  start();
  touch(Scan{shop.code(20)});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  const js::object asked = see("confirming");
  EXPECT_EQ(number(asked, "/sale/points"), 30);
  EXPECT_GT(number(asked, "/sale/asked_us"), 0);
  EXPECT_EQ(text(see("result"), "/sale/phase"), "done");
  stop();
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, ACustomerWhoThinksItOverIsLetGo) {
  shop.line->says = CustomersWord::Said::nothing;
  start();
  touch(Scan{shop.code(20)});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  see("confirming");
  touch(Drop{id_of(waits)});
  EXPECT_EQ(text(see("scan"), "/note/what"), "dropped");
  stop();
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(DeskTest, ACardWantsItsPinAndTheStateShowsNone) {
  shop.line->take(shop.town.issue(shop.town.resident, shop.line->card));
  shop.clock.advance(24 * kHourUs);
  start();
  touch(Scan{book::card_digits(shop.line->card)});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {51}, 0});
  noted("more_than_allowed");
  touch(Pay{id_of(waits), {30}, 0});
  see("pin");
  touch(Pin{id_of(waits), "314159"});
  js::object again = see("pin");
  for (int i = 0; i < 400 && !again.at("sale").as_object().contains("why"); ++i) again = see("pin");
  touch(Pin{id_of(waits), "271828"});
  js::object done = see("result");
  EXPECT_EQ(text(done, "/sale/phase"), "done");
  EXPECT_EQ(js::serialize(done).find("271828"), std::string::npos);
  stop();
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, ARefusalSaysWhyInBothLanguages) {
  start();
  const std::string code = shop.code();
  touch(Scan{code});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  see("result");
  touch(Scan{code});
  js::object again = see("customer");
  touch(Pay{id_of(again), {30}, 0});
  js::object refused = see("result");
  EXPECT_EQ(text(refused, "/sale/phase"), "refused");
  EXPECT_EQ(text(refused, "/sale/why"), "code_used");
  EXPECT_THAT(text(refused, "/sale/why_zh"), testing::HasSubstr("已经用过"));
  EXPECT_THAT(text(refused, "/sale/why_en"), testing::HasSubstr("used already"));
  EXPECT_EQ(shop.till(), 30);
}

}  // namespace
}  // namespace dfb::terminal::kiosk
