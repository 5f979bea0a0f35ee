// A scanner's key events as the kernel hands them on, three bytes each here: type and value, then the code.
// Only characters of a US keyboard come out.
#include <cstdint>

#include "ledger/base/check.h"
#include "terminal/scan/key_events.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::terminal::KeyEvents keys;
  for (std::size_t i = 0; i + 3 <= size; i += 3) {
    const auto type = static_cast<std::uint16_t>(data[i] & 0x1f);
    const auto value = static_cast<std::int32_t>(data[i] >> 5) - 1;
    const auto code = static_cast<std::uint16_t>(data[i + 1] | data[i + 2] << 8);
    const auto typed = keys.feed(type, code, value);
    DFB_CHECK(!typed || *typed == '\n' || (*typed >= 0x20 && *typed <= 0x7e));
  }
  return 0;
}
