#include "terminal/scan/filter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace dfb::terminal {
namespace {

using Row = const std::uint8_t*;

Row row_of(const Picture& picture, int y) {
  return picture.grey.data() + static_cast<std::size_t>(std::clamp(y, 0, picture.height - 1)) *
                                   static_cast<std::size_t>(picture.width);
}

Picture like(const Picture& picture) {
  return {picture.width, picture.height, std::vector<std::uint8_t>(picture.grey.size())};
}

void order(std::uint8_t& a, std::uint8_t& b) {
  const std::uint8_t low = std::min(a, b);
  b = std::max(a, b);
  a = low;
}

// Sums of values and squares over the rectangle from the corner to (x, y), exclusive: one row at a time is
// kept for each of the window's edges.
class Sums {
 public:
  explicit Sums(const Picture& picture)
      : width_(static_cast<std::size_t>(picture.width) + 1),
        sums_(width_ * (static_cast<std::size_t>(picture.height) + 1)),
        squares_(sums_.size()) {
    for (int y = 0; y < picture.height; ++y) {
      std::uint32_t sum = 0, square = 0;
      const Row row = row_of(picture, y);
      const std::size_t above = static_cast<std::size_t>(y) * width_;
      for (int x = 0; x < picture.width; ++x) {
        sum += row[x];
        square += static_cast<std::uint32_t>(row[x]) * row[x];
        const std::size_t here = above + width_ + static_cast<std::size_t>(x) + 1;
        sums_[here] = sums_[here - width_] + sum;
        squares_[here] = squares_[here - width_] + square;
      }
    }
  }
  // Differences stay right when the sums run over, as long as the window itself does not.
  std::uint32_t sum(int x0, int y0, int x1, int y1) const { return over(sums_, x0, y0, x1, y1); }
  std::uint32_t squares(int x0, int y0, int x1, int y1) const { return over(squares_, x0, y0, x1, y1); }

 private:
  std::uint32_t over(const std::vector<std::uint32_t>& sums, int x0, int y0, int x1, int y1) const {
    const auto place = [&](int x, int y) {
      return static_cast<std::size_t>(y) * width_ + static_cast<std::size_t>(x);
    };
    return sums[place(x1, y1)] - sums[place(x0, y1)] - sums[place(x1, y0)] + sums[place(x0, y0)];
  }
  std::size_t width_;
  std::vector<std::uint32_t> sums_, squares_;
};

}  // namespace

Picture smoothed(const Picture& picture) {
  Picture made = like(picture);
  std::vector<int> column(static_cast<std::size_t>(picture.width) + 2);
  for (int y = 0; y < picture.height; ++y) {
    const Row above = row_of(picture, y - 1), here = row_of(picture, y), below = row_of(picture, y + 1);
    for (int x = 0; x < picture.width; ++x)
      column[static_cast<std::size_t>(x) + 1] = above[x] + 2 * here[x] + below[x];
    column.front() = column[1];
    column.back() = column[column.size() - 2];
    std::uint8_t* out =
        made.grey.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width);
    for (std::size_t x = 0; x + 2 < column.size(); ++x)
      out[x] = static_cast<std::uint8_t>((column[x] + 2 * column[x + 1] + column[x + 2] + 8) / 16);
  }
  return made;
}

Picture median(const Picture& picture) {
  Picture made = like(picture);
  for (int y = 0; y < picture.height; ++y) {
    const Row rows[3] = {row_of(picture, y - 1), row_of(picture, y), row_of(picture, y + 1)};
    std::uint8_t* out =
        made.grey.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width);
    for (int x = 0; x < picture.width; ++x) {
      const int left = std::max(0, x - 1), right = std::min(picture.width - 1, x + 1);
      std::uint8_t a[3], b[3], c[3];
      for (int i = 0; i < 3; ++i) {
        a[i] = rows[i][left];
        b[i] = rows[i][x];
        c[i] = rows[i][right];
        order(a[i], b[i]);
        order(b[i], c[i]);
        order(a[i], b[i]);
      }
      // The median of: the largest of the smallest, the middle of the middles, the smallest of the largest.
      std::uint8_t low = std::max({a[0], a[1], a[2]}), high = std::min({c[0], c[1], c[2]});
      order(b[0], b[1]);
      order(b[1], b[2]);
      order(b[0], b[1]);
      order(low, b[1]);
      order(b[1], high);
      order(low, b[1]);
      out[x] = b[1];
    }
  }
  return made;
}

Picture darkness(const Picture& picture, int reach) {
  Picture made = like(picture);
  const Sums sums(picture);
  for (int y = 0; y < picture.height; ++y) {
    const int top = std::max(0, y - reach), bottom = std::min(picture.height, y + reach + 1);
    for (int x = 0; x < picture.width; ++x) {
      const int left = std::max(0, x - reach), right = std::min(picture.width, x + reach + 1);
      const float count = static_cast<float>((right - left) * (bottom - top));
      const float mean = static_cast<float>(sums.sum(left, top, right, bottom)) / count;
      const float spread = static_cast<float>(sums.squares(left, top, right, bottom)) / count - mean * mean;
      const float share = (mean - static_cast<float>(picture.at(x, y))) / std::sqrt(std::max(4.F, spread));
      made.grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                static_cast<std::size_t>(x)] =
          static_cast<std::uint8_t>(std::clamp(128.F + 80.F * share, 0.F, 255.F));
    }
  }
  return made;
}

}  // namespace dfb::terminal
