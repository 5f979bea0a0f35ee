#include "api/qr/qr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace dfb::qr {
namespace {

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Qr, AnSvgWithOnePath) {
  const std::string picture = svg(std::string(120, 'A'));
  // Version 5 has 37 modules, and there are four of quiet zone at each side.
  EXPECT_THAT(picture, testing::HasSubstr("viewBox=\"0 0 45 45\""));
  EXPECT_EQ(count(picture, "<path"), 1);
  EXPECT_THAT(picture, testing::EndsWith("</svg>\n"));
  EXPECT_THAT(svg(std::string(120, 'a')), testing::HasSubstr("viewBox=\"0 0 53 53\""))
      << "bytes need more room";
}

TEST(Qr, AnyBytesUpToTheLargest) {
  EXPECT_FALSE(svg(std::string(1, '\0')).empty());
  EXPECT_FALSE(svg(std::string(kTextMax, '\xff')).empty());
  EXPECT_FALSE(svg("https://localhost:8443/#/join?t=ABC").empty());
}

TEST(Qr, BlocksForATerminal) {
  const std::string blocks = terminal_blocks("https://192.0.2.7:8443");
  EXPECT_EQ(count(blocks, "\n"), 17) << "33 modules in pairs";
  EXPECT_THAT(blocks, testing::StartsWith("█████████████████████████████████\n"));
}

TEST(Qr, APngWhereItCanBeWritten) {
  const dfb::test::TempFolder folder;
  EXPECT_TRUE(write_png("A", folder.path("a.png"), 1));
  EXPECT_THAT(folder.read("a.png"), testing::StartsWith("\x89PNG"));
  EXPECT_EQ(write_png("A", "/nonexistent/a.png").error().code, Code::io_error);
}

}  // namespace
}  // namespace dfb::qr
