// What goes wrong between a code and the numbers that a camera hands over. Each changes the picture in place.
#pragma once
#include "tests/bench/frames/dice.h"
#include "tests/bench/frames/light.h"

namespace dfb::bench {

// Where the code is, in pixels: what lies on it is placed by this.
struct Spot {
  double x, y, side;
  int modules;
  double module() const { return side / modules; }
};

// On the surface, before the lens.
void add_glare(Light& light, const Spot& spot, double size, double extra, Dice& dice);
void add_cracks(Light& light, const Spot& spot, int count, double width, Dice& dice);
void add_dirt(Light& light, const Spot& spot, double share, Dice& dice);
void add_cover(Light& light, const Spot& spot, double share, Dice& dice);
void add_moire(Light& light, double depth, double period, Dice& dice);
void add_shade(Light& light, double depth, Dice& dice);
void limit_contrast(Light& light, double contrast, Dice& dice);

// The lens, the sensor, the file.
void blur(Light& light, double sigma);
void dim(Light& light, double exposure, double read_noise, Dice& dice);
void add_noise(Light& light, double sigma, double salt_share, Dice& dice);  // sigma in levels of 255
void compress(Light& light, double quality);                                // as JPEG does, luminance alone

}  // namespace dfb::bench
