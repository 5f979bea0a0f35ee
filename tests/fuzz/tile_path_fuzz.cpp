// Paths of tiles, as clients ask for them: what is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/tile.h"

namespace dfb::log {
namespace {

void try_input(std::string_view text) {
  const auto path = parse_tile_path(text);
  if (!path.has_value()) return;
  DFB_CHECK(path->width >= 1 && path->width <= kTileWidth);
  DFB_CHECK(format_tile_path(*path) == text);
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
