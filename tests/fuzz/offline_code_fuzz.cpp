// Offline codes, as a scanner reads them: what is read is written back character for character.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/book/offline_code.h"

namespace dfb::book {
namespace {

void try_input(std::string_view text) {
  static const PublicKey device = PrivateKey::from_ticket("device").public_key();
  const auto code = parse_offline_code(text);
  if (!code.has_value()) return;
  DFB_CHECK(code->text() == text);
  DFB_CHECK(!verify(*code, device, "bq.example/points"));
}

}  // namespace
}  // namespace dfb::book

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::book::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
