// A few frames of each distortion, of a seed that nothing else uses: nothing is read wrong, and the passes
// are worth having. The whole corpus: defenbao-decode-report.
#include <gtest/gtest.h>

#include "terminal/scan/decode.h"
#include "tests/bench/decode_tally.h"

namespace dfb::bench {
namespace {

TEST(DecodeFrames, MoreThanTheOthersAndNothingWrong) {
  constexpr std::uint64_t kSeed = 101;
  const DecodeFigures figures =
      measure_decoding(kSeed, 2, std::chrono::hours(1));  // no limit, so that a slow build counts the same
  for (int kind = 0; kind < kDistortionCount; ++kind) {
    const Tally& one = figures.classes[static_cast<std::size_t>(kind)];
    EXPECT_EQ(one.ours_wrong, 0) << name(static_cast<Distortion>(kind));
    EXPECT_GE(one.ours, one.either) << name(static_cast<Distortion>(kind));
  }
  EXPECT_GT(figures.total().ours, figures.total().either);
}

TEST(DecodeFrames, NoPassBeginsAfterTheBudget) {
  // A frame that only the later passes read: with no time there are none.
  const Frame frame = make_frame(101, Distortion::noise, 0);
  EXPECT_EQ(terminal::decode(frame.picture, std::chrono::milliseconds(0)).error().code, Code::not_found);
  EXPECT_EQ(terminal::decode(frame.picture, std::chrono::hours(1)).value(), frame.text);
}

}  // namespace
}  // namespace dfb::bench
