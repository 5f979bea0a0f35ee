// A printout on paper of a certain width: lines with their indents. The printer, the page's preview and a
// plain text terminal all get these same lines. Threads: pure functions.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "terminal/printing/printout.h"

namespace dfb::terminal {

// The two common rolls.
struct Paper {
  int columns = 32;  // of ASCII; a Chinese character takes two
  int dots = 384;
  friend bool operator==(const Paper&, const Paper&) = default;
};
inline constexpr Paper kPaper58mm{32, 384}, kPaper80mm{48, 576};

struct PaperLine {
  int indent = 0;    // spaces before it, of its own size
  std::string text;  // paper_text
  bool large = false;
  friend bool operator==(const PaperLine&, const PaperLine&) = default;
};
struct PaperQr {
  std::string text;
  friend bool operator==(const PaperQr&, const PaperQr&) = default;
};
using PaperPart = std::variant<PaperLine, PaperQr>;

// No line is wider than the paper; a large one takes two columns for one. REQUIRES: columns >= 8.
std::vector<PaperPart> lay_out(const Printout& printout, const Paper& paper);

// For a plain text terminal: large lines as others, a QR code as its text. Ends with a line feed.
std::string plain_text(const std::vector<PaperPart>& parts);

}  // namespace dfb::terminal
