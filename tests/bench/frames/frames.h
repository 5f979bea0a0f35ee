// Camera frames with a known QR code in each, spoilt in one known way: what readers of codes are measured
// with.
//
// A frame is a function of (seed, distortion, number): the same bytes in every run. Threads: pure functions.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "terminal/scan/picture.h"

namespace dfb::bench {

enum class Distortion {
  blur,
  rotation,
  perspective,
  contrast,
  noise,
  glare,
  cracks,
  dirt,
  curl,
  moire,
  low_light,
  jpeg,
  occlusion,
  combined,  // two or three of the others, mild
};
inline constexpr int kDistortionCount = 14;
std::string_view name(Distortion distortion);

// Every second frame holds a code of 120 characters (a pay code's length), the others one of 300. Every
// eighth frame has 1280x720 pixels, the others 640x480.
inline constexpr std::size_t kShortText = 120, kLongText = 300;

struct Frame {
  std::string text;
  terminal::Picture picture;
};

Frame make_frame(std::uint64_t seed, Distortion distortion, int number);

}  // namespace dfb::bench
