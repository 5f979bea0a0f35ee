// Finds the text of a QR code in a picture: a photo or a camera frame of a customer's phone.
//
// zxing-cpp does the reading, libpng the files. Threads: pure functions, callable from anywhere.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::terminal {

// 8-bit grey, rows from the top without padding.
struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey;  // width * height
};

inline constexpr std::size_t kPicturePixelsMax = 25'000'000;

// A PNG file of any colour type. io_error, malformed (not a PNG, or a damaged one), too_large.
Result<Picture> load_png(const std::string& path);

// not_found when there is no readable QR code. REQUIRES: grey.size() == width * height, width and height > 0.
Result<std::string> decode(const Picture& picture);

// Both, in one.
Result<std::string> decode_image(const std::string& path);

}  // namespace dfb::terminal
