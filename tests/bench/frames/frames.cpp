#include "tests/bench/frames/frames.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "tests/bench/frames/scene.h"
#include "tests/bench/frames/spoil.h"
#include "tests/bench/frames/strengths.h"

namespace dfb::bench {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

class Drawing {
 public:
  Drawing(std::uint64_t seed, Distortion distortion, int number)
      : dice_((seed * kDistortionCount + static_cast<std::uint64_t>(distortion)) * 1'000'003 +
              static_cast<std::uint64_t>(number)),
        text_(static_cast<std::size_t>(number % 2 == 0 ? kShortText : kLongText), ' ') {
    for (int i = 0; i < 4; ++i) (void)dice_.bits();
    for (char& c : text_)
      c = kAlphabet[static_cast<std::size_t>(dice_.below(static_cast<int>(kAlphabet.size())))];
    if (number % 16 == 6 || number % 16 == 15) {  // one with a short text, one with a long
      width_ = 1280;
      height_ = 720;
    }
    if (distortion != Distortion::combined) {
      chosen_.insert(distortion);
      return;
    }
    mild_ = true;
    const std::size_t count = dice_.chance(0.5) ? 2 : 3;
    while (chosen_.size() < count) chosen_.insert(static_cast<Distortion>(dice_.below(kDistortionCount - 1)));
  }

  Frame frame() {
    const Modules code(text_);
    const Pose pose = take_pose();
    Light light = draw_scene(code, pose, width_, height_, dice_);
    spoil_surface(light, {pose.x, pose.y, pose.side, code.count});
    spoil_camera(light);
    Frame made{text_, {width_, height_, {}}};
    for (const float value : light.values)
      made.picture.grey.push_back(static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.F, 1.F))));
    return made;
  }

 private:
  bool has(Distortion distortion) const { return chosen_.count(distortion) == 1; }

  // The far half of a range is left out when several distortions meet. `to` is the strong end.
  double strength(Range range) {
    if (mild_) range.to = (range.from + range.to) / 2;
    return dice_.in(range);
  }
  // The same where the strong end is `from`.
  double strength_down(Range range) {
    if (mild_) range.from = (range.from + range.to) / 2;
    return dice_.in(range);
  }

  Pose take_pose() {
    Pose pose;
    pose.side = dice_.in(kSide)*height_;
    pose.turn = kDegree * dice_.in(has(Distortion::rotation) ? kTurn : kHandTurn);
    pose.tilt = kDegree * (has(Distortion::perspective) ? strength(kTilt) : dice_.in(kHandTilt));
    pose.tilt_to = dice_.uniform(0, 2 * std::numbers::pi);
    if (has(Distortion::curl)) {
      pose.curl = kDegree * strength(kCurl);
      pose.curl_view = kDegree * dice_.uniform(-35, 35);
      pose.curl_down = dice_.chance(0.5);
    }
    // The whole code is in the frame, however it is turned.
    const double c = std::abs(std::cos(pose.turn)), s = std::abs(std::sin(pose.turn));
    const double reach = std::min(pose.side * 0.55 * (c + s), height_ * 0.5);
    pose.x = width_ / 2.0 + (width_ / 2.0 - reach) * dice_.uniform(-0.6, 0.6);
    pose.y = height_ / 2.0 + (height_ / 2.0 - reach) * dice_.uniform(-0.6, 0.6);
    return pose;
  }

  void spoil_surface(Light& light, const Spot& spot) {
    if (has(Distortion::dirt)) add_dirt(light, spot, strength(kDirtShare), dice_);
    if (has(Distortion::cracks)) {
      const int count = static_cast<int>(strength(kCrackCount));
      add_cracks(light, spot, count, strength(kCrackWidth), dice_);
    }
    if (has(Distortion::occlusion)) add_cover(light, spot, strength(kHidden), dice_);
    if (has(Distortion::moire)) {
      const double depth = strength(kMoireDepth);
      add_moire(light, depth, dice_.in(kMoirePeriod), dice_);
    }
    add_shade(light, dice_.in(kShade), dice_);
    if (has(Distortion::glare)) {
      const double size = strength(kGlareSize);
      add_glare(light, spot, size, strength(kGlareLight), dice_);
    }
    if (has(Distortion::contrast)) limit_contrast(light, strength_down(kContrast), dice_);
  }

  void spoil_camera(Light& light) {
    blur(light, dice_.in(kLensSigma));
    if (has(Distortion::blur)) blur(light, strength(kBlurSigma));
    if (has(Distortion::low_light)) {
      const double exposure = strength_down(kExposure);
      dim(light, exposure, strength(kReadNoise), dice_);
    }
    add_noise(light, dice_.in(kSensorNoise), 0, dice_);
    if (has(Distortion::noise)) {
      const double sigma = strength(kNoiseSigma);
      add_noise(light, sigma, strength(kSaltShare), dice_);
    }
    if (has(Distortion::jpeg)) compress(light, strength_down(kJpegQuality));
  }

  Dice dice_;
  std::string text_;
  int width_ = 640, height_ = 480;
  bool mild_ = false;
  std::set<Distortion> chosen_;
};

}  // namespace

std::string_view name(Distortion distortion) {
  static constexpr std::array<std::string_view, kDistortionCount> kNames = {
      "blur", "rotation", "perspective", "contrast",  "noise", "glare",     "cracks",
      "dirt", "curl",     "moire",       "low_light", "jpeg",  "occlusion", "combined"};
  return kNames[static_cast<std::size_t>(distortion)];
}

Frame make_frame(std::uint64_t seed, Distortion distortion, int number) {
  return Drawing(seed, distortion, number).frame();
}

}  // namespace dfb::bench
