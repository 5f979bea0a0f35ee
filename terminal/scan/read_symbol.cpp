#include "terminal/scan/read_symbol.h"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "ledger/base/check.h"
#include "terminal/scan/reed_solomon.h"
#include "terminal/scan/symbol.h"

namespace dfb::terminal {
namespace {

struct Format {
  Level level = Level::medium;
  int mask = 0;
  float likeness = 0;
};

// The likeliest two.
std::array<Format, 2> read_format(const Symbol& plan, const Ink& ink) {
  std::array<Format, 2> best{};
  best[0].likeness = best[1].likeness = -1e9F;
  for (const Level level : {Level::low, Level::medium, Level::quartile, Level::high})
    for (int mask = 0; mask < 8; ++mask) {
      const int bits = format_bits(level, mask);
      Format format{level, mask, 0};
      for (const auto& copy : plan.format)
        for (int i = 0; i < 15; ++i) {
          const float value =
              std::clamp(ink[static_cast<std::size_t>(copy[static_cast<std::size_t>(i)])], -1.F, 1.F);
          format.likeness += (bits >> i & 1) != 0 ? value : -value;
        }
      if (format.likeness > best[0].likeness)
        best = {format, best[0]};
      else if (format.likeness > best[1].likeness)
        best[1] = format;
    }
  return best;
}

struct Words {
  std::vector<std::uint8_t> values;
  std::vector<float> sureness;  // of the least sure module
};

Words read_words(const Symbol& plan, const Ink& ink, int mask) {
  Words words;
  for (std::size_t bit = 0; bit + 8 <= plan.data.size(); bit += 8) {
    int value = 0;
    float sureness = 1e9F;
    for (std::size_t i = bit; i < bit + 8; ++i) {
      const int place = plan.data[i];
      const float dark = ink[static_cast<std::size_t>(place)];
      value = value << 1 | static_cast<int>((dark > 0) != masked(mask, place / plan.size, place % plan.size));
      sureness = std::min(sureness, std::abs(dark));
    }
    words.values.push_back(static_cast<std::uint8_t>(value));
    words.sureness.push_back(sureness);
  }
  return words;
}

// Where each word of each block lies among the words as they are drawn.
std::vector<std::vector<int>> deal(const Blocks& shape) {
  std::vector<std::vector<int>> places(static_cast<std::size_t>(shape.count));
  int next = 0;
  for (int i = 0; i <= shape.data; ++i)
    for (int block = i < shape.data ? 0 : shape.count - shape.longer; block < shape.count; ++block)
      places[static_cast<std::size_t>(block)].push_back(next++);
  for (int i = 0; i < shape.check; ++i)
    for (auto& block : places) block.push_back(next++);
  return places;
}

bool repair(std::vector<std::uint8_t>& block, const std::vector<float>& sureness, int check) {
  std::vector<int> order(block.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return sureness[static_cast<std::size_t>(a)] < sureness[static_cast<std::size_t>(b)];
  });
  const int size = static_cast<int>(block.size());
  for (int erased = 0; proof_words(size, check, erased, 0) >= kProofWords; erased += 2) {
    std::vector<std::uint8_t> tried = block;
    const auto errors = correct(tried, check, std::span(order).first(static_cast<std::size_t>(erased)));
    if (!errors || proof_words(size, check, erased, *errors) < kProofWords) continue;
    block = std::move(tried);
    return true;
  }
  return false;
}

bool repair_all(const Blocks& shape, Words& words) {
  for (const auto& places : deal(shape)) {
    std::vector<std::uint8_t> block;
    std::vector<float> sureness;
    for (const int place : places) {
      block.push_back(words.values[static_cast<std::size_t>(place)]);
      sureness.push_back(words.sureness[static_cast<std::size_t>(place)]);
    }
    if (!repair(block, sureness, shape.check)) return false;
    for (std::size_t i = 0; i < places.size(); ++i)
      words.values[static_cast<std::size_t>(places[i])] = block[i];
  }
  return true;
}

std::vector<bool> redraw(const Symbol& plan, const Format& format, const Words& words) {
  std::vector<bool> dark;
  for (const Module kind : plan.modules) dark.push_back(kind == Module::dark);
  for (std::size_t i = 0; i < plan.data.size(); ++i) {
    const int place = plan.data[i];
    const bool bit = i / 8 < words.values.size() && (words.values[i / 8] >> (7 - i % 8) & 1) != 0;
    dark[static_cast<std::size_t>(place)] = bit != masked(format.mask, place / plan.size, place % plan.size);
  }
  for (const auto& copy : plan.format)
    for (std::size_t i = 0; i < copy.size(); ++i)
      dark[static_cast<std::size_t>(copy[i])] = (format_bits(format.level, format.mask) >> i & 1) != 0;
  for (const auto& copy : plan.version_bits)
    for (std::size_t i = 0; i < copy.size(); ++i)
      dark[static_cast<std::size_t>(copy[i])] = (version_bits(plan.version) >> i & 1) != 0;
  return dark;
}

std::optional<std::string> text_of(const std::vector<bool>& dark, int size) {
  constexpr int kScale = 3, kQuiet = 4;
  const int side = (size + 2 * kQuiet) * kScale;
  std::vector<std::uint8_t> grey(static_cast<std::size_t>(side * side), 255);
  for (int y = 0; y < size * kScale; ++y)
    for (int x = 0; x < size * kScale; ++x)
      if (dark[static_cast<std::size_t>(y / kScale * size + x / kScale)])
        grey[static_cast<std::size_t>((y + kQuiet * kScale) * side + x + kQuiet * kScale)] = 0;
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode)
      .setIsPure(true)
      .setBinarizer(ZXing::Binarizer::FixedThreshold);
  const auto result = ZXing::ReadBarcode({grey.data(), side, side, ZXing::ImageFormat::Lum}, hints);
  if (!result.isValid() || result.text().empty()) return std::nullopt;
  return result.text();
}

}  // namespace

double proof_words(int size, int check, int erased, int errors) {
  const double ways =
      std::lgamma(size - erased + 1) - std::lgamma(errors + 1) - std::lgamma(size - erased - errors + 1);
  return check - erased - errors - ways / std::log(256.0);
}

std::optional<std::string> read_symbol(int version, const Ink& ink) {
  const Symbol& plan = symbol(version);
  DFB_CHECK(ink.size() == plan.modules.size());
  for (const Format& format : read_format(plan, ink)) {
    Words words = read_words(plan, ink, format.mask);
    if (!repair_all(blocks(version, format.level), words)) continue;
    return text_of(redraw(plan, format, words), plan.size);
  }
  return std::nullopt;
}

}  // namespace dfb::terminal
