// A grey picture: a camera frame, a photo, or what a filter made of one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dfb::terminal {

// 8-bit grey, rows from the top without padding.
struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey;  // width * height

  std::uint8_t at(int x, int y) const {
    return grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

}  // namespace dfb::terminal
