// Columns with Chinese characters, and the till's one-line messages.
#include "terminal/screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "terminal/text.h"

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

TEST(Screen, ASaleThatStandsLateSaysWhatToDo) {
  Sale sale = done_sale();
  sale.cancel = {"payload", "signature"};
  for (const Lang lang : {Lang::zh, Lang::en})
    EXPECT_THAT(message(lang, Do::show_done, sale), HasSubstr("refund 1204 30"));
  EXPECT_THAT(message(Lang::en, Do::show_done, sale), HasSubstr("give the points back"));
  std::ostringstream coloured;
  Screen(coloured, Lang::en, true).show(Do::show_done, sale);
  EXPECT_THAT(coloured.str(), HasSubstr("\x1b[1;33m"));
}

}  // namespace
}  // namespace dfb::terminal
