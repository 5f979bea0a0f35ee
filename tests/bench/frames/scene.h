// What a camera sees: a QR code on a phone or a card, held before something.
//
// The code lies in a plane whose unit is one module; a pinhole camera looks at it. Four rays a pixel.
// Threads: pure functions.
#pragma once
#include <string>
#include <vector>

#include "tests/bench/frames/dice.h"
#include "tests/bench/frames/light.h"

namespace dfb::bench {

// The modules of a code, level M, alphanumeric mode, without quiet zone.
struct Modules {
  explicit Modules(const std::string& text);  // REQUIRES: text of the alphanumeric alphabet that fits a code
  bool dark(int x, int y) const { return dark_[static_cast<std::size_t>(y * count + x)]; }
  int count = 0;

 private:
  std::vector<bool> dark_;
};

struct Pose {
  double x = 0, y = 0, side = 0;           // the code's middle and its side, in pixels, as if seen straight
  double turn = 0, tilt = 0, tilt_to = 0;  // radians
  double curl = 0, curl_view = 0;          // how far the code's edge has bent away; seen from how far above
  bool curl_down = false;                  // bent along its height instead of its width
};

// Draws everything but the code itself at random: phone or card, margins, text lines, what is behind.
Light draw_scene(const Modules& code, const Pose& pose, int width, int height, Dice& dice);

}  // namespace dfb::bench
