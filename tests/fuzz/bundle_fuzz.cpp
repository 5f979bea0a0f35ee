// Bundles of entries; the first byte is the expected width. What is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/tile.h"

namespace dfb::log {
namespace {

void try_input(std::string_view input) {
  if (input.empty()) return;
  const int width = static_cast<unsigned char>(input.front()) + 1;
  const std::string_view bundle = input.substr(1);
  const auto entries = parse_bundle(bundle, width);
  if (!entries.has_value()) return;
  DFB_CHECK(entries->size() == static_cast<std::size_t>(width));
  std::string again;
  for (const std::string_view entry : *entries) append_to_bundle(again, entry);
  DFB_CHECK(again == bundle);
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
