// What a scanner reads off a phone that shows a pick-up code, or off anything else: what is taken ends in the hold's id, as
// it is written everywhere.
#include <cstdint>
#include <string_view>

#include "ledger/base/check.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/pickup_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dfb;
  using namespace dfb::terminal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto hold = parse_pickup_url(text);
  if (!hold) return 0;
  DFB_CHECK(text.starts_with("http") && text.ends_with("#pickup=" + to_string(*hold)));
  return 0;
}
