#include "terminal/text.h"

#include <array>

namespace dfb::terminal {
namespace {

struct Range {
  char32_t first, last;
};
// The East Asian Wide and Fullwidth blocks of Unicode's EastAsianWidth.txt, whole blocks for short.
constexpr std::array<Range, 12> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0x33FF},
                                       {0x3400, 0x4DBF},
                                       {0x4E00, 0x9FFF},
                                       {0xA000, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF}}};
constexpr std::array<Range, 4> kZero{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  for (const Range& range : ranges)
    if (c >= range.first && c <= range.last) return true;
  return false;
}

int columns_of(char32_t c) {
  if (within(kZero, c)) return 0;
  return within(kWide, c) || (c >= 0x20000 && c <= 0x3FFFD) ? 2 : 1;
}

bool is_control(char32_t c) {
  // Also the marks that turn the direction of writing, with which a name could dress up as another.
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

}  // namespace

char32_t next_character(std::string_view& rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
  char32_t c = size <= 1 ? lead : lead & (0xFFu >> (size + 1));
  bool good = size != 0 && size <= rest.size();
  for (std::size_t i = 1; good && i < size; ++i) {
    good = (byte(i) & 0xC0) == 0x80;
    c = c << 6 | (byte(i) & 0x3F);
  }
  good = good && !(size == 3 && c < 0x800) && !(size == 4 && (c < 0x10000 || c > 0x10FFFF)) &&
         !(c >= 0xD800 && c <= 0xDFFF);
  rest.remove_prefix(good ? size : 1);
  return good ? c : 0xFFFD;
}

int columns(std::string_view utf8) {
  int total = 0;
  while (!utf8.empty()) total += columns_of(next_character(utf8));
  return total;
}

std::string printable(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const std::string_view before = utf8;
    const char32_t c = next_character(utf8);
    if (c == 0xFFFD)
      out += '?';
    else if (!is_control(c))
      out += before.substr(0, before.size() - utf8.size());
  }
  return out;
}

std::string cut(std::string_view utf8, int most) {
  std::string_view rest = utf8;
  std::size_t end = 0;
  while (!rest.empty()) {
    most -= columns_of(next_character(rest));
    if (most < 0) break;
    end = utf8.size() - rest.size();
  }
  return std::string(utf8.substr(0, end));
}

std::vector<std::string> wrap(std::string_view utf8, int width) {
  std::vector<std::string> lines;
  do {
    std::string line = cut(utf8, width);
    if (line.empty()) break;
    utf8.remove_prefix(line.size());
    lines.push_back(std::move(line));
  } while (!utf8.empty());
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string two_ends(std::string_view left, std::string_view right, int width) {
  const int gap = width - columns(left) - columns(right);
  if (gap >= 1)
    return std::string(left) + std::string(static_cast<std::size_t>(gap), ' ') + std::string(right) + "\n";
  std::string out = cut(left, width) + "\n";
  for (const std::string& line : wrap(right, width))
    out += std::string(static_cast<std::size_t>(width - columns(line)), ' ') + line + "\n";
  return out;
}

std::string centred(std::string_view utf8, int width) {
  std::string out;
  for (const std::string& line : wrap(utf8, width))
    out += std::string(static_cast<std::size_t>((width - columns(line)) / 2), ' ') + line + "\n";
  return out;
}

}  // namespace dfb::terminal
