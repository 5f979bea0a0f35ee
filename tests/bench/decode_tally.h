// How many camera frames each reader reads: the product's, and for comparison zxing-cpp and ZBar alone.
// Threads: one.
#pragma once
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "tests/bench/frames/frames.h"

namespace dfb::bench {

// Empty when nothing is read. zxing with both of its binarizers, as the product would call it without passes
// of its own; ZBar as it is delivered.
std::string zxing_alone(const terminal::Picture& picture);
std::string zbar_alone(const terminal::Picture& picture);

struct Tally {
  int frames = 0;
  int zxing = 0, zbar = 0, either = 0, ours = 0;  // read right
  int zxing_wrong = 0, zbar_wrong = 0, ours_wrong = 0;

  void add(const Tally& other);
  // The decoder is worth its code: it reads what either of the others reads, and never reads wrong.
  bool holds() const { return ours >= either && ours_wrong == 0; }
};

struct DecodeFigures {
  std::array<Tally, kDistortionCount> classes;
  std::vector<double> milliseconds;  // of processor time, of each frame in ours, sorted

  Tally total() const;
  double quantile(double share) const;  // 0.5 is the median; REQUIRES: at least one frame
};

// Draws the frames and has each read three times, ours with this budget of processor time.
DecodeFigures measure_decoding(std::uint64_t seed, int frames_of_each, std::chrono::milliseconds budget);

}  // namespace dfb::bench
