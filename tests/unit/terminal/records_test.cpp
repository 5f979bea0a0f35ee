// What a start makes of the journal's records, and which it refuses.
#include "terminal/till/history.h"

#include <gtest/gtest.h>

#include "ledger/base/encoding.h"
#include "ledger/base/strict_json.h"
#include "ledger/book/codes.h"
#include "ledger/book/command.h"
#include "ledger/crypto/hash.h"

namespace dfb::terminal {
namespace {

constexpr TimeUs kStoryAt = 1'795'484'400'000'000;

Uuid id_of(char last) {
  return parse_uuid(std::string("019a5b3e-7c00-7abc-8def-00000000000") + last).value();
}

std::string code() {
  book::PayCode code;
  code.account = {0x7000000000000001};
  code.step = 359'096'880;
  code.limit = {200};
  code.signature = std::string(64, 's');
  return code.text();
}

Sale sent(Kind kind, char last) {
  Sale sale;
  sale.kind = kind;
  sale.id = id_of(last);
  book::Transfer transfer;
  transfer.kind = kind == Kind::sale ? book::TransferKind::redeem : book::TransferKind::refund;
  const book::AccountId resident{0x7000000000000001}, shop{0x5000000000000001};
  transfer.from = kind == Kind::sale ? resident : shop;
  transfer.to = kind == Kind::sale ? shop : resident;
  transfer.points = {30};
  if (kind == Kind::sale) {
    transfer.goods = sha256("");
    transfer.cash_fen = 1250;
    transfer.proof = book::CodeProof{sha256("device"), code()};
  } else {
    transfer.sale = id_of('1');
    transfer.memo = "broken bag";
  }
  sale.command = {book::format_payload({sale.id, sha256("till"), kStoryAt + kMinuteUs, transfer}),
                  std::string(64, 's')};
  sale.cancel = {R"({"v":1})", std::string(64, 'c')};
  sale.seq = 17;
  sale.entry_us = kStoryAt + 5;
  sale.log_size = 18;
  sale.log_root = sha256("root");
  sale.effect = CancelEffect::burnt;
  sale.why.code = Code::code_used;
  return sale;
}

class Story {
 public:
  Story() {
    EXPECT_TRUE(add(What::open, open_text({"bq.example/points", {0x5000000000000001}, sha256("till")})));
  }
  Result<void> add(What what, std::string text) {
    Record record{n_, kStoryAt + n_, what, std::move(text)};
    ++n_;
    return history.add(record);
  }
  Result<void> add(Do what, const Sale& sale) {
    auto record = record_of(what, sale);
    return add(record.what, std::move(record.text));
  }
  History history;

 private:
  std::int64_t n_ = 0;
};

TEST(Records, ASaleThroughItsWholeLife) {
  Story story;
  const Sale sale = sent(Kind::sale, '1');
  ASSERT_TRUE(story.add(Do::write_sale, sale));
  EXPECT_TRUE(story.history.unfinished().empty()) << "nothing was sent";
  ASSERT_TRUE(story.add(Do::write_sent, sale));
  ASSERT_EQ(story.history.unfinished().size(), 1U);
  Sale read = story.history.unfinished()[0];
  EXPECT_EQ(read.phase, Phase::sending);
  EXPECT_EQ(read.command, sale.command);
  EXPECT_EQ(read.points.value, 30);
  EXPECT_EQ(read.cash_fen, 1250);
  EXPECT_EQ(read.customer.account.value, 0x7000000000000001U);
  EXPECT_TRUE(story.history.has_open());
  ASSERT_TRUE(story.add(Do::write_unknown, sale));
  EXPECT_TRUE(story.history.unfinished()[0].told_unknown);
  ASSERT_TRUE(story.add(Do::write_done, sale));
  EXPECT_FALSE(story.history.has_open());
  read = story.history.unfinished().at(0);
  EXPECT_EQ(read.phase, Phase::done) << "and not yet shown";
  EXPECT_EQ(read.seq, 17);
  EXPECT_EQ(read.log_root, sale.log_root);
  EXPECT_EQ(read.entry_us, kStoryAt + 5);
  ASSERT_TRUE(story.add(Do::write_shown, sale));
  EXPECT_TRUE(story.history.unfinished().empty());
  EXPECT_EQ(story.history.by_receipt(17)->id, sale.id);
  EXPECT_EQ(story.history.by_receipt(18), nullptr);
}

TEST(Records, ACancelThatWasReplaced) {
  Story story;
  Sale sale = sent(Kind::sale, '1');
  ASSERT_TRUE(story.add(Do::write_sale, sale));
  ASSERT_TRUE(story.add(Do::write_sent, sale));
  ASSERT_TRUE(story.add(Do::write_cancel, sale));
  sale.cancel.payload = "another";
  ASSERT_TRUE(story.add(Do::write_cancel, sale));
  const Sale read = story.history.unfinished().at(0);
  EXPECT_EQ(read.phase, Phase::cancelling);
  EXPECT_EQ(read.cancel, sale.cancel);
  ASSERT_TRUE(story.add(Do::write_cancelled, sale));
  EXPECT_EQ(story.history.unfinished().at(0).effect, CancelEffect::burnt);
  ASSERT_TRUE(story.add(Do::write_shown, sale));
  EXPECT_EQ(story.history.past().at(0).phase, Phase::cancelled);
}

TEST(Records, ARefund) {
  Story story;
  const Sale refund = sent(Kind::refund, '2');
  ASSERT_TRUE(story.add(Do::write_refund, refund));
  const Sale read = story.history.unfinished().at(0);
  EXPECT_EQ(read.kind, Kind::refund);
  EXPECT_EQ(read.refunded, id_of('1'));
  EXPECT_EQ(read.memo, "broken bag");
  EXPECT_EQ(read.customer.account.value, 0x7000000000000001U);
  EXPECT_EQ(read.cash_fen, 0);
  EXPECT_EQ(record_of(Do::write_refund, refund).text.find("cash"), std::string::npos) << "only where there is some";
  ASSERT_TRUE(story.add(Do::write_refused, refund));
  EXPECT_TRUE(story.history.unfinished().empty());
  EXPECT_EQ(story.history.past().at(0).why, Code::code_used);
}

TEST(Records, TheGoodsOfASaleStandInTheRecordThatGoesBeforeIt) {
  Sale sale = sent(Kind::sale, '1');
  sale.goods = {{"rice", 2, 10}, {"soap", 1, 5}};
  EXPECT_NE(record_of(Do::write_sent, sale).text.find(R"("goods":[["rice",2,10],["soap",1,5]])"), std::string::npos);
  const auto add = [&](const std::string& text) {
    Story story;
    EXPECT_TRUE(story.add(Do::write_sale, sale));
    return story.add(What::sent, text).has_value();
  };
  EXPECT_FALSE(add(record_of(Do::write_sent, sale).text)) << "the payload is of points typed";
  auto payload = book::parse_payload(sale.command.payload).value();
  std::get<book::Transfer>(payload.body).goods = book::goods_digest(lines_of(sale.goods));
  sale.command.payload = book::format_payload(payload);
  const std::string good = record_of(Do::write_sent, sale).text;
  Story story;
  ASSERT_TRUE(story.add(Do::write_sale, sale));
  ASSERT_TRUE(story.add(What::sent, good));
  EXPECT_EQ(story.history.unfinished().at(0).goods, sale.goods);
  EXPECT_EQ(story.history.past().at(0).goods, sale.goods);
  const std::string list = R"([["rice",2,10],["soap",1,5]])";
  for (const char* other :
       {"[]", R"([["rice",2,10]])", R"([["soap",1,5],["rice",2,10]])", R"([["rice",2,10],["soap",2,5]])",
        R"([["rice",2],["soap",1]])", R"([["rice",2,0],["soap",1,5]])", R"([["rice","2",10],["soap",1,5]])",
        R"(["rice","soap"])", R"("rice")"}) {
    std::string text = good;
    text.replace(text.find(list), list.size(), other);
    EXPECT_FALSE(add(text)) << other;
  }
  Sale without = sale;
  without.goods.clear();
  EXPECT_FALSE(add(record_of(Do::write_sent, without).text)) << "whose goods are missing";
}

// What the payload does not say stands in the record: whose points, the cash part, the goods.
TEST(Records, APickUp) {
  Sale sale = sent(Kind::sale, '1');
  sale.hold = id_of('9');
  sale.customer.account = {0x7000000000000001};
  sale.goods = {{"rice", 2, 10}, {"soap", 1, 10}};
  const book::Resolve capture{id_of('9'), true, {0x5000000000000001}, {30}, ""};
  const auto line_of = [&](const book::Body& body) {
    return book::format_payload({sale.id, sha256("till"), kStoryAt + kMinuteUs, body});
  };
  sale.cash_fen = 1250;
  sale.command.payload = line_of(capture);
  EXPECT_EQ(record_of(Do::write_sent, sale).what, What::pickup);
  Story story;
  EXPECT_FALSE(story.add(Do::write_sent, sale)) << "not announced";
  ASSERT_TRUE(story.add(Do::write_sale, sale));
  ASSERT_TRUE(story.add(Do::write_sent, sale));
  const Sale read = story.history.unfinished().at(0);
  EXPECT_EQ(read.phase, Phase::sending);
  EXPECT_EQ(read.kind, Kind::sale);
  EXPECT_EQ(read.hold, id_of('9'));
  EXPECT_EQ(read.command, sale.command);
  EXPECT_EQ(read.points.value, 30);
  EXPECT_EQ(read.cash_fen, 1250);
  EXPECT_EQ(read.goods, sale.goods);
  EXPECT_EQ(read.customer.account, sale.customer.account);
  EXPECT_TRUE(story.history.past()[0].pickup);
  EXPECT_FALSE(story.add(Do::write_sent, sale)) << "twice";
  ASSERT_TRUE(story.add(Do::write_done, sale));
  EXPECT_EQ(story.history.shift_totals(), (ShiftTotals{kStoryAt + 3, 1, 30, 0, 0, 0, 1250}));

  const auto refuses = [&](std::string text) {
    Story other;
    EXPECT_TRUE(other.add(Do::write_sale, sale));
    return !other.add(What::pickup, std::move(text)).has_value();
  };
  const std::string good = record_of(Do::write_sent, sale).text;
  EXPECT_FALSE(refuses(good));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {R"(,"cash":1250)", ""}, {R"("cash":1250)", R"("cash":-1)"}, {R"("account":")", R"("account":"x)"},
           {R"([["rice",2,10],["soap",1,10]])", R"([["rice",2,10],["rice",1,10]])"}, {R"("goods")", R"("good")"}}) {
    std::string text = good;
    ASSERT_NE(text.find(from), text.npos) << from;
    text.replace(text.find(from), from.size(), to);
    EXPECT_TRUE(refuses(text)) << to;
  }
  book::Resolve release = capture;
  release.capture = false, release.points = {0}, release.to = {0x7000000000000001};
  for (const book::Body& body : {book::Body(release), book::Body(book::Cancel{id_of('9')})}) {
    Sale wrong = sale;
    wrong.command.payload = line_of(body);
    EXPECT_TRUE(refuses(record_of(Do::write_sent, wrong).text));
  }
  EXPECT_TRUE(refuses(record_of(Do::write_sent, sent(Kind::sale, '1')).text)) << "a sale's record";
}

TEST(Records, WhatMakesNoSenseIsRefused) {
  const Sale sale = sent(Kind::sale, '1'), refund = sent(Kind::refund, '2');
  const auto refused = [](std::vector<std::pair<Do, Sale>> before, Do what, const Sale& last) {
    Story story;
    for (const auto& [act, of] : before) EXPECT_TRUE(story.add(act, of));
    return !story.add(what, last).has_value();
  };
  EXPECT_TRUE(refused({}, Do::write_sent, sale)) << "not announced";
  EXPECT_TRUE(refused({}, Do::write_done, sale));
  EXPECT_TRUE(refused({{Do::write_sale, sale}}, Do::write_done, sale)) << "not sent";
  EXPECT_TRUE(refused({{Do::write_sale, sale}, {Do::write_sent, sale}}, Do::write_sent, sale)) << "twice";
  EXPECT_TRUE(refused({{Do::write_sale, sale}, {Do::write_sent, sale}, {Do::write_done, sale}},
                      Do::write_cancel, sale));
  EXPECT_TRUE(refused({{Do::write_sale, sale}, {Do::write_sent, sale}, {Do::write_refused, sale}},
                      Do::write_sale, sale));
  EXPECT_TRUE(refused({{Do::write_refund, refund}}, Do::write_refund, refund));
  Sale mixed = sale;
  mixed.command = refund.command;
  EXPECT_TRUE(refused({{Do::write_sale, sale}}, Do::write_sent, mixed)) << "another command's payload";

  Story story;
  EXPECT_FALSE(story.add(What::open, open_text({"o", {0x5000000000000001}, {}}))) << "a second owner";
  EXPECT_TRUE(story.add(What::seen, seen_text({9, sha256("a")})));
  EXPECT_FALSE(story.add(What::seen, seen_text({8, sha256("b")}))) << "backwards";
  for (const char* text :
       {"", "{}", "[]", "7", R"({"id":"x"})", R"({"id":"019a5b3e-7c00-7abc-8def-000000000001","x":1})"})
    EXPECT_FALSE(story.add(What::sale, text)) << text;
}

TEST(Records, WhoGoesOnWithoutAPin) {
  Story story;
  EXPECT_FALSE(story.add(What::resumed, resumed_text("s-01"))) << "who never came";
  ASSERT_TRUE(story.add(What::signin, signin_text("s-01")));
  EXPECT_FALSE(story.add(What::resumed, resumed_text("s-02"))) << "somebody else";
  ASSERT_TRUE(story.add(What::resumed, resumed_text("s-01")));
  EXPECT_EQ(story.history.staff(), "s-01");
  const auto sell = [&story](char n) {
    for (const Do what : {Do::write_sale, Do::write_sent, Do::write_done, Do::write_shown})
      ASSERT_TRUE(story.add(what, sent(Kind::sale, n)));
  };
  sell('1');
  ASSERT_TRUE(story.add(What::signin, signin_text("s-01")));
  sell('2');
  EXPECT_TRUE(story.history.past()[0].no_pin);
  EXPECT_FALSE(story.history.past()[1].no_pin);
  EXPECT_EQ(story.history.shift_totals().no_pin, 1);
}

TEST(Records, WhoStandsHereAndWhatTheShiftCameTo) {
  Story story;
  EXPECT_FALSE(story.history.knows_staff());
  EXPECT_FALSE(story.add(What::signout, signout_text("s-01"))) << "who never came";
  ASSERT_TRUE(story.add(What::signin, signin_text("s-01")));
  const Sale sale = sent(Kind::sale, '1');
  for (const Do what : {Do::write_sale, Do::write_sent, Do::write_done, Do::write_shown})
    ASSERT_TRUE(story.add(what, sale));
  EXPECT_EQ(story.history.past()[0].staff, "s-01");
  EXPECT_FALSE(story.add(What::signout, signout_text("s-02"))) << "somebody else";
  EXPECT_FALSE(story.add(What::signin, signin_text("")));
  ASSERT_TRUE(story.add(What::signout, signout_text("s-01")));
  EXPECT_EQ(story.history.staff(), "");
  EXPECT_TRUE(story.history.knows_staff());

  const ShiftTotals totals = story.history.shift_totals();
  EXPECT_EQ(totals, (ShiftTotals{kStoryAt + 4, 1, 30, 0, 0, 0, 1250}));
}

// The entry of a refund knows no cash: the till's journal does.
TEST(Records, CashThatARefundGaveBackIsOutOfTheDrawer) {
  Story story;
  const Sale sale = sent(Kind::sale, '1');
  for (const Do what : {Do::write_sale, Do::write_sent, Do::write_done, Do::write_shown})
    ASSERT_TRUE(story.add(what, sale));
  Sale refund = sent(Kind::refund, '2');
  refund.cash_fen = 1000;
  const std::string text = record_of(Do::write_refund, refund).text;
  EXPECT_NE(text.find(R"("cash":1000)"), text.npos);
  for (const char* wrong : {R"("cash":0)", R"("cash":-1)", R"("cash":"1")"}) {
    std::string spoilt = text;
    EXPECT_FALSE(story.add(What::refund, spoilt.replace(spoilt.find(R"("cash":1000)"), 11, wrong))) << wrong;
  }
  ASSERT_TRUE(story.add(Do::write_refund, refund));
  EXPECT_EQ(story.history.unfinished().at(0).cash_fen, 1000);
  EXPECT_EQ(story.history.shift_totals().cash_fen, 1250) << "not yet";
  EXPECT_EQ(story.history.by_id(sale.id)->cash_back_fen, 0);
  ASSERT_TRUE(story.add(Do::write_done, refund));
  EXPECT_EQ(story.history.shift_totals().cash_fen, 250);
  EXPECT_EQ(story.history.by_id(sale.id)->cash_back_fen, 1000);
  EXPECT_EQ(story.history.by_id(refund.id)->cash_fen, 1000);
}

// As tills wrote them before X reports stood in the ledger.
TEST(Records, AnOldXReportKeepsItsNumber) {
  const auto old = [](int number) {
    return R"({"number":)" + std::to_string(number) + R"(,"count":1,"total":30,"refunds":0,"refunded":0})";
  };
  Story story;
  EXPECT_FALSE(story.add(What::xreport, old(2))) << "a gap";
  ASSERT_TRUE(story.add(What::xreport, old(1)));
  EXPECT_FALSE(story.add(What::xreport, old(1))) << "twice";
  EXPECT_FALSE(story.add(What::xreport, R"({"number":2,"count":1})"));
  ASSERT_TRUE(story.add(What::xreport, old(2)));
  EXPECT_EQ(story.history.x_number(), 2);
  EXPECT_TRUE(story.history.past().empty()) << "there is no entry to show";
  EXPECT_EQ(story.history.shift_totals().from_us, 0);
}

TEST(Records, AVoidAnXAndAZReport) {
  const auto command = [](Kind kind, char last, const book::Body& body) {
    Sale sale = sent(Kind::refund, last);
    sale.kind = kind;
    sale.manager = "s-02";
    sale.totals.from_us = kStoryAt;
    sale.command.payload = book::format_payload({sale.id, sha256("till"), kStoryAt + kMinuteUs, body});
    return sale;
  };
  book::Record record;
  record.kind = "zreport";
  record.subject = "till-0011aabb-z-4";
  record.account = {0x5000000000000001};
  record.period = "2026-11-24";
  record.lines = 3;
  record.head = std::string(22, 'h');
  const auto x_of = [](book::Record of) {
    of.kind = "xreport";
    of.subject = "till-0011aabb-x-3";
    return of;
  };
  const Sale sale = sent(Kind::sale, '1'), undo = command(Kind::undo, '2', book::Cancel{id_of('1')}),
             report = command(Kind::zreport, '3', record), reading = command(Kind::xreport, '5', x_of(record)), stray = command(Kind::undo, '4', book::Cancel{id_of('9')});
  Story story;
  EXPECT_FALSE(story.add(Do::write_undo, undo)) << "of a sale that never was";
  for (const Do what : {Do::write_sale, Do::write_sent}) ASSERT_TRUE(story.add(what, sale));
  EXPECT_FALSE(story.add(Do::write_undo, undo)) << "of a sale that is not finished";
  for (const Do what : {Do::write_done, Do::write_shown}) ASSERT_TRUE(story.add(what, sale));
  EXPECT_FALSE(story.add(Do::write_undo, stray));
  ASSERT_TRUE(story.add(Do::write_undo, undo));
  const Sale open = story.history.unfinished().at(0);
  EXPECT_EQ(open.kind, Kind::undo);
  EXPECT_EQ(open.manager, "s-02");
  EXPECT_EQ(open.points.value, 30);
  EXPECT_FALSE(story.history.by_id(sale.id)->undone) << "not yet";
  ASSERT_TRUE(story.add(Do::write_done, undo));
  EXPECT_TRUE(story.history.by_id(sale.id)->undone);
  ASSERT_TRUE(story.add(Do::write_shown, undo));
  Sale wrong = report;
  wrong.command.payload = undo.command.payload;
  EXPECT_FALSE(story.add(Do::write_zreport, wrong)) << "another command's payload";
  EXPECT_FALSE(story.add(Do::write_xreport, report)) << "it closes the shift";
  EXPECT_FALSE(story.add(Do::write_zreport, reading)) << "it closes nothing";
  ASSERT_TRUE(story.add(Do::write_xreport, reading));
  EXPECT_EQ(story.history.unfinished().at(0).kind, Kind::xreport);
  EXPECT_EQ(story.history.unfinished().at(0).number, 3);
  EXPECT_EQ(story.history.x_number(), 0) << "not yet";
  ASSERT_TRUE(story.add(Do::write_done, reading));
  EXPECT_EQ(story.history.x_number(), 3);
  EXPECT_EQ(story.history.shift_totals().voids, 1) << "the shift runs on";
  ASSERT_TRUE(story.add(Do::write_shown, reading));
  ASSERT_TRUE(story.add(Do::write_zreport, report));
  EXPECT_EQ(story.history.unfinished().at(0).number, 4);
  EXPECT_EQ(story.history.z_number(), 0) << "not yet";
  EXPECT_EQ(story.history.shift_totals().voids, 1);
  ASSERT_TRUE(story.add(Do::write_done, report));
  EXPECT_EQ(story.history.z_number(), 4);
  EXPECT_EQ(story.history.shift_totals().voids, 0) << "the next shift";
}

TEST(Records, NoRecordNamesAPerson) {
  Sale sale = sent(Kind::sale, '1');
  sale.customer.name = "王*";
  for (const Do what : {Do::write_sale, Do::write_sent, Do::write_unknown, Do::write_done, Do::write_refused,
                        Do::write_cancel, Do::write_cancelled, Do::write_shown}) {
    const std::string text = record_of(what, sale).text;
    EXPECT_EQ(text.find("王"), text.npos);
    EXPECT_TRUE(json::parse(text)) << text;
  }
}

}  // namespace
}  // namespace dfb::terminal
