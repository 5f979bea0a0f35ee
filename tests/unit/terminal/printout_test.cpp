// Receipts on paper: what stands on them, how it is laid out for both rolls, and the bytes for the printer,
// which a printer written from the makers' tables reads back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "terminal/printing/gb18030.h"
#include "terminal/printing/receipts.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/decode.h"
#include "terminal/scan/receipt_code.h"
#include "tests/support/paper.h"

namespace dfb::terminal {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Sale done() {
  Sale sale;
  sale.phase = Phase::done;
  sale.id = parse_uuid("019a5b3e-7c00-7abc-8def-000000000004").value();
  sale.customer.name = "王*";
  sale.points = {30};
  sale.cash_fen = 1250;
  sale.seq = 1204;
  sale.entry_us = 1'795'484'400'000'000;
  sale.log_size = 1205;
  return sale;
}

Receipts receipts(const Paper& paper = kPaper58mm, const std::string& name_zh = "丽景超市") {
  return Receipts(
      {{name_zh, "Lijing Store", {0x5000000000000001}, "bq.example/points", "https://bq.example:8443"},
       Lang::zh,
       paper,
       QrStyle::native,
       nullptr});
}

const std::string kCode =
    "https://bq.example:8443/#receipt=1204." + to_string(book::AccountId{0x5000000000000001});

TEST(Gb18030, EveryCharacterTakesWhatPaperGivesIt) {
  struct Row {
    std::string utf8, shown, bytes;
    int columns;
  };
  const Row rows[] = {
      {"abc 12", "abc 12", "abc 12", 6},
      {"王", "王", "\xcd\xf5", 2},
      {"德分宝", "德分宝", "\xb5\xc2\xb7\xd6\xb1\xa6", 6},
      {"￥1", "￥1", "\xa3\xa4\x31", 3},
      {"¥1", "?1", "?1", 2},      // four bytes, and in no printer's font
      {"é", "é", "\xa8\xa6", 2},  // a Chinese font draws it as wide as a character
      {"“—”", "“—”", "\xa1\xb0\xa1\xaa\xa1\xb1", 6},
      {"㐂", "㐂", "\x81\x39\xef\x31", 2},  // rare in names, and of four bytes
      {"e\u0301", "e", "e", 1},
      {"😀", "?", "?", 1},
      {"a\x1b@\r\nb", "a@b", "a@b", 3},  // no shop's name commands the printer
      {"\xff", "?", "?", 1},
      {"", "", "", 0},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(paper_text(row.utf8), row.shown) << row.utf8;
    EXPECT_EQ(to_gb18030(row.shown), row.bytes) << row.utf8;
    EXPECT_EQ(paper_columns(row.shown), row.columns) << row.utf8;
  }
}

std::vector<PaperPart> laid(Printout printout, int columns) {
  return lay_out(printout, Paper{columns, columns * 12});
}

TEST(Layout, OnePartAtATime) {
  struct Row {
    Printout printout;
    int columns;
    std::vector<PaperPart> parts;
  };
  using Line = PaperLine;
  const Row rows[] = {
      {Printout().text("丽景社区超市"), 9, {Line{0, "丽景社区"}, Line{0, "超市"}}},
      {Printout().text("Scan with the phone"), 10, {Line{0, "Scan with"}, Line{0, "the phone"}}},
      {Printout().text("12345678901"), 10, {Line{0, "1234567890"}, Line{0, "1"}}},
      {Printout().text(""), 10, {Line{0, ""}}},
      {Printout().centred("超市"), 8, {Line{2, "超市"}}},
      {Printout().centred("超市a"), 8, {Line{1, "超市a"}}},
      {Printout().title("超市"), 16, {Line{2, "超市", true}}},
      {Printout().title("丽景社区超市"), 16, {Line{0, "丽景社区", true}, Line{2, "超市", true}}},
      {Printout().row("积分", "30"), 10, {Line{0, "积分    30"}}},
      {Printout().row("积分", "12345"), 10, {Line{0, "积分 12345"}}},
      {Printout().row("积分", "123456"), 10, {Line{0, "积分"}, Line{4, "123456"}}},
      {Printout().row("", "王"), 8, {Line{0, "      王"}}},
      {Printout().large_row("积分", "-3"), 20, {Line{0, "积分    -3", true}}},
      {Printout().rule(), 8, {Line{0, "--------"}}},
      {Printout().qr("x"), 8, {PaperQr{"x"}}},
  };
  for (const Row& row : rows) EXPECT_EQ(laid(row.printout, row.columns), row.parts);
}

TEST(Layout, NoLineIsWiderThanThePaper) {
  Sale sale = done();
  sale.kind = Kind::refund;
  sale.memo = std::string(64, 'm');
  for (const Paper& paper : {kPaper58mm, kPaper80mm, Paper{8, 96}})
    for (const Lang lang : {Lang::zh, Lang::en}) {
      const Receipts here = receipts(paper, "八桥镇丽景社区德商联盟生活超市总店（龘鱻麤分店）");
      for (const Printout& printout :
           {here.receipt(done(), lang), here.receipt(sale, lang), here.test_page(lang)})
        for (const PaperPart& part : here.preview(printout)) {
          const auto* line = std::get_if<PaperLine>(&part);
          if (line == nullptr) continue;
          EXPECT_LE((line->indent + paper_columns(line->text)) * (line->large ? 2 : 1), paper.columns)
              << line->text;
        }
    }
}

TEST(Receipts, ASaleInChineseOn58mm) {
  const Receipts here = receipts();
  EXPECT_EQ(plain_text(here.preview(here.receipt(done(), Lang::zh))),
            "        丽景超市\n"
            "            积分消费\n"
            "--------------------------------\n"
            "时间         2026-11-24 09:40:00\n"
            "小票号                      1204\n"
            "顾客                         王*\n"
            "积分         -30\n"
            "现金                     ￥12.50\n"
            "--------------------------------\n"
            "编号\n"
            "019a5b3e-7c00-7abc-8def-00000000\n"
            "                            0004\n"
            "账本           bq.example/points\n"
            "共记                        1205\n"
            "根\n"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
            "                    AAAAAAAAAAA=\n" +
                kCode +
                "\n"
                " 用手机扫码，查看并核验这笔记录\n");
}

TEST(Receipts, GoodsStandWithTheirCountAndPoints) {
  Sale sale = done();
  sale.goods = {{"rice", 2, 10}, {"a-long-one", 1000, 1000000}};
  for (const auto& [paper, rice, kept, sum] :
       {std::tuple(kPaper58mm, "大米 x2                       20\n", "一种名字特别长的商品，还是一袋五\n公斤 x1000\n",
                   "                      1000000000\n"),
        std::tuple(kPaper80mm, "大米 x2                                       20\n",
                   "一种名字特别长的商品，还是一袋五公斤 x1000\n",
                   "                                      1000000000\n")}) {
    Receipts::Parts parts{{"丽景超市", "Lijing Store", {}, "bq.example/points", "https://bq.example:8443"}};
    parts.paper = paper;
    parts.good_name = [](const std::string& good, Lang) {
      return good == "rice" ? std::string("大米") : std::string("一种名字特别长的商品，还是一袋五公斤");
    };
    const Receipts here(std::move(parts));
    const std::string text = plain_text(here.preview(here.receipt(sale, Lang::zh)));
    EXPECT_THAT(text, testing::AllOf(HasSubstr(rice), HasSubstr(std::string(kept) + sum)));
    EXPECT_LT(text.find("大米"), text.find("积分   ")) << "before the sum";
  }
  Past past;
  past.phase = Phase::done;
  past.goods = {{"rice", 2, 10}};
  const Receipts nameless = receipts();
  EXPECT_THAT(plain_text(nameless.preview(nameless.receipt(past, Lang::en))), HasSubstr("rice x2"))
      << "its id, where no town has told its name";
}

TEST(Receipts, ARefundInEnglishOn80mm) {
  Sale sale = done();
  sale.kind = Kind::refund;
  sale.cash_fen = 0;
  sale.memo = "goods damaged";
  const Receipts here = receipts(kPaper80mm);
  const std::string text = plain_text(here.preview(here.receipt(sale, Lang::en)));
  EXPECT_THAT(text, HasSubstr("               POINTS GIVEN BACK\n"));
  EXPECT_THAT(text, HasSubstr("Points               +30\n"));
  EXPECT_THAT(text, HasSubstr("Reason                             Goods damaged\n"));
  EXPECT_THAT(text, HasSubstr("Id          019a5b3e-7c00-7abc-8def-000000000004\n"));
  EXPECT_THAT(text, HasSubstr("Of sale     00000000-0000-0000-0000-000000000000\n"));
  EXPECT_EQ(text.find("Cash"), text.npos);
}

TEST(Receipts, ACopyOfThePastSaysSoAndNamesNobody) {
  Past past;
  past.phase = Phase::done;
  past.kind = Kind::refund;
  past.memo = "somebody's own words";
  const Receipts here = receipts();
  const std::string text = plain_text(here.preview(here.receipt(past, Lang::zh)));
  EXPECT_THAT(text, testing::AllOf(HasSubstr("补打\n"), HasSubstr("somebody's own words")));
  EXPECT_EQ(text.find("顾客"), text.npos);
  EXPECT_EQ(plain_text(here.preview(here.receipt(done(), Lang::zh))).find("补打"), std::string::npos);
}

TEST(Receipts, TheMemosOfTheReasonsArePlain) {
  for (const RefundReason& reason : refund_reasons()) {
    EXPECT_LE(reason.memo.size(), 64U);
    for (const char c : reason.memo) EXPECT_TRUE(c >= ' ' && c <= '~' && c != '"' && c != '\\');
    EXPECT_FALSE(reason.zh.empty() || reason.en.empty());
  }
}

TEST(Receipts, TroubleHasWordsOnlyWhereSomethingIsWrong) {
  for (const Lang lang : {Lang::zh, Lang::en}) {
    for (const PrinterState state : {PrinterState::none, PrinterState::ready, PrinterState::printing})
      EXPECT_EQ(trouble({state}, lang), "");
    EXPECT_NE(trouble({PrinterState::silent}, lang), trouble({PrinterState::no_paper}, lang));
  }
}

TEST(ReceiptCode, ThereAndBack) {
  const ReceiptCode code{1204, {0x5000000000000001}};
  EXPECT_EQ(receipt_url("https://bq.example:8443", code), kCode);
  EXPECT_EQ(parse_receipt_url(kCode).value(), code);
  EXPECT_EQ(kind_of(kCode), CodeKind::receipt);
  EXPECT_FALSE(pays(kind_of(kCode)));
  const std::string shop = to_string(code.shop);
  for (const std::string& text :
       {""s, "1204." + shop, "https://x/#receipt="s, "https://x/#receipt=1204"s, "https://x/#receipt=1204."s,
        "https://x/#receipt=-1." + shop, "https://x/#receipt=01." + shop,
        "https://x/#receipt=1." + shop + "0", "https://x/#receipt=1.UUUUUUUUUUUUU"s,
        "ftp://x/#receipt=1." + shop, "https://x#receipt=1." + shop,
        "https://" + std::string(512, 'x') + "/#receipt=1." + shop})
    EXPECT_FALSE(parse_receipt_url(text)) << text;
}

// Golden: every command of a printout, byte for byte.
TEST(Escpos, BytesOfASmallPrintout) {
  const Printout printout = Printout().title("王").row("a", "1").qr("HI");
  EXPECT_EQ(to_escpos(lay_out(printout, Paper{8, 96}), Paper{8, 96}, QrStyle::native),
            "\x1b@\x1c&"
            "\x1d!\x11\x1c!\x0c \xcd\xf5\n\x1d!\x00\x1c!\x00"
            "a      1\n"
            "\x1b\x61\x01"
            "\x1d(k\x04\x00\x31\x41\x32\x00"
            "\x1d(k\x03\x00\x31\x43\x03"
            "\x1d(k\x03\x00\x31\x45\x31"
            "\x1d(k\x05\x00\x31\x50\x30HI"
            "\x1d(k\x03\x00\x31\x51\x30"
            "\n\x1b\x61\x00"
            "\x1b\x64\x04\x1dVB\x00"s);
}

TEST(Escpos, APrinterThatReadsThemPrintsThePreview) {
  for (const Paper& paper : {kPaper58mm, kPaper80mm})
    for (const Lang lang : {Lang::zh, Lang::en}) {
      const Receipts here = receipts(paper, "八桥镇丽景社区德商联盟生活超市总店");
      const auto parts = here.preview(here.receipt(done(), lang));
      const dfb::test::Paper printed = dfb::test::print(to_escpos(parts, paper, QrStyle::native));
      EXPECT_EQ(printed.trouble, "");
      EXPECT_EQ(printed.cuts, 1);
      std::vector<dfb::test::PrintedLine> wanted;
      for (const PaperPart& part : parts)
        if (const auto* line = std::get_if<PaperLine>(&part))
          wanted.push_back(
              {std::string(static_cast<std::size_t>(line->indent), ' ') + line->text, line->large});
      EXPECT_EQ(printed.lines, wanted);
      ASSERT_EQ(printed.codes.size(), 1U);
      EXPECT_EQ(printed.codes[0].text, kCode);
      EXPECT_EQ(printed.codes[0].level, 'M');
      EXPECT_GE(printed.codes[0].dots, 4) << "a module of half a millimetre reads well";
    }
}

TEST(Escpos, TheCodeAsAPictureReadsAndFitsThePaper) {
  for (const Paper& paper : {kPaper58mm, kPaper80mm}) {
    const dfb::test::Paper printed = dfb::test::print(to_escpos({PaperQr{kCode}}, paper, QrStyle::image));
    EXPECT_EQ(printed.trouble, "");
    ASSERT_EQ(printed.images.size(), 1U);
    const dfb::test::PrintedImage& image = printed.images[0];
    EXPECT_LE(image.width, paper.dots);
    Picture picture;
    picture.width = image.width;
    picture.height = image.height;
    picture.grey = image.grey;
    EXPECT_EQ(decode(picture).value(), kCode);
  }
}

}  // namespace
}  // namespace dfb::terminal
