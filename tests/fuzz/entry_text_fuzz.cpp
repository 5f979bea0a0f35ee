// Entries, as an auditor fetches them: what is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/entry_text.h"

namespace dfb::log {
namespace {

void try_input(std::string_view text) {
  const auto entry = parse_entry_text(text);
  if (!entry.has_value()) return;
  const auto again = format_entry_text(*entry);
  DFB_CHECK(again.has_value() && *again == text);
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
