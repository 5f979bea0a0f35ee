#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/bench/frames/spoil.h"

namespace dfb::bench {
namespace {

// The luminance table of the JPEG standard, annex K.1.
constexpr std::array<int, 64> kQuantum = {
    16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,  //
    14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,  //
    18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,  //
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};

using Block = std::array<double, 64>;

// The cosine transform of rows (by = 1) or columns (by = 8), or back.
void transform(Block& block, int along, int by, bool back) {
  static const auto kCosines = [] {
    Block made{};
    for (int k = 0; k < 8; ++k)
      for (int n = 0; n < 8; ++n)
        made[static_cast<std::size_t>(k * 8 + n)] =
            std::cos((2 * n + 1) * k * std::numbers::pi / 16) * (k == 0 ? std::sqrt(0.125) : 0.5);
    return made;
  }();
  for (int line = 0; line < 8; ++line) {
    std::array<double, 8> out{};
    for (int to = 0; to < 8; ++to)
      for (int from = 0; from < 8; ++from)
        out[static_cast<std::size_t>(to)] +=
            kCosines[static_cast<std::size_t>(back ? from * 8 + to : to * 8 + from)] *
            block[static_cast<std::size_t>(line * by + from * along)];
    for (int i = 0; i < 8; ++i)
      block[static_cast<std::size_t>(line * by + i * along)] = out[static_cast<std::size_t>(i)];
  }
}

}  // namespace

void blur(Light& light, double sigma) {
  if (sigma < 0.05) return;
  const int reach = static_cast<int>(std::ceil(3.5 * sigma));
  std::vector<float> weights;
  double sum = 0;
  for (int i = -reach; i <= reach; ++i) sum += std::exp(-i * i / (2 * sigma * sigma));
  for (int i = -reach; i <= reach; ++i)
    weights.push_back(static_cast<float>(std::exp(-i * i / (2 * sigma * sigma)) / sum));
  Light rows(light.width, light.height);
  for (int y = 0; y < light.height; ++y)
    for (int x = 0; x < light.width; ++x) {
      float value = 0;
      for (int i = -reach; i <= reach; ++i)
        value +=
            weights[static_cast<std::size_t>(i + reach)] * light.at(std::clamp(x + i, 0, light.width - 1), y);
      rows.at(x, y) = value;
    }
  for (int y = 0; y < light.height; ++y)
    for (int x = 0; x < light.width; ++x) {
      float value = 0;
      for (int i = -reach; i <= reach; ++i)
        value +=
            weights[static_cast<std::size_t>(i + reach)] * rows.at(x, std::clamp(y + i, 0, light.height - 1));
      light.at(x, y) = value;
    }
}

void dim(Light& light, double exposure, double read_noise, Dice& dice) {
  for (int y = 0; y < light.height; ++y)
    for (int x = 0; x < light.width; ++x) {
      const double far = std::hypot(x - light.width / 2.0, y - light.height / 2.0) / light.width;
      const double level = 255 * exposure * (1 - 0.8 * far * far) * std::max(0.F, light.at(x, y));
      // Of light itself: its square root, at two electrons a level.
      const double noise = std::sqrt(level / 2 + read_noise * read_noise);
      light.at(x, y) = static_cast<float>((level + noise * dice.normal()) / 255);
    }
}

void add_noise(Light& light, double sigma, double salt_share, Dice& dice) {
  for (float& value : light.values) {
    value += static_cast<float>(sigma / 255 * dice.normal());
    if (salt_share > 0 && dice.chance(salt_share)) value = dice.chance(0.5) ? 1 : 0;
  }
}

void compress(Light& light, double quality) {
  const double scale = (quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100;
  for (int top = 0; top + 8 <= light.height; top += 8)
    for (int left = 0; left + 8 <= light.width; left += 8) {
      Block block{};
      for (int i = 0; i < 64; ++i)
        block[static_cast<std::size_t>(i)] =
            std::round(255 * std::clamp(light.at(left + i % 8, top + i / 8), 0.F, 1.F)) - 128;
      transform(block, 1, 8, false);
      transform(block, 8, 1, false);
      for (std::size_t i = 0; i < 64; ++i) {
        const double quantum = std::clamp(std::floor(kQuantum[i] * scale + 0.5), 1.0, 255.0);
        block[i] = std::round(block[i] / quantum) * quantum;
      }
      transform(block, 8, 1, true);
      transform(block, 1, 8, true);
      for (int i = 0; i < 64; ++i)
        light.at(left + i % 8, top + i / 8) =
            static_cast<float>((block[static_cast<std::size_t>(i)] + 128) / 255);
    }
}

}  // namespace dfb::bench
