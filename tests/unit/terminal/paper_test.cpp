// Receipts on 58 mm paper, columns with Chinese characters, and the till's one-line messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "terminal/screen.h"
#include "terminal/text.h"
#include "terminal/till/receipt_text.h"

namespace dfb::terminal {
namespace {

using testing::HasSubstr;

Sale done_sale() {
  Sale sale;
  sale.phase = Phase::done;
  sale.id = parse_uuid("019a5b3e-7c00-7abc-8def-000000000004").value();
  sale.customer.name = "王*";
  sale.customer.spend_max = {120};
  sale.points = {30};
  sale.cash_fen = 1250;
  sale.seq = 1204;
  sale.entry_us = 1'795'484'400'000'000;
  sale.log_size = 1205;
  return sale;
}

TEST(Text, ColumnsOfAFixedWidthFont) {
  EXPECT_EQ(columns("abc"), 3);
  EXPECT_EQ(columns("王*"), 3);
  EXPECT_EQ(columns("（中）"), 6);
  EXPECT_EQ(columns("e\u0301"), 1);
  EXPECT_EQ(columns("\xff"), 1);
  EXPECT_EQ(cut("王王王", 5), "王王");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(wrap("丽景社区超市", 5), (std::vector<std::string>{"丽景", "社区", "超市"}));
  EXPECT_EQ(wrap("", 5), (std::vector<std::string>{""}));
  EXPECT_EQ(wrap("王", 1), (std::vector<std::string>{""})) << "no endless loop";
  EXPECT_EQ(two_ends("积分", "30", 10), "积分    30\n");
  EXPECT_EQ(two_ends("积分", "1234567", 10), "积分\n   1234567\n");
  EXPECT_EQ(centred("超市", 8), "  超市\n");
}

TEST(Text, WhatStrangersWriteCannotMoveTheCursor) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n\tc\x7f"), "a[2Jbc");
  EXPECT_EQ(printable("a\u202eb\u2066c\u2028"), "abc");
  EXPECT_EQ(printable("\xff\xc0\x80\xed\xa0\x80王\xe7\x8e"),
            "??"
            "????"
            "王??" +
                std::string());
  EXPECT_EQ(printable("\u0085x"), "x");
}

TEST(ReceiptText, InChinese) {
  const std::string text = receipt_text(done_sale(), {"丽景超市", "bq.example/points"}, Lang::zh);
  EXPECT_EQ(text,
            "            丽景超市\n"
            "            积分消费\n"
            "--------------------------------\n"
            "时间         2026-11-24 09:40:00\n"
            "小票号                      1204\n"
            "顾客                         王*\n"
            "积分                         -30\n"
            "现金                      ¥12.50\n"
            "--------------------------------\n"
            "编号\n"
            "019a5b3e-7c00-7abc-8def-00000000\n"
            "                            0004\n"
            "账本           bq.example/points\n"
            "共记                        1205\n"
            "根\n"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
            "                    AAAAAAAAAAA=\n");
}

TEST(ReceiptText, NoLineIsWiderThanThePaper) {
  Sale sale = done_sale();
  sale.kind = Kind::refund;
  sale.memo = std::string(64, 'm');
  sale.customer.name = "";
  sale.cash_fen = 0;
  for (const int width : {24, 32, 48})
    for (const Lang lang : {Lang::zh, Lang::en}) {
      std::istringstream in(
          receipt_text(sale, {"八桥镇丽景社区德商联盟生活超市总店", std::string(60, 'o')}, lang, width));
      for (std::string line; std::getline(in, line);) EXPECT_LE(columns(line), width) << line;
    }
  EXPECT_THAT(receipt_text(sale, {"S", "o"}, Lang::en), HasSubstr("+30"));
}

TEST(Screen, EveryMessageIsOneLineInBothLanguages) {
  Sale sale = done_sale();
  sale.why = fail(Code::insufficient_points, "detail");
  for (const Lang lang : {Lang::zh, Lang::en})
    for (int what = static_cast<int>(Do::show_customer); what <= static_cast<int>(Do::show_cancelled); ++what)
      for (const Kind kind : {Kind::sale, Kind::refund}) {
        sale.kind = kind;
        const std::string text = message(lang, static_cast<Do>(what), sale);
        EXPECT_FALSE(text.empty());
        EXPECT_EQ(text.find('\n'), text.npos);
      }
  EXPECT_THAT(
      message(Lang::en, Do::show_unknown, sale),
      testing::AllOf(HasSubstr("hand nothing over"), HasSubstr("019a5b3e-7c00-7abc-8def-000000000004")));
  EXPECT_THAT(message(Lang::zh, Do::show_unknown, sale),
              testing::AllOf(HasSubstr("先不要交货"), HasSubstr("019a5b3e-7c00-7abc-8def-000000000004")));
  EXPECT_THAT(message(Lang::zh, Do::show_refused, sale), HasSubstr("积分不足"));
}

TEST(Screen, ColoursOnlyWhereTheyAreWanted) {
  std::ostringstream plain, coloured;
  Screen(plain, Lang::en, false).show(Do::show_done, done_sale());
  Screen(coloured, Lang::en, true).show(Do::show_done, done_sale());
  EXPECT_EQ(plain.str(), "DONE: 30 points from 王*, and 12.50 yuan in cash, receipt 1204\n");
  EXPECT_EQ(coloured.str(), "\x1b[1;32m" + plain.str().substr(0, plain.str().size() - 1) + "\x1b[0m\n");
}

TEST(Words, UnknownCodesStillSaySomething) {
  EXPECT_EQ(words(Lang::en, fail(Code::cap_grid, "")), "the town refuses (cap_grid)");
  EXPECT_EQ(words(Lang::en, fail(Code::cap_grid, "why")), "why (cap_grid)");
  EXPECT_EQ(yuan(1205), "12.05");
}

}  // namespace
}  // namespace dfb::terminal
