// Pictures of QR codes in files, by libpng. Threads: pure functions, callable from anywhere.
#pragma once
#include <cstddef>
#include <string>

#include "ledger/base/result.h"
#include "terminal/scan/decode.h"
#include "terminal/scan/picture.h"

namespace dfb::terminal {

inline constexpr std::size_t kPicturePixelsMax = 25'000'000;

// A PNG file of any colour type. io_error, malformed (not a PNG, or a damaged one), too_large.
Result<Picture> load_png(const std::string& path);

// The text of the code in such a file, see decode().
Result<std::string> decode_image(const std::string& path);

}  // namespace dfb::terminal
