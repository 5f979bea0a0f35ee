#include "tests/bench/decode_tally.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "ledger/base/check.h"
#include "terminal/scan/decode.h"

namespace dfb::bench {
namespace {

void count(const std::string& read, const std::string& drawn, int& right, int& wrong) {
  if (read == drawn)
    ++right;
  else if (!read.empty())
    ++wrong;
}

}  // namespace

void Tally::add(const Tally& other) {
  frames += other.frames;
  zxing += other.zxing;
  zbar += other.zbar;
  either += other.either;
  ours += other.ours;
  zxing_wrong += other.zxing_wrong;
  zbar_wrong += other.zbar_wrong;
  ours_wrong += other.ours_wrong;
}

Tally DecodeFigures::total() const {
  Tally sum;
  for (const Tally& one : classes) sum.add(one);
  return sum;
}

double DecodeFigures::quantile(double share) const {
  DFB_CHECK(!milliseconds.empty());
  const auto last = static_cast<double>(milliseconds.size() - 1);
  return milliseconds[static_cast<std::size_t>(std::lround(share * last))];
}

DecodeFigures measure_decoding(std::uint64_t seed, int frames_of_each, std::chrono::milliseconds budget) {
  DecodeFigures figures;
  for (int kind = 0; kind < kDistortionCount; ++kind)
    for (int number = 0; number < frames_of_each; ++number) {
      const Frame frame = make_frame(seed, static_cast<Distortion>(kind), number);
      const std::string by_zxing = zxing_alone(frame.picture), by_zbar = zbar_alone(frame.picture);
      const std::clock_t begin = std::clock();
      const auto ours = terminal::decode(frame.picture, budget);
      figures.milliseconds.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
      Tally& tally = figures.classes[static_cast<std::size_t>(kind)];
      ++tally.frames;
      count(by_zxing, frame.text, tally.zxing, tally.zxing_wrong);
      count(by_zbar, frame.text, tally.zbar, tally.zbar_wrong);
      count(ours ? ours.value() : std::string(), frame.text, tally.ours, tally.ours_wrong);
      if (by_zxing == frame.text || by_zbar == frame.text) ++tally.either;
    }
  std::sort(figures.milliseconds.begin(), figures.milliseconds.end());
  return figures;
}

}  // namespace dfb::bench
