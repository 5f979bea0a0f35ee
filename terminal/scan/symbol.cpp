#include "terminal/scan/symbol.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "ledger/base/check.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kVersions = kSymbolVersionMax;
using PerVersion = std::array<std::uint8_t, kVersions>;
// Table 9 of the standard, levels L, M, Q, H.
constexpr std::array<PerVersion, 4> kCheckWords{
    PerVersion{7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28},
    PerVersion{10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26},
    PerVersion{13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30},
    PerVersion{17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28}};
constexpr std::array<PerVersion, 4> kBlockCounts{
    PerVersion{1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8},
    PerVersion{1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16},
    PerVersion{1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20},
    PerVersion{1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25}};

class Plan {
 public:
  explicit Plan(int version) {
    made_.version = version;
    made_.size = 17 + 4 * version;
    made_.modules.assign(static_cast<std::size_t>(made_.size * made_.size), Module::data);
    for (int i = 8; i < made_.size - 8; ++i) {
      set(6, i, i % 2 == 0);
      set(i, 6, i % 2 == 0);
    }
    place_alignment();
    place_finder(3, 3);
    place_finder(3, made_.size - 4);
    place_finder(made_.size - 4, 3);
    place_format();
    place_version();
    order_data();
  }
  Symbol take() && { return std::move(made_); }

 private:
  int at(int row, int column) const { return row * made_.size + column; }
  void set(int row, int column, bool dark) {
    made_.modules[static_cast<std::size_t>(at(row, column))] = dark ? Module::dark : Module::light;
  }
  int reserve(int row, int column, Module kind) {
    made_.modules[static_cast<std::size_t>(at(row, column))] = kind;
    return at(row, column);
  }

  // With the light edge towards the code's inside.
  void place_finder(int middle_row, int middle_column) {
    for (int row = middle_row - 4; row <= middle_row + 4; ++row)
      for (int column = middle_column - 4; column <= middle_column + 4; ++column) {
        if (row < 0 || column < 0 || row >= made_.size || column >= made_.size) continue;
        const int ring = std::max(std::abs(row - middle_row), std::abs(column - middle_column));
        set(row, column, ring != 2 && ring != 4);
      }
  }

  void place_alignment() {
    if (made_.version == 1) return;
    const int count = made_.version / 7 + 2, last = made_.size - 7;
    const int step = (made_.version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    made_.alignment.push_back(6);
    for (int i = count - 2; i >= 0; --i) made_.alignment.push_back(last - i * step);
    for (const int row : made_.alignment)
      for (const int column : made_.alignment) {
        if ((row == 6 && (column == 6 || column == last)) || (row == last && column == 6)) continue;
        for (int dy = -2; dy <= 2; ++dy)
          for (int dx = -2; dx <= 2; ++dx)
            set(row + dy, column + dx, std::max(std::abs(dx), std::abs(dy)) != 1);
      }
  }

  void place_format() {
    const int size = made_.size;
    for (int i = 0; i < 15; ++i) {
      const int row = i < 6 ? i : i < 8 ? i + 1 : 8;
      const int column = i < 8 ? 8 : i == 8 ? 7 : 14 - i;
      made_.format[0].push_back(reserve(row, column, Module::format));
      made_.format[1].push_back(i < 8 ? reserve(8, size - 1 - i, Module::format)
                                      : reserve(size - 15 + i, 8, Module::format));
    }
    set(size - 8, 8, true);
  }

  void place_version() {
    if (made_.version < 7) return;
    for (int i = 0; i < 18; ++i) {
      const int across = made_.size - 11 + i % 3, along = i / 3;
      made_.version_bits[0].push_back(reserve(along, across, Module::version));
      made_.version_bits[1].push_back(reserve(across, along, Module::version));
    }
  }

  // Upwards and downwards in columns of two, from the right; column 6 is left out.
  void order_data() {
    bool up = true;
    for (int right = made_.size - 1; right >= 1; right -= 2, up = !up) {
      if (right == 6) --right;
      for (int i = 0; i < made_.size; ++i)
        for (const int column : {right, right - 1}) {
          const int row = up ? made_.size - 1 - i : i;
          if (made_.modules[static_cast<std::size_t>(at(row, column))] == Module::data)
            made_.data.push_back(at(row, column));
        }
    }
  }

  Symbol made_;
};

}  // namespace

const Symbol& symbol(int version) {
  DFB_CHECK(version >= 1 && version <= kSymbolVersionMax);
  static const std::array<Symbol, kVersions> kSymbols = [] {
    std::array<Symbol, kVersions> made;
    for (int i = 0; i < kSymbolVersionMax; ++i) made[static_cast<std::size_t>(i)] = Plan(i + 1).take();
    return made;
  }();
  return kSymbols[static_cast<std::size_t>(version - 1)];
}

Blocks blocks(int version, Level level) {
  const auto row = static_cast<std::size_t>(level), column = static_cast<std::size_t>(version - 1);
  const int count = kBlockCounts[row][column], check = kCheckWords[row][column];
  const int words = static_cast<int>(symbol(version).data.size()) / 8;
  return {count, check, words / count - check, words % count};
}

bool masked(int mask, int row, int column) {
  const int product = row * column;
  switch (mask) {
    case 0:
      return (row + column) % 2 == 0;
    case 1:
      return row % 2 == 0;
    case 2:
      return column % 3 == 0;
    case 3:
      return (row + column) % 3 == 0;
    case 4:
      return (row / 2 + column / 3) % 2 == 0;
    case 5:
      return product % 2 + product % 3 == 0;
    case 6:
      return (product % 2 + product % 3) % 2 == 0;
    default:
      return ((row + column) % 2 + product % 3) % 2 == 0;
  }
}

int format_bits(Level level, int mask) {
  constexpr std::array<int, 4> kIndicator{1, 0, 3, 2};
  const int data = kIndicator[static_cast<std::size_t>(level)] << 3 | mask;
  int rest = data << 10;
  for (int bit = 14; bit >= 10; --bit)
    if ((rest >> bit & 1) != 0) rest ^= 0x537 << (bit - 10);
  return (data << 10 | rest) ^ 0x5412;
}

int version_bits(int version) {
  int rest = version << 12;
  for (int bit = 17; bit >= 12; --bit)
    if ((rest >> bit & 1) != 0) rest ^= 0x1f25 << (bit - 12);
  return version << 12 | rest;
}

}  // namespace dfb::terminal
