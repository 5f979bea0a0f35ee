// Reading what the town answers: what counts as an answer, as a refusal, and as neither.
#include "terminal/link/answer.h"

#include <gtest/gtest.h>

#include "ledger/base/encoding.h"
#include "terminal/link/request.h"

namespace dfb::terminal {
namespace {

const std::string kAnswer =
    R"({"seq":17,"time_us":5,"known":false,"entry":"text","receipt":"proof","outcome":{},"new_field":[1]})";

TEST(Answer, AnEntry) {
  for (const int status : {200, 201}) {
    const auto reply = parse_reply(status, kAnswer);
    ASSERT_TRUE(reply && reply->answer && !reply->problem);
    EXPECT_EQ(reply->answer->seq, 17);
    EXPECT_EQ(reply->answer->entry, "text");
    EXPECT_EQ(reply->answer->receipt, "proof");
    EXPECT_EQ(reply->answer->refused, "");
  }
  EXPECT_EQ(parse_reply(200, R"({"seq":1,"entry":"e","receipt":"r","refused":null})")->answer->refused, "");
  EXPECT_EQ(parse_reply(200, R"({"seq":1,"entry":"e","receipt":"r","refused":"code_used"})")->answer->refused,
            "code_used");
}

TEST(Answer, ChangesOfTheLogsKey) {
  const auto changes = parse_log_keys(
      R"({"changes":[{"vkey":"k","until_us":5,"entry":"e1","receipt":"r1"},{"entry":"e2","receipt":"r2"}]})");
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 2U);
  EXPECT_EQ(changes->at(1).entry, "e2");
  EXPECT_EQ(changes->at(1).receipt, "r2");
  EXPECT_TRUE(parse_log_keys(R"({"changes":[]})")->empty());
  for (const char* bad : {"{}", R"({"changes":{}})", R"({"changes":[1]})", R"({"changes":[{"entry":"e"}]})"})
    EXPECT_EQ(parse_log_keys(bad).error().code, Code::malformed) << bad;
}

TEST(Answer, AShopsOwnEntries) {
  const auto page = parse_leaves(
      R"({"checkpoint":"c","leaves":[{"seq":9,"entry":"e9"},{"seq":4,"entry":"e4"}],"next":4})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->checkpoint, "c");
  ASSERT_EQ(page->leaves.size(), 2U);
  EXPECT_EQ(page->leaves[1], std::pair(std::int64_t{4}, std::string("e4")));
  EXPECT_EQ(page->next, 4);
  EXPECT_FALSE(parse_leaves(R"({"checkpoint":"c","leaves":[],"next":null})")->next);
  for (const char* bad : {"{}", R"({"checkpoint":"c"})", R"({"checkpoint":"c","leaves":[1]})",
                          R"({"checkpoint":"c","leaves":[{"seq":-1,"entry":"e"}]})",
                          R"({"checkpoint":"c","leaves":[],"next":"4"})"})
    EXPECT_EQ(parse_leaves(bad).error().code, Code::malformed) << bad;
}

TEST(Answer, AProblem) {
  const auto reply = parse_reply(403, R"({"code":"forbidden","number":10,"detail":"a\u0007b","status":403})");
  ASSERT_TRUE(reply && reply->problem && !reply->answer);
  EXPECT_EQ(reply->problem->code, Code::forbidden);
  EXPECT_EQ(reply->problem->detail, "ab") << "no control characters reach a screen";
}

TEST(Answer, AProblemThatIsAnEntry) {
  const auto reply =
      parse_reply(422, R"({"code":"insufficient_points","detail":"","seq":9,"entry":"e","receipt":"r"})");
  ASSERT_TRUE(reply && reply->problem && reply->answer);
  EXPECT_EQ(reply->problem->code, Code::insufficient_points);
  EXPECT_EQ(reply->answer->seq, 9);
}

TEST(Answer, BusyMeansNothingHappenedAndTheRestIsNotKnown) {
  EXPECT_EQ(parse_reply(503, "anything").error().code, Code::busy);
  for (const int status : {100, 204, 301, 500, 502, 504})
    EXPECT_EQ(parse_reply(status, kAnswer).error().code, Code::internal) << status;
}

TEST(Answer, WhatIsNotUnderstoodIsNoAnswer) {
  for (const char* body : {"", "{", "[]", "null", "<html>", R"({"seq":-1,"entry":"e","receipt":"r"})",
                           R"({"seq":"1","entry":"e","receipt":"r"})", R"({"seq":1,"entry":"e"})",
                           R"({"seq":1,"entry":"e","receipt":5})", R"({"seq":1.5,"entry":"e","receipt":"r"})",
                           R"({"seq":1,"entry":"e","receipt":"r","refused":7})"})
    EXPECT_EQ(parse_reply(200, body).error().code, Code::malformed) << body;
  for (const char* body : {"", "<html>", "{}", R"({"code":7})", R"({"code":"a_code_of_tomorrow"})",
                           R"({"code":"code_used","entry":"e"})"})
    EXPECT_EQ(parse_reply(400, body).error().code, Code::malformed) << body;
  EXPECT_EQ(parse_reply(200, std::string(100'000, '[')).error().code, Code::malformed);
}

TEST(Answer, TheOthers) {
  const std::string key(43, 'A');
  const auto town = parse_town(R"({"origin":"bq.example/points","log_vkey":"v","time_us":7,"name_zh":"镇"})");
  ASSERT_TRUE(town);
  EXPECT_EQ(town->time_us, 7);
  EXPECT_FALSE(parse_town(R"({"origin":"bq.example/points","log_vkey":"v"})"));
  const auto ticket = parse_ticket(R"({"account":"5C4V9H2N6P8XJ","kind":"shop","name":"超市"})");
  ASSERT_TRUE(ticket);
  EXPECT_EQ(to_string(ticket->account), "5C4V9H2N6P8XJ");
  EXPECT_FALSE(parse_ticket(R"({"account":"5C4V","kind":"shop","name":"超市"})"));
  const auto till =
      parse_till_info(R"({"shop":"5C4V9H2N6P8XJ","till":")" + key +
                      R"(","name_zh":"超市","name_en":"Shop","origin":"o","log_vkey":"v","time_us":7})");
  ASSERT_TRUE(till);
  EXPECT_EQ(till->name_zh, "超市");
  const auto customer =
      parse_presentation(R"({"device":")" + key + R"(","account":"7ZK3M8Q2R5T1V","name":"王\u001b[31m*",)" +
                         R"("code_limit":200,"spend_max":120,"expires_us":9})");
  ASSERT_TRUE(customer);
  EXPECT_EQ(customer->name, "王[31m*");
  EXPECT_EQ(customer->spend_max.value, 120);
  EXPECT_EQ(parse_certificate(R"({"certificate":"PEM"})").value(), "PEM");
  EXPECT_EQ(parse_problem("nothing").code, Code::malformed);
}

TEST(Answer, ASignedCommandKeepsThePayloadsBytes) {
  const std::string payload = R"({"v":1,"op":"cancel"})";
  EXPECT_EQ(signed_command_json(payload, {{Hash{}, "sig"}}),
            R"({"payload":"{\"v\":1,\"op\":\"cancel\"}","signatures":[{"key":")" + hash_text(Hash{}) +
                R"(","signature":"c2ln"}]})");
}

TEST(Answer, WhatTheShopSells) {
  const auto one = [](const std::string& fields) { return R"({"goods":[{)" + fields + "}]}"; };
  const std::string rice = R"("good":"rice","name_zh":"大\u0007米","name_en":"Rice","points":10,"stock":0,"new":1)";
  const auto goods = parse_goods(one(rice));
  ASSERT_TRUE(goods);
  EXPECT_EQ(goods->at(0), (ShopGood{"rice", "大米", "Rice", 10, 0}));
  EXPECT_TRUE(parse_goods(R"({"goods":[]})")->empty());
  for (const std::string& bad :
       {std::string("{}"), std::string(R"({"goods":{}})"), std::string(R"({"goods":[1]})"), one(""),
        one(R"("good":"Rice","name_zh":"米","name_en":"r","points":10,"stock":3)"),
        one(R"("good":"rice","name_zh":"米","name_en":"r","points":0,"stock":3)"),
        one(R"("good":"rice","name_zh":"米","name_en":"r","points":1000000001,"stock":3)"),
        one(R"("good":"rice","name_zh":"米","name_en":"r","points":10,"stock":-1)"),
        one(R"("good":"rice","name_en":"r","points":10,"stock":1)"), one(rice + "},{" + rice)})
    EXPECT_EQ(parse_goods(bad).error().code, Code::malformed) << bad;
}

TEST(Answer, AShopsPeopleAndTheirPins) {
  const auto staff = parse_staff(
      R"({"staff":[{"staff":"s-01","name":"李\u001b梅","role":"cashier","tries_left":5,"more":1},)"
      R"({"staff":"s-02","name":"","role":"manager","tries_left":0}]})");
  ASSERT_TRUE(staff);
  EXPECT_EQ(*staff, (std::vector<StaffMember>{{"s-01", "李梅", false, 5}, {"s-02", "", true, 0}}));
  for (const char* bad :
       {"{}", R"({"staff":{}})", R"({"staff":[1]})", R"({"staff":[{"staff":"s-01"}]})",
        R"({"staff":[{"staff":"S 1","name":"x","role":"cashier","tries_left":5}]})",
        R"({"staff":[{"staff":"s-01","name":"x","role":"cashier","tries_left":-1}]})"})
    EXPECT_FALSE(parse_staff(bad)) << bad;
  using Verdict = StaffVerdict::Said;
  const auto said = [](const std::string& word) {
    return parse_staff_verdict(R"({"verdict":")" + word + R"(","role":"manager","tries_left":3})");
  };
  EXPECT_EQ(said("right")->said, Verdict::right);
  EXPECT_TRUE(said("right")->manager);
  EXPECT_EQ(said("wrong")->tries_left, 3);
  EXPECT_EQ(said("locked")->said, Verdict::locked);
  EXPECT_FALSE(said("RIGHT")) << "what is not understood opens nothing";
}

TEST(Answer, ACustomersWord) {
  const std::string good(86, 'A');
  const auto word = [](const std::string& body) { return parse_word(body); };
  EXPECT_EQ(word(R"({"state":"waiting"})")->said, CustomersWord::Said::nothing);
  EXPECT_EQ(word(R"({"state":"declined"})")->said, CustomersWord::Said::no);
  EXPECT_EQ(word(R"({"state":"confirmed","signature":")" + good + "\"}")->signature, std::string(64, '\0'));
  for (const char* bad : {R"({"state":"confirmed"})", R"({"state":"confirmed","signature":"AAAA"})",
                          R"({"state":"confirmed","signature":"?"})", R"({"state":1})", "[]"})
    EXPECT_FALSE(word(bad)) << bad;
}

// An older town names no goods.
TEST(Answer, EntriesWithWhatTheySold) {
  const auto page = parse_leaves(
      R"({"checkpoint":"c","leaves":[{"seq":9,"entry":"x","goods":[{"good":"rice","count":2}]},{"seq":7,"entry":"y"}],"next":7})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->leaves.size(), 2U);
  ASSERT_EQ(page->goods.size(), 1U);
  EXPECT_EQ(page->goods.at(9), (std::vector<book::GoodsLine>{{"rice", 2}}));
  EXPECT_FALSE(parse_leaves(R"({"checkpoint":"c","leaves":[{"seq":9,"entry":"x","goods":[{"good":"rice"}]}]})"));
}

}  // namespace
}  // namespace dfb::terminal
