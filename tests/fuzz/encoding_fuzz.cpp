// Texts of bytes and numbers: every byte string has exactly one accepted text, and gives it.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/base/clock.h"
#include "ledger/base/encoding.h"
#include "ledger/base/uuid.h"

namespace dfb {
namespace {

// Whatever `decode` accepts, `encode` writes again; and it accepts what `encode` writes.
template <class Encode, class Decode>
void both_ways(std::string_view input, Encode encode, Decode decode) {
  const auto decoded = decode(input);
  if (decoded.has_value()) DFB_CHECK(encode(*decoded) == input);
  const auto again = decode(encode(input));
  DFB_CHECK(again.has_value() && *again == input);
}
template <class Format, class Parse>
void as_value(std::string_view input, Format format, Parse parse) {
  const auto value = parse(input);
  if (value.has_value()) DFB_CHECK(format(*value) == input);
}

void try_input(std::string_view input) {
  both_ways(input, hex_encode, hex_decode);
  both_ways(input, base64_encode, base64_decode);
  both_ways(input, base64url_encode, base64url_decode);
  both_ways(input, base45_encode, base45_decode);
  as_value(input, crockford_encode, crockford_decode);
  as_value(input, hash_text, parse_hash_text);
  as_value(
      input, [](std::int64_t value) { return std::to_string(value); }, parse_decimal);
  as_value(input, format_day, parse_day);
  as_value(
      input, [](const Uuid& uuid) { return to_string(uuid); }, parse_uuid);
  const auto typed = crockford_decode_typed(input);
  if (typed.has_value()) DFB_CHECK(crockford_decode(crockford_encode(*typed)).value() == *typed);
}

}  // namespace
}  // namespace dfb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
