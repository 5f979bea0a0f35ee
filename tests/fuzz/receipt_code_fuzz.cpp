// What a scanner reads off a receipt, or off anything else: what is taken is written the same way again.
#include <cstdint>
#include <string_view>

#include "ledger/base/check.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/receipt_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dfb::terminal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto code = parse_receipt_url(text);
  if (!code) return 0;
  const std::string_view server = text.substr(0, text.find("/#receipt="));
  DFB_CHECK(code->seq >= 0 && receipt_url(server, *code) == text);
  DFB_CHECK(!pays(kind_of(text)));
  return 0;
}
