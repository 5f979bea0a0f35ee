#include "terminal/scan/equalize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "ledger/base/check.h"

namespace dfb::terminal {
namespace {

constexpr int kLightReach = 5;  // modules: over these the light is taken as even
constexpr int kRounds = 4;
constexpr float kWeightMin =
    0.15F;  // of a module's own ink in its value; with less the mixture is not told apart

float sign(float value) { return value > 0 ? 1.F : -1.F; }

// The mean over a square of modules, of those whose weight is 1.
class Means {
 public:
  Means(int size, const std::vector<float>& values, const std::vector<float>& weights)
      : size_(size),
        width_(static_cast<std::size_t>(size) + 1),
        sums_(width_ * width_),
        counts_(width_ * width_) {
    for (int row = 0; row < size; ++row)
      for (int column = 0; column < size; ++column) {
        const auto from = static_cast<std::size_t>(row * size + column);
        const std::size_t to = place(column + 1, row + 1);
        sums_[to] =
            values[from] * weights[from] + sums_[to - 1] + sums_[to - width_] - sums_[to - width_ - 1];
        counts_[to] = weights[from] + counts_[to - 1] + counts_[to - width_] - counts_[to - width_ - 1];
      }
  }
  // `otherwise` where the square holds fewer than three.
  float around(int row, int column, int reach, float otherwise) const {
    const int x0 = std::max(0, column - reach), x1 = std::min(size_, column + reach + 1);
    const int y0 = std::max(0, row - reach), y1 = std::min(size_, row + reach + 1);
    const auto over = [&](const std::vector<double>& from) {
      return from[place(x1, y1)] - from[place(x0, y1)] - from[place(x1, y0)] + from[place(x0, y0)];
    };
    const double count = over(counts_);
    return count < 3 ? otherwise : static_cast<float>(over(sums_) / count);
  }
  float all() const { return counts_.back() == 0 ? 0 : static_cast<float>(sums_.back() / counts_.back()); }

 private:
  std::size_t place(int x, int y) const {
    return static_cast<std::size_t>(y) * width_ + static_cast<std::size_t>(x);
  }
  int size_;
  std::size_t width_;
  std::vector<double> sums_, counts_;
};

class Equalizer {
 public:
  Equalizer(const Symbol& plan, const std::vector<float>& values)
      : plan_(plan), values_(values), ink_(values.size()) {
    const Means means(plan.size, values, std::vector<float>(values.size(), 1));
    for_all([&](int row, int column, std::size_t i) {
      ink_[i] = means.around(row, column, kLightReach - 1, 0) - values_[i];
    });
  }

  Ink run() && {
    for (int round = 0; round < kRounds; ++round) {
      even_light();
      if (round > 0) unmix();
    }
    return std::move(ink_);
  }

 private:
  template <class Each>
  void for_all(const Each& each) const {
    for (int row = 0; row < plan_.size; ++row)
      for (int column = 0; column < plan_.size; ++column)
        each(row, column, static_cast<std::size_t>(row * plan_.size + column));
  }

  float decided(std::size_t i) const {
    if (plan_.modules[i] == Module::dark) return 1;
    if (plan_.modules[i] == Module::light) return -1;
    return sign(ink_[i]);
  }
  // Outside of the code it is light.
  float decided(int row, int column) const {
    if (row < 0 || column < 0 || row >= plan_.size || column >= plan_.size) return -1;
    return decided(static_cast<std::size_t>(row * plan_.size + column));
  }

  // Ink as the place between the means of what is light and what is dark nearby.
  void even_light() {
    std::vector<float> dark(values_.size()), light(values_.size());
    for (std::size_t i = 0; i < values_.size(); ++i) (decided(i) > 0 ? dark : light)[i] = 1;
    const Means darks(plan_.size, values_, dark), lights(plan_.size, values_, light);
    for_all([&](int row, int column, std::size_t i) {
      const float low = darks.around(row, column, kLightReach, darks.all());
      const float high = lights.around(row, column, kLightReach, lights.all());
      ink_[i] = ((low + high) / 2 - values_[i]) / std::max(2.F, (high - low) / 2);
    });
  }

  // Least squares: ink = own decision, neighbours beside, neighbours above and below, diagonal ones, and a
  // constant. What the neighbours bring is taken away.
  void unmix() {
    constexpr std::size_t kTerms = 5;
    using Terms = std::array<double, kTerms>;
    const auto terms_of = [&](int row, int column, std::size_t i) {
      return Terms{decided(i), (decided(row, column - 1) + decided(row, column + 1)) / 2.0,
                   (decided(row - 1, column) + decided(row + 1, column)) / 2.0,
                   (decided(row - 1, column - 1) + decided(row - 1, column + 1) +
                    decided(row + 1, column - 1) + decided(row + 1, column + 1)) /
                       4.0,
                   1.0};
    };
    std::vector<Terms> terms;
    std::array<std::array<double, kTerms + 1>, kTerms> normal{};
    for_all([&](int row, int column, std::size_t i) {
      const Terms& one = terms.emplace_back(terms_of(row, column, i));
      const double value = std::clamp(ink_[i], -2.F, 2.F);
      for (std::size_t a = 0; a < kTerms; ++a) {
        for (std::size_t b = 0; b < kTerms; ++b) normal[a][b] += one[a] * one[b];
        normal[a][kTerms] += one[a] * value;
      }
    });
    for (std::size_t pivot = 0; pivot < kTerms; ++pivot) {
      if (std::abs(normal[pivot][pivot]) < 1e-6) return;
      for (std::size_t row = 0; row < kTerms; ++row) {
        if (row == pivot) continue;
        const double by = normal[row][pivot] / normal[pivot][pivot];
        for (std::size_t i = pivot; i <= kTerms; ++i) normal[row][i] -= by * normal[pivot][i];
      }
    }
    Terms weight;
    for (std::size_t i = 0; i < kTerms; ++i) weight[i] = normal[i][kTerms] / normal[i][i];
    if (weight[0] < kWeightMin) return;
    for (std::size_t i = 0; i < ink_.size(); ++i) {
      double others = 0;
      for (std::size_t k = 1; k < kTerms; ++k) others += weight[k] * terms[i][k];
      ink_[i] = static_cast<float>((ink_[i] - others) / weight[0]);
    }
  }

  const Symbol& plan_;
  const std::vector<float>& values_;
  Ink ink_;
};

}  // namespace

Ink equalize(const Symbol& plan, const std::vector<float>& values) {
  DFB_CHECK(values.size() == plan.modules.size());
  return Equalizer(plan, values).run();
}

}  // namespace dfb::terminal
