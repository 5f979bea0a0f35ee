// A picture while it is being made: light of each pixel, 0 black to 1 white, may run over until it is cut
// off.
#pragma once
#include <cstddef>
#include <vector>

namespace dfb::bench {

struct Light {
  int width, height;
  std::vector<float> values;

  Light(int w, int h)
      : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float& at(int x, int y) { return values[index(x, y)]; }
  float at(int x, int y) const { return values[index(x, y)]; }

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
};

}  // namespace dfb::bench
