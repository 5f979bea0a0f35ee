// Random numbers that are the same on every machine: std's distributions are each library's own.
#pragma once
#include <cmath>
#include <cstdint>
#include <random>

namespace dfb::bench {

struct Range {
  double from, to;
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  double uniform(double from, double to) {
    return from + (to - from) * static_cast<double>(engine_() >> 11) * 0x1.0p-53;
  }
  double in(Range range) { return uniform(range.from, range.to); }
  int below(int count) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(count)); }
  bool chance(double share) { return uniform(0, 1) < share; }
  // Twelve uniform numbers summed: bell-shaped as far as 6 sigma, without a library's log and cos.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform(0, 1);
    return sum;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace dfb::bench
