// Receipts, as strangers hand them over: what is read is written back byte for byte, and no leaf that the
// fuzzer could think of is proven by it.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/receipt.h"

namespace dfb::log {
namespace {

void try_input(std::string_view text) {
  static const Vkey log =
      parse_vkey("vectors.example/town+20f9137e+AYl1uerj5UODN/5UjPUJHO+pXG5tNprzSPiMgVK7yt6v").value();
  const auto receipt = parse_receipt(text);
  if (!receipt.has_value()) return;
  DFB_CHECK(format_receipt(*receipt) == text);
  DFB_CHECK(!verify(*receipt, log, "a leaf that is not in the log\n").has_value());
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
