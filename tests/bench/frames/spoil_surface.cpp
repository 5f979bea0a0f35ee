#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "tests/bench/frames/spoil.h"
#include "tests/bench/frames/strengths.h"

namespace dfb::bench {
namespace {

constexpr double kPi = std::numbers::pi;

// Lays `value` over the pixels of a box, `opacity` of it where the function says so (0..1).
void lay(Light& light, double left, double top, double right, double bottom, double value,
         const std::function<double(double, double)>& opacity) {
  const int x0 = std::max(0, static_cast<int>(left)),
            x1 = std::min(light.width - 1, static_cast<int>(right) + 1);
  const int y0 = std::max(0, static_cast<int>(top)),
            y1 = std::min(light.height - 1, static_cast<int>(bottom) + 1);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const double share = std::clamp(opacity(x + 0.5, y + 0.5), 0.0, 1.0);
      light.at(x, y) = static_cast<float>(light.at(x, y) * (1 - share) + value * share);
    }
}

void lay_line(Light& light, double ax, double ay, double bx, double by, double width, double value) {
  const double length = std::hypot(bx - ax, by - ay), reach = width / 2 + 1;
  lay(light, std::min(ax, bx) - reach, std::min(ay, by) - reach, std::max(ax, bx) + reach,
      std::max(ay, by) + reach, value, [&](double x, double y) {
        const double along =
            std::clamp(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (length * length), 0.0, 1.0);
        return width / 2 + 0.5 - std::hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
      });
}

}  // namespace

void add_glare(Light& light, const Spot& spot, double size, double extra, Dice& dice) {
  const double x = spot.x + spot.side * dice.uniform(-0.4, 0.4),
               y = spot.y + spot.side * dice.uniform(-0.4, 0.4);
  const double turn = dice.uniform(0, kPi), longer = dice.uniform(1, 2.5), radius = size * spot.side;
  for (int row = 0; row < light.height; ++row)
    for (int column = 0; column < light.width; ++column) {
      const double a = (column - x) * std::cos(turn) + (row - y) * std::sin(turn);
      const double b = (row - y) * std::cos(turn) - (column - x) * std::sin(turn);
      const double far = (a / longer * a / longer + b * b) / (radius * radius);
      light.at(column, row) += static_cast<float>(extra * std::exp(-far));
    }
}

void add_cracks(Light& light, const Spot& spot, int count, double width, Dice& dice) {
  const double x = spot.x + spot.side * dice.uniform(-0.5, 0.5),
               y = spot.y + spot.side * dice.uniform(-0.5, 0.5);
  const double value = dice.chance(0.5) ? dice.uniform(0.75, 1) : dice.uniform(0, 0.25);
  for (int i = 0; i < count; ++i) {
    double heading = dice.uniform(0, 2 * kPi), at_x = x, at_y = y;
    for (double left = spot.side * dice.uniform(0.4, 1.4); left > 0;) {
      const double step = spot.side * dice.uniform(0.05, 0.2);
      const double to_x = at_x + step * std::cos(heading), to_y = at_y + step * std::sin(heading);
      lay_line(light, at_x, at_y, to_x, to_y, std::max(0.7, width * spot.module() * dice.uniform(0.6, 1.2)),
               value);
      at_x = to_x;
      at_y = to_y;
      left -= step;
      heading += dice.uniform(-0.5, 0.5);
    }
  }
}

void add_dirt(Light& light, const Spot& spot, double share, Dice& dice) {
  for (double left = share * spot.side * spot.side; left > 0;) {
    const double radius = spot.module() * dice.in(kSpeckRadius), longer = dice.uniform(0.7, 1.4);
    const double x = spot.x + spot.side * dice.uniform(-0.5, 0.5),
                 y = spot.y + spot.side * dice.uniform(-0.5, 0.5);
    const double value = dice.chance(0.65) ? dice.uniform(0, 0.4) : dice.uniform(0.6, 0.95);
    const double opacity = dice.uniform(0.6, 1);
    lay(light, x - 2 * radius, y - 2 * radius, x + 2 * radius, y + 2 * radius, value,
        [&](double px, double py) {
          return opacity *
                 std::clamp(radius + 0.5 - std::hypot((px - x) / longer, (py - y) * longer), 0.0, 1.0);
        });
    left -= kPi * radius * radius;
  }
}

void add_cover(Light& light, const Spot& spot, double share, Dice& dice) {
  const double area = share * spot.side * spot.side, longer = dice.uniform(0.6, 1.7),
               value = dice.uniform(0.05, 0.8);
  const bool finger = dice.chance(0.5);
  // Half the height and half the width of a rectangle or an ellipse of that area.
  const double half = std::sqrt(area / longer / (finger ? kPi : 4)), wide = half * longer;
  const double x = spot.x + (spot.side / 2 - wide) * dice.uniform(-1, 1);
  const double y = spot.y + (spot.side / 2 - half) * dice.uniform(-1, 1);
  lay(light, x - wide, y - half, x + wide, y + half, value, [&](double px, double py) {
    const double a = std::abs(px - x) / wide, b = std::abs(py - y) / half;
    return (1 - (finger ? std::hypot(a, b) : std::max(a, b))) * half + 0.5;
  });
}

void add_moire(Light& light, double depth, double period, Dice& dice) {
  const double turn = dice.uniform(0, kPi), other = turn + kPi / 2 + dice.uniform(-0.1, 0.1);
  const double second = period * dice.uniform(0.9, 1.15), phase = dice.uniform(0, 6);
  const double share = dice.uniform(0.5, 1);  // how much of it is the first grating
  for (int y = 0; y < light.height; ++y)
    for (int x = 0; x < light.width; ++x) {
      const double a = std::sin(2 * kPi * (x * std::cos(turn) + y * std::sin(turn)) / period + phase);
      const double b = std::sin(2 * kPi * (x * std::cos(other) + y * std::sin(other)) / second);
      const double stripe = 0.5 + 0.5 * (share * a + (1 - share) * b);
      light.at(x, y) = static_cast<float>(light.at(x, y) * (1 - depth * stripe) + 0.15 * depth * stripe);
    }
}

void add_shade(Light& light, double depth, Dice& dice) {
  const double turn = dice.uniform(0, 2 * kPi), c = std::cos(turn) / light.width,
               s = std::sin(turn) / light.height;
  for (int y = 0; y < light.height; ++y)
    for (int x = 0; x < light.width; ++x) {
      const double along = (x - light.width / 2.0) * c + (y - light.height / 2.0) * s;  // -0.7 to 0.7
      light.at(x, y) *= static_cast<float>(1 - depth / 2 + depth * along);
    }
}

void limit_contrast(Light& light, double contrast, Dice& dice) {
  const double base = dice.uniform(0, 1 - contrast);
  for (float& value : light.values)
    value = static_cast<float>(base + contrast * std::clamp(static_cast<double>(value), 0.0, 1.0));
}

}  // namespace dfb::bench
