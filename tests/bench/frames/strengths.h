// How strong each distortion of the frames may be. Frozen: figures of two versions of the decoder compare
// only as long as nothing here moves.
//
// Within a frame a strength is drawn evenly from its range; the class `combined` draws two or three of them
// from the mild half.
#pragma once
#include "tests/bench/frames/dice.h"

namespace dfb::bench {

// Every frame: the code's side as a share of the frame's height; a hand holds a phone at 15 to 35 cm.
inline constexpr Range kSide{0.38, 0.72};
// Every frame: a hand never holds straight. Degrees.
inline constexpr Range kHandTurn{-8, 8};
inline constexpr Range kHandTilt{0, 8};
// Every frame: the lens's own softness in pixels, and the sensor's noise in grey levels of 255.
inline constexpr Range kLensSigma{0.4, 0.8};
inline constexpr Range kSensorNoise{0.8, 2.0};
// Every frame: how much darker one edge of the picture is than the other.
inline constexpr Range kShade{0, 0.25};

// blur: Gaussian, in pixels; at 2.5 a module of the larger code is narrower than the blur.
inline constexpr Range kBlurSigma{0, 2.5};
// rotation: any angle, degrees.
inline constexpr Range kTurn{0, 360};
// perspective: the plane's tilt away from the camera, degrees.
inline constexpr Range kTilt{10, 45};
// contrast: what is left between black and white, as a share of the full range; 20 % is grey on grey.
inline constexpr Range kContrast{0.20, 0.50};
// noise: Gaussian, in grey levels, and a share of pixels that are plain black or white.
inline constexpr Range kNoiseSigma{10, 60};
inline constexpr Range kSaltShare{0, 0.06};
// glare: a lamp's reflection: its size as a share of the code's side, and the light it adds (1 = white).
inline constexpr Range kGlareSize{0.08, 0.28};
inline constexpr Range kGlareLight{0.5, 1.3};
// cracks: of the phone's glass: how many run from one blow, and how wide they are in modules.
inline constexpr Range kCrackCount{3, 11};
inline constexpr Range kCrackWidth{0.15, 0.8};
// dirt: how much of the code specks cover, and the radius of a speck in modules.
inline constexpr Range kDirtShare{0.01, 0.08};
inline constexpr Range kSpeckRadius{0.3, 2.2};
// curl: paper bent as round a bottle: how far its edge has turned away, degrees.
inline constexpr Range kCurl{15, 55};
// moire: a display's grid against the sensor's: depth of the stripes and their period in pixels.
inline constexpr Range kMoireDepth{0.15, 0.65};
inline constexpr Range kMoirePeriod{2.3, 11};
// low_light: the share of light that reaches the sensor, and the noise in grey levels that does not shrink
// with it.
inline constexpr Range kExposure{0.05, 0.25};
inline constexpr Range kReadNoise{0.8, 2.6};
// jpeg: the quality number of the common encoders; below 10 every block is a patchwork.
inline constexpr Range kJpegQuality{3, 30};
// occlusion: a finger or a sticker: the share of the code that it hides.
inline constexpr Range kHidden{0.005, 0.05};

}  // namespace dfb::bench
