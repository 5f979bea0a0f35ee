// Pictures of real pay codes, straight, turned, blurred and pale; and the lines of a keyboard-wedge scanner.
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <fstream>

#include "api/qr/qr.h"
#include "ledger/book/codes.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/decode.h"
#include "terminal/scan/line_scanner.h"
#include "terminal/scan/picture_scanner.h"
#include "tests/support/temp_folder.h"

namespace dfb::terminal {
namespace {

std::string pay_code() {
  const PrivateKey device = PrivateKey::generate(Algorithm::p256);
  const std::string text =
      book::make_pay_code(device, "bq.example/points", book::AccountId{0x1234567890abcdef}, book::Points{200},
                          1'795'484'400'000'000)
          .text();
  EXPECT_EQ(text.size(), 120U);
  return text;
}

class ScanTest : public testing::Test {
 protected:
  Picture drawn(const std::string& text, int scale = 6) {
    const std::string path = folder.path("code.png");
    EXPECT_TRUE(qr::write_png(text, path, scale));
    return load_png(path).value();
  }
  dfb::test::TempFolder folder;
};

Picture rotated(const Picture& from, double degrees) {
  const double angle = degrees * std::acos(-1.0) / 180, c = std::cos(angle), s = std::sin(angle);
  Picture to;
  to.width = to.height = from.width * 3 / 2;
  to.grey.assign(static_cast<std::size_t>(to.width * to.height), 230);
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) {
      const double dx = x - to.width / 2.0, dy = y - to.height / 2.0;
      const int fx = static_cast<int>(std::lround(c * dx + s * dy + from.width / 2.0));
      const int fy = static_cast<int>(std::lround(-s * dx + c * dy + from.height / 2.0));
      if (fx >= 0 && fx < from.width && fy >= 0 && fy < from.height)
        to.grey[static_cast<std::size_t>(y * to.width + x)] =
            from.grey[static_cast<std::size_t>(fy * from.width + fx)];
    }
  return to;
}

Picture blurred(const Picture& from, int radius) {
  Picture to = from;
  for (int y = radius; y < from.height - radius; ++y)
    for (int x = radius; x < from.width - radius; ++x) {
      int sum = 0;
      for (int dy = -radius; dy <= radius; ++dy)
        for (int dx = -radius; dx <= radius; ++dx)
          sum += from.grey[static_cast<std::size_t>((y + dy) * from.width + x + dx)];
      to.grey[static_cast<std::size_t>(y * from.width + x)] =
          static_cast<std::uint8_t>(sum / ((2 * radius + 1) * (2 * radius + 1)));
    }
  return to;
}

TEST_F(ScanTest, RealPayCodesInPictures) {
  for (int i = 0; i < 20; ++i) {
    const std::string text = pay_code();
    const Picture picture = drawn(text);
    EXPECT_EQ(decode(picture).value(), text);
    EXPECT_EQ(decode(blurred(picture, 2)).value(), text);
    Picture pale = picture;
    for (auto& grey : pale.grey) grey = static_cast<std::uint8_t>(140 + grey / 4);
    EXPECT_EQ(decode(pale).value(), text);
  }
}

TEST_F(ScanTest, TurnedByAnyAngle) {
  const std::string text = pay_code();
  const Picture picture = drawn(text);
  for (const double degrees : {7.0, 30.0, 45.0, 90.0, 133.0, 180.0, 270.0, 301.0}) {
    const auto decoded = decode(rotated(picture, degrees));
    ASSERT_TRUE(decoded) << degrees;
    EXPECT_EQ(decoded.value(), text) << degrees;
  }
}

TEST_F(ScanTest, PicturesWithoutACode) {
  EXPECT_EQ(decode(Picture{40, 30, std::vector<std::uint8_t>(1200, 200)}).error().code, Code::not_found);
  EXPECT_EQ(decode(Picture{1, 1, {0}}).error().code, Code::not_found);
}

TEST_F(ScanTest, FilesThatAreNoPictures) {
  EXPECT_EQ(scan_picture(folder.path("none.png")).error().code, Code::io_error);
  EXPECT_EQ(scan_picture(folder.write("text.png", "no picture")).error().code, Code::malformed);
  drawn(pay_code());
  const std::string whole = folder.read("code.png");
  EXPECT_EQ(scan_picture(folder.write("half.png", whole.substr(0, whole.size() / 2))).error().code,
            Code::malformed);
  std::string broken = whole;
  broken[whole.size() / 2] ^= 0x55;
  EXPECT_FALSE(scan_picture(folder.write("broken.png", broken)));
  EXPECT_EQ(scan_picture(folder.write("empty.png", "")).error().code, Code::malformed);
}

std::vector<std::string> lines_of(std::initializer_list<std::string_view> pieces) {
  LineScanner scanner;
  std::vector<std::string> lines;
  for (const auto piece : pieces) scanner.feed(piece);
  while (auto line = scanner.next()) lines.push_back(line->text + (line->too_long ? " (cut)" : ""));
  return lines;
}

TEST(LineScanner, EveryKindOfEnd) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines_of({"a\nb\n"}), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of({"a\rb\r"}), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of({"a\r\nb\r\n"}), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of({"a\r", "\nb"}), (Lines{"a"})) << "one end in two pieces, and a line without an end";
  EXPECT_EQ(lines_of({"\r\n\r\n\n\r"}), (Lines{"", "", "", ""}));
  EXPECT_EQ(lines_of({" A B ", "\r"}), (Lines{" A B "})) << "base45 has spaces";
}

TEST(LineScanner, LinesThatAreTooLongAreCutAndMarked) {
  LineScanner scanner;
  for (int i = 0; i < 1000; ++i) scanner.feed(std::string(1000, 'x'));
  EXPECT_FALSE(scanner.next());
  scanner.feed("\nok\n");
  const auto first = scanner.next();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->too_long);
  EXPECT_EQ(first->text.size(), LineScanner::kLineMax);
  EXPECT_EQ(scanner.next()->text, "ok");
}

TEST(LineScanner, TheEndOfTheInputEndsALine) {
  LineScanner scanner;
  scanner.feed("abc");
  scanner.end();
  scanner.end();
  EXPECT_EQ(scanner.next()->text, "abc");
  EXPECT_FALSE(scanner.next());
}

TEST(CodeKind, CapsLockTurnsLettersRound) {
  const auto turned = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::isupper(static_cast<unsigned char>(c)) ? std::tolower(c) : std::toupper(c));
    return text;
  };
  const std::string code = pay_code(), receipt = "https://bq.example:8443/#receipt=17.5C4V9H2N6P8XJ";
  for (const std::string& text : {code, receipt, std::string("DFBCARD0000001000004")}) {
    EXPECT_EQ(without_caps_lock(text), text);
    if (kind_of(text) != CodeKind::unknown) {
      EXPECT_EQ(without_caps_lock(turned(text)), text);
    }
  }
  for (const char* text : {"help", "Goods 2", "", "12", "WIFI:hello"}) EXPECT_EQ(without_caps_lock(text), text);
}

}  // namespace
}  // namespace dfb::terminal
