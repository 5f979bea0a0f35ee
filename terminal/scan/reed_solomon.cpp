#include "terminal/scan/reed_solomon.h"

#include <algorithm>
#include <array>

#include "ledger/base/check.h"

namespace dfb::terminal {
namespace {

using Byte = std::uint8_t;
constexpr int kOrder = 255;     // of the field's multiplicative group
constexpr int kCheckMax = 255;  // no block has more words

struct Field {
  std::array<Byte, 2 * kOrder> power{};  // twice over, so that a sum of two logarithms needs no modulo
  std::array<int, 256> logarithm{};

  constexpr Field() {
    int value = 1;
    for (int i = 0; i < kOrder; ++i) {
      power[static_cast<std::size_t>(i)] = power[static_cast<std::size_t>(i + kOrder)] =
          static_cast<Byte>(value);
      logarithm[static_cast<std::size_t>(value)] = i;
      value <<= 1;
      if (value > 255) value ^= 0x11d;
    }
  }
  constexpr Byte times(Byte a, Byte b) const {
    return a == 0 || b == 0 ? Byte{0} : power[static_cast<std::size_t>(logarithm[a] + logarithm[b])];
  }
  constexpr Byte inverse(Byte a) const { return power[static_cast<std::size_t>(kOrder - logarithm[a])]; }
};
constexpr Field kField;

using Polynomial = std::array<Byte, kCheckMax + 1>;  // the lowest power first

Byte value_at(const Polynomial& polynomial, int degree, Byte x) {
  Byte value = 0;
  for (int i = degree; i >= 0; --i)
    value = static_cast<Byte>(kField.times(value, x) ^ polynomial[static_cast<std::size_t>(i)]);
  return value;
}

// False when all of them are 0: the block is a word of the code.
bool syndromes(std::span<const Byte> block, int check_count, Polynomial& found) {
  bool any = false;
  for (int i = 0; i < check_count; ++i) {
    const Byte root = kField.power[static_cast<std::size_t>(i)];
    Byte value = 0;
    for (const Byte word : block) value = static_cast<Byte>(kField.times(value, root) ^ word);
    found[static_cast<std::size_t>(i)] = value;
    any = any || value != 0;
  }
  return any;
}

// What a place's word is multiplied with in the syndromes.
Byte locator(std::size_t size, int place) { return kField.power[size - 1 - static_cast<std::size_t>(place)]; }

// Berlekamp-Massey, begun with the erasures' polynomial (Blahut). Answers the degree.
int locate_errors(const Polynomial& syndrome, int check_count, std::size_t size, std::span<const int> erased,
                  Polynomial& lambda) {
  lambda = {1};
  for (const int place : erased) {
    const Byte x = locator(size, place);
    for (std::size_t i = erased.size(); i > 0; --i)
      lambda[i] = static_cast<Byte>(lambda[i] ^ kField.times(lambda[i - 1], x));
  }
  Polynomial previous = lambda;
  const int known = static_cast<int>(erased.size());
  int length = known;
  for (int r = known + 1; r <= check_count; ++r) {
    Byte discrepancy = 0;
    for (int i = 0; i <= length && i < r; ++i)
      discrepancy =
          static_cast<Byte>(discrepancy ^ kField.times(lambda[static_cast<std::size_t>(i)],
                                                       syndrome[static_cast<std::size_t>(r - 1 - i)]));
    std::copy_backward(previous.begin(), previous.end() - 1, previous.end());
    previous[0] = 0;
    if (discrepancy == 0) continue;
    const Polynomial before = lambda;
    for (int i = 0; i <= check_count; ++i) {
      auto& term = lambda[static_cast<std::size_t>(i)];
      term = static_cast<Byte>(term ^ kField.times(discrepancy, previous[static_cast<std::size_t>(i)]));
    }
    if (2 * length > r + known - 1) continue;
    length = r + known - length;
    for (std::size_t i = 0; i < previous.size(); ++i)
      previous[i] = kField.times(before[i], kField.inverse(discrepancy));
  }
  return length;
}

}  // namespace

std::optional<int> correct(std::span<Byte> block, int check_count, std::span<const int> erased) {
  DFB_CHECK(check_count > 0 && static_cast<std::size_t>(check_count) < block.size() &&
            block.size() <= kOrder && erased.size() <= static_cast<std::size_t>(check_count));
  Polynomial syndrome{};
  if (!syndromes(block, check_count, syndrome)) return 0;
  Polynomial lambda{};
  const int degree = locate_errors(syndrome, check_count, block.size(), erased, lambda);
  const int errors = degree - static_cast<int>(erased.size());
  if (2 * errors + static_cast<int>(erased.size()) > check_count) return std::nullopt;

  Polynomial omega{}, slope{};
  for (int i = 0; i < check_count; ++i)
    for (int j = 0; j <= std::min(i, degree); ++j) {
      auto& term = omega[static_cast<std::size_t>(i)];
      term = static_cast<Byte>(term ^ kField.times(lambda[static_cast<std::size_t>(j)],
                                                   syndrome[static_cast<std::size_t>(i - j)]));
    }
  for (int i = 1; i <= degree; i += 2)
    slope[static_cast<std::size_t>(i - 1)] = lambda[static_cast<std::size_t>(i)];

  std::vector<Byte> corrected(block.begin(), block.end());
  int roots = 0;
  for (std::size_t place = 0; place < block.size(); ++place) {
    const Byte x = locator(block.size(), static_cast<int>(place)), inverse = kField.inverse(x);
    if (value_at(lambda, degree, inverse) != 0) continue;
    ++roots;
    const Byte divisor = value_at(slope, degree, inverse);
    if (divisor == 0) return std::nullopt;
    const Byte dividend = kField.times(x, value_at(omega, check_count - 1, inverse));
    corrected[place] = static_cast<Byte>(corrected[place] ^ kField.times(dividend, kField.inverse(divisor)));
  }
  Polynomial left{};
  if (roots != degree || syndromes(corrected, check_count, left)) return std::nullopt;
  std::copy(corrected.begin(), corrected.end(), block.begin());
  return errors;
}

std::vector<Byte> check_words(std::span<const Byte> data, int check_count) {
  std::vector<int> places;
  std::vector<Byte> block(data.begin(), data.end());
  for (int i = 0; i < check_count; ++i) {
    places.push_back(static_cast<int>(block.size()));
    block.push_back(0);
  }
  DFB_CHECK(correct(block, check_count, places));
  return {block.begin() + static_cast<std::ptrdiff_t>(data.size()), block.end()};
}

}  // namespace dfb::terminal
