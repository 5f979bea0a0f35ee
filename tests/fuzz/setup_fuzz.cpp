// A till's terminal.json: what is read is written back as such.
#include <cstdint>

#include "ledger/base/check.h"
#include "terminal/setup.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto setup = dfb::terminal::parse_setup({reinterpret_cast<const char*>(data), size});
  if (setup) DFB_CHECK(dfb::terminal::parse_setup(dfb::terminal::format_setup(*setup)).value() == *setup);
  return 0;
}
