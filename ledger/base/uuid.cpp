#include "ledger/base/uuid.h"

#include <algorithm>

#include "ledger/base/encoding.h"

namespace dfb {

Uuid make_uuid(TimeUs now_us, Random& random) {
  std::string raw;
  put_be(raw, static_cast<std::uint64_t>(now_us / 1000), 6);
  raw += random.bytes(10);
  Uuid uuid;
  std::copy(raw.begin(), raw.end(), uuid.bytes.begin());
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (uuid.bytes[6] & 0x0f));
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

std::string to_string(const Uuid& uuid) {
  std::string text = hex_encode(uuid.view());
  for (std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
  return text;
}

Result<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return fail(Code::malformed, "an id is a UUID of 36 characters");
  std::string digits(text);
  for (std::size_t at : {23u, 18u, 13u, 8u}) digits.erase(at, 1);
  DFB_TRY(auto raw, hex_decode(digits));
  Uuid uuid;
  std::copy(raw.begin(), raw.end(), uuid.bytes.begin());
  if (uuid.bytes[6] >> 4 != 7 || uuid.bytes[8] >> 6 != 2)
    return fail(Code::malformed, "an id is a UUID of version 7");
  return uuid;
}

}  // namespace dfb
