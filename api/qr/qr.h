// Draws a text as a QR code, level M: for pages, for files, for a plain text terminal.
//
// REQUIRES of every function: 1 <= text.size() <= kTextMax; who takes texts from outside checks that first.
// A text of QR's alphanumeric characters (a pay code in base45) is drawn in that mode, which is the densest;
// any other text as bytes. Every picture has the quiet zone of four modules that scanners ask for. Threads:
// pure functions, but write_png, which writes one file.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::qr {

inline constexpr std::size_t kTextMax = 2331;  // the largest QR code of level M, in bytes

// The picture itself: dark and light modules.
class Modules {
 public:
  // REQUIRES: as above. `dark` is row by row, width * width.
  Modules(int width, std::vector<bool> dark) : width_(width), dark_(std::move(dark)) {}
  int width() const { return width_; }  // with the quiet zone
  // Nothing is dark outside.
  bool dark(int x, int y) const { return y < width_ && dark_[static_cast<std::size_t>(y * width_ + x)]; }

 private:
  int width_;
  std::vector<bool> dark_;
};
Modules modules(std::string_view text);

// An SVG document with one <path>, one unit a module, black on white.
std::string svg(std::string_view text);

// A PNG of 8-bit grey with `scale` pixels a module; an existing file is replaced. io_error.
// REQUIRES: 1 <= scale <= 64.
Result<void> write_png(std::string_view text, const std::string& path, int scale = 8);

// Two modules a character, in Unicode half blocks, white drawn as blocks: for terminals with a dark
// background.
std::string terminal_blocks(std::string_view text);

}  // namespace dfb::qr
