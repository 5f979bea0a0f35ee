// Payloads, as clients send them: what is read and written again reads as the same, in the documented order.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/base/strict_json.h"
#include "ledger/book/touched.h"

namespace dfb::book {
namespace {

void try_input(std::string_view line) {
  const auto payload = parse_payload(line);
  if (!payload.has_value()) return;
  const std::string written = format_payload(*payload);
  const auto again = parse_payload(written);
  DFB_CHECK(again.has_value() && again->body.index() == payload->body.index());
  DFB_CHECK(format_payload(*again) == written);
  // Only the order of the fields may differ.
  DFB_CHECK(written.size() == line.size());
  DFB_CHECK(touched(*again, {}) == touched(*payload, {}));
  const auto* transfer = std::get_if<Transfer>(&payload->body);
  if (transfer && std::holds_alternative<QuoteProof>(transfer->proof))
    DFB_CHECK(json::parse(quote_line(*payload)).has_value() && quote_line(*again) == quote_line(*payload));
}

}  // namespace
}  // namespace dfb::book

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::book::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
