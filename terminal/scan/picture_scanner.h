// Pictures in files as a scanner: what stands in a picture's code comes as the line that a scanner would have typed.
// Files are read by libpng. Threads: pure functions, callable from anywhere.
#pragma once
#include <cstddef>
#include <string>

#include "ledger/base/result.h"
#include "terminal/scan/line_scanner.h"
#include "terminal/scan/picture.h"

namespace dfb::terminal {

inline constexpr std::size_t kPicturePixelsMax = 25'000'000;

// A PNG file of any colour type. io_error, malformed (not a PNG, or a damaged one), too_large.
Result<Picture> load_png(const std::string& path);

// The code in such a file, whole, however long it is. Fails as load_png(), and as decode() does.
Result<LineScanner::Line> scan_picture(const std::string& path);

}  // namespace dfb::terminal
