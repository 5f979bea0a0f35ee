// How the modules of a code lie in a picture: a plane seen by a camera, or a sheet bent round a cylinder.
// Threads: pure.
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "terminal/scan/locate.h"
#include "terminal/scan/picture.h"

namespace dfb::terminal {

// The middles of the finders, in pixels, and of the square opposite to them, where there is none.
struct Pose {
  std::array<Point, 4> corners;  // top left, top right, bottom left, bottom right
  double curl = 0;               // how far the edge has turned away, radians; 0 is flat
  double shear = 0;        // how much the bend shows along the cylinder: the tangent of the view's angle
  bool curl_down = false;  // bent from top to bottom instead of from left to right
};

// Modules to pixels; (0, 0) is the code's corner, (0.5, 0.5) the middle of its first module.
class Warp {
 public:
  Warp(int size, const Pose& pose);
  Point at(double column, double row) const;

 private:
  Point flat(double across, double along) const;
  double half_, radius_ = 0, shear_, reach_across_, reach_along_, bow_ = 0;
  bool down_;
  double xx_, xy_, x1_, yx_, yy_, y1_, wx_, wy_;
};

struct Fit {
  int version = 0;
  Pose pose;
  double likeness = 0;  // of the patterns that every code of the version has: 1 is a clean code, 0 is chance
};

// The likeliest pose for a flat code; nothing when no version looks like one.
std::optional<Fit> fit_flat(const Picture& dark, const Corners& corners);
// The same for bent ones, begun with what fit_flat has found.
Fit fit_curl(const Picture& dark, const Fit& flat);
// Moves the pose to where all modules, known or not, are the clearest.
void refine(const Picture& dark, Fit& fit);

// The picture's value in each module's middle part, rows from the top.
std::vector<float> sample(const Picture& picture, int size, const Warp& warp);

}  // namespace dfb::terminal
