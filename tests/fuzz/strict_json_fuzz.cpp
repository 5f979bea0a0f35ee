// Strict JSON: one value has exactly one text, so what is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "tests/support/write_json.h"

namespace dfb {
namespace {

void try_input(std::string_view text) {
  const auto value = json::parse(text);
  if (value.has_value()) DFB_CHECK(test::json_text(*value) == text);
}

}  // namespace
}  // namespace dfb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
