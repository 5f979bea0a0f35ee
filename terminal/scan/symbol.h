// The plan of a QR code: which modules are drawn the same in every code of a version, and where the words of
// a code lie (ISO/IEC 18004, 6 and 7). Threads: pure; the plans are made once.
#pragma once
#include <cstdint>
#include <vector>

namespace dfb::terminal {

// Larger codes have too little of a camera frame for each module.
inline constexpr int kSymbolVersionMax = 20;

enum class Module : std::uint8_t {
  light,  // of a finder, timing or alignment pattern, or beside one
  dark,
  format,  // level and mask, twice
  version,
  data
};

struct Symbol {
  int version = 0, size = 0;
  std::vector<Module> modules;  // size * size, rows from the top
  std::vector<int> alignment;   // rows and columns where alignment patterns have their middle
  std::vector<int> data;        // the data modules (row * size + column), in the order of the words' bits
  std::vector<int> format[2];   // the 15 modules of each copy, lowest bit first
  std::vector<int> version_bits[2];  // the 18 of each, lowest bit first; none below version 7
};
// REQUIRES: 1 <= version <= kSymbolVersionMax.
const Symbol& symbol(int version);

enum class Level : std::uint8_t { low, medium, quartile, high };

// How the words of a code are cut into blocks; they are drawn in turns, the first of each block, the
// second...
struct Blocks {
  int count, check;  // check words of each
  int data, longer;  // data words of the first blocks; how many of the last ones have one more
};
Blocks blocks(int version, Level level);

// Whether the mask turns the data module at this place over. REQUIRES: 0 <= mask < 8.
bool masked(int mask, int row, int column);

// The 15 bits of level and mask as they are drawn.
int format_bits(Level level, int mask);
// The 18 bits of the version as they are drawn. REQUIRES: version >= 7.
int version_bits(int version);

}  // namespace dfb::terminal
