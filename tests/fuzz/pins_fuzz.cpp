// The file in which a till keeps what it knows for selling without a line: what is read is written back as such.
#include <cstdint>

#include "ledger/base/check.h"
#include "terminal/till/pins.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pins = dfb::terminal::parse_pins({reinterpret_cast<const char*>(data), size});
  if (pins) DFB_CHECK(dfb::terminal::parse_pins(dfb::terminal::format_pins(*pins)).value() == *pins);
  return 0;
}
