// Text for screens and paper: columns of a fixed-width font, in which Chinese characters take two.
// Threads: pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::terminal {

// The next character, taken from the front of `rest`; U+FFFD for bytes that are not UTF-8. REQUIRES:
// !rest.empty().
char32_t next_character(std::string_view& rest);

// Columns that the text takes: 2 for wide characters, 0 for combining ones, else 1.
int columns(std::string_view utf8);

// Texts of other people's making: control characters are left out, bad UTF-8 becomes '?'.
std::string printable(std::string_view utf8);

// At most the first `most` columns, never half a character.
std::string cut(std::string_view utf8, int most);
// Cut into lines of at most `width` columns each; at least one line.
std::vector<std::string> wrap(std::string_view utf8, int width);
// Left and right on one line if they fit with a space between, else the right one on a line of its own.
std::string two_ends(std::string_view left, std::string_view right, int width);
std::string centred(std::string_view utf8, int width);

}  // namespace dfb::terminal
