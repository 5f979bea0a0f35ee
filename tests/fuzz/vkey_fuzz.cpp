// Verifier keys, as people paste them: what is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/note.h"

namespace dfb::log {
namespace {

void try_input(std::string_view text) {
  const auto vkey = parse_vkey(text);
  if (!vkey.has_value()) return;
  DFB_CHECK(format_vkey(*vkey) == text);
  DFB_CHECK(make_vkey(vkey->name, vkey->type, vkey->key).key_id == vkey->key_id);
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
