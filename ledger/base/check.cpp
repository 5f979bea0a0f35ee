#include "ledger/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace dfb {
void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "DFB_CHECK failed: %s (%s:%d)\n", condition, file, line);
  std::fflush(stderr);
  std::abort();
}
}  // namespace dfb
