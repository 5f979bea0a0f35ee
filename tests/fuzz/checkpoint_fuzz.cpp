// The text of a checkpoint: what is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/checkpoint.h"

namespace dfb::log {
namespace {

void try_input(std::string_view text) {
  const auto checkpoint = parse_checkpoint(text);
  if (!checkpoint.has_value()) return;
  DFB_CHECK(checkpoint->size >= 0);
  DFB_CHECK(format_checkpoint(*checkpoint) == text);
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
