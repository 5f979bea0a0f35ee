#include "terminal/scan/decode.h"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "ledger/base/check.h"
#include "terminal/scan/equalize.h"
#include "terminal/scan/filter.h"
#include "terminal/scan/locate.h"
#include "terminal/scan/read_symbol.h"
#include "terminal/scan/rectify.h"

namespace dfb::terminal {
namespace {

// No code with few check words holds more (version 2-L, digits): zxing-cpp spends all of them on correcting,
// so that what it reads in noise can be a text.
constexpr std::size_t kWeakTextMax = 77;
constexpr double kLikenessMin = 0.25;  // of a pose that is worth reading
constexpr double kFlat = 1.15;         // at and above, no bend is looked for
constexpr std::size_t kPosesMax = 3;   // of one filtered picture

std::optional<std::string> zxing(const Picture& picture, ZXing::Binarizer binarizer) {
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode)
      .setTryHarder(true)
      .setTryRotate(true)
      .setBinarizer(binarizer);
  const auto result = ZXing::ReadBarcode(
      {picture.grey.data(), picture.width, picture.height, ZXing::ImageFormat::Lum}, hints);
  if (!result.isValid()) return std::nullopt;
  std::string text = result.text();
  if (text.size() <= kWeakTextMax) return std::nullopt;
  return text;
}

std::chrono::nanoseconds thread_time() {
  timespec now{};
  DFB_CHECK(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

class Reader {
 public:
  Reader(const Picture& picture, std::chrono::nanoseconds until) : picture_(picture), until_(until) {}

  std::optional<std::string> read() {
    using ZXing::Binarizer;
    if (auto text = zxing(picture_, Binarizer::LocalAverage)) return text;
    if (auto text = look_at(picture_)) return text;
    const Picture once = smoothed(picture_);
    if (auto text = look_at(once, {kWide, kNarrow, kWider})) return text;
    const Picture clean = median(picture_);
    if (auto text = look_at(clean)) return text;
    if (auto text = zxing(picture_, Binarizer::GlobalHistogram)) return text;
    if (auto text = look_at(smoothed(once))) return text;
    if (auto text = look_at(smoothed(smoothed(clean)))) return text;
    return std::nullopt;
  }

 private:
  bool late() const { return thread_time() >= until_; }

  // Shares of the picture's side. The narrow one keeps blurred modules of some four pixels apart.
  static constexpr int kNarrow = 48, kWide = 24, kWider = 12;

  std::optional<std::string> look_at(const Picture& filtered, std::initializer_list<int> reaches = {kWide, kWider}) {
    const int side = std::min(picture_.width, picture_.height);
    for (const int reach : reaches) {
      if (late()) return std::nullopt;
      const Picture dark = darkness(filtered, std::max(4, side / reach));
      const auto finders = find_finders(dark);
      if (auto text = read_best(filtered, dark, join_finders(finders))) return text;
      if (late()) return std::nullopt;
      if (auto text = read_best(filtered, dark, complete_finders(dark, finders))) return text;
    }
    return std::nullopt;
  }

  std::optional<std::string> read_best(const Picture& filtered, const Picture& dark,
                                       const std::vector<Corners>& places) {
    std::vector<Fit> fits;
    for (const Corners& corners : places)
      if (auto fit = fit_flat(dark, corners); fit && fit->likeness >= kLikenessMin) fits.push_back(*fit);
    std::sort(fits.begin(), fits.end(), [](const Fit& a, const Fit& b) { return a.likeness > b.likeness; });
    if (fits.size() > kPosesMax) fits.resize(kPosesMax);
    for (const Fit& flat : fits) {
      if (auto text = read_at(filtered, dark, flat)) return text;
      if (flat.likeness >= kFlat || late()) continue;
      const Fit bent = fit_curl(dark, flat);
      if (bent.likeness <= flat.likeness) continue;
      if (auto text = read_at(filtered, dark, bent)) return text;
    }
    return std::nullopt;
  }

  std::optional<std::string> read_at(const Picture& filtered, const Picture& dark, Fit fit) {
    const Symbol& plan = symbol(fit.version);
    const auto read = [&] {
      return read_symbol(fit.version, equalize(plan, sample(filtered, plan.size, Warp(plan.size, fit.pose))));
    };
    if (auto text = read()) return text;
    if (late()) return std::nullopt;
    refine(dark, fit);
    return read();
  }

  const Picture& picture_;
  std::chrono::nanoseconds until_;
};

}  // namespace

Result<std::string> decode(const Picture& picture, std::chrono::milliseconds budget) {
  DFB_CHECK(picture.width > 0 && picture.height > 0 &&
            picture.grey.size() ==
                static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  if (auto text = Reader(picture, thread_time() + budget).read()) return std::move(*text);
  return fail(Code::not_found, "no QR code that can be read in this picture");
}

}  // namespace dfb::terminal
