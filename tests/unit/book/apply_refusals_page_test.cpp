// docs/refusals.md says what the source does.
#include <fstream>
#include <map>
#include <sstream>

#include "ledger/base/encoding.h"
#include "ledger/book/burns.h"
#include "tests/unit/book/provocations.h"

namespace dfb::test {
namespace {

struct Line {
  std::string number, code, entry, meaning, todo, zh, en;
};

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// `<a id="busy"></a>`busy`` with the same name in both places, or nothing.
std::string code_of(const std::string& cell) {
  auto first = cell.find('`');
  if (first == cell.npos || cell.back() != '`') return {};
  auto name = cell.substr(first + 1, cell.size() - first - 2);
  return cell.substr(0, first) == "<a id=\"" + name + "\"></a>" ? name : std::string();
}

// The page's rows: those of seven cells that begin with a number.
std::vector<Line> page() {
  std::vector<Line> lines;
  std::ifstream file(std::string(DFB_SOURCE_DIR) + "/docs/refusals.md");
  for (std::string text; std::getline(file, text);) {
    std::vector<std::string> cells;
    std::istringstream row(text);
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(trimmed(cell));
    if (cells.size() != 8 || !parse_decimal(cells[1])) continue;
    lines.push_back({cells[1], code_of(cells[2]), cells[3], cells[4], cells[5], cells[6], cells[7]});
  }
  return lines;
}

TEST(RefusalsPage, HasEveryCodeInOrder) {
  std::vector<std::pair<std::string, std::string>> documented, declared;
  for (const auto& line : page()) documented.emplace_back(line.number, line.code);
#define DFB_X(name, number) declared.emplace_back(#number, #name);
  DFB_CODES(DFB_X)
#undef DFB_X
  EXPECT_EQ(documented, declared);
}

TEST(RefusalsPage, SpeaksToPeople) {
  for (const auto& line : page()) {
    EXPECT_FALSE(line.meaning.empty() || line.todo.empty() || line.zh.empty() || line.en.empty())
        << line.code;
    EXPECT_GE(static_cast<unsigned char>(line.zh[0]), 0x80) << line.zh << " is not Chinese";
    EXPECT_LT(static_cast<unsigned char>(line.en[0]), 0x80) << line.en << " is not English";
  }
}

TEST(RefusalsPage, MarksWhatBurnsTheIdOfARedemption) {
  for (const auto& line : page()) {
    auto code = code_from_name(line.code);
    ASSERT_TRUE(code) << line.code;
    EXPECT_EQ(line.entry == "redeem", book::depends_on_moment(*code)) << line.code;
  }
}

TEST(RefusalsPage, MarksWhatIsEnteredForOfflineSalesAlone) {
  std::map<std::string, bool> burns;
  for (const auto& row : provocations()) burns[std::string(name(row.code))] |= row.burns;
  for (const auto& line : page()) {
    EXPECT_EQ(burns[line.code], line.entry == "redeem" || line.entry == "offline") << line.code;
  }
}

TEST(RefusalsPage, MarksNothingElse) {
  for (const auto& line : page())
    EXPECT_TRUE(line.entry.empty() || line.entry == "redeem" || line.entry == "offline") << line.entry;
}

}  // namespace
}  // namespace dfb::test
