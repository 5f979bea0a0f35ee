// Outcomes, as an auditor reads them out of leaves: what is written again reads as the same.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/book/outcome.h"

namespace dfb::book {
namespace {

void try_input(std::string_view line) {
  const auto outcome = parse_outcome(line);
  if (!outcome.has_value()) return;
  const std::string written = format_outcome(*outcome);
  DFB_CHECK(written.size() == line.size());
  const auto again = parse_outcome(written);
  DFB_CHECK(again.has_value() && *again == *outcome);
}

}  // namespace
}  // namespace dfb::book

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::book::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
