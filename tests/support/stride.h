// Long rows of cases, such as a crash at each write: a debug build runs each of them, a sanitized one, where a case takes
// five times as long, every kStride-th. tests/unit/CMakeLists.txt sets DFB_STRIDE.
#pragma once
#include <functional>
#include <string_view>

namespace dfb::test {

inline constexpr int kStride = DFB_STRIDE;

// Where the row of that name begins, 0 to kStride - 1: rows of several names together meet most of the cases.
inline int stride_start(std::string_view name) {
  return static_cast<int>(std::hash<std::string_view>{}(name) % kStride);
}

}  // namespace dfb::test
