// Where QR codes may be in a picture: the three squares in a code's corners. Threads: pure.
#pragma once
#include <vector>

#include "terminal/scan/picture.h"

namespace dfb::terminal {

struct Point {
  double x = 0, y = 0;
};

// A finder pattern: rings of 7, 5 and 3 modules, dark, light, dark.
struct Finder {
  Point middle;
  double module = 0;  // pixels, along the rows and columns of the picture
  int hits = 0;       // rows that cross it
};

// `dark` as darkness() makes it.
std::vector<Finder> find_finders(const Picture& dark);

// Three finders that can be of one code, as a camera sees it.
struct Corners {
  Finder top_left, top_right, bottom_left;
  double oddness = 0;  // how far from a right angle with equal legs
};
// The least odd first.
std::vector<Corners> join_finders(std::vector<Finder> finders);
// For codes with one finder spoilt: two finders, and the place near the third's that looks most like one. The
// best such places first.
std::vector<Corners> complete_finders(const Picture& dark, std::vector<Finder> finders);

}  // namespace dfb::terminal
