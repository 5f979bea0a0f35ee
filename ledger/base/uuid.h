// RFC 9562 UUIDs of version 7: the id of a command, made and stored by its client before it is sent.
#pragma once
#include <array>
#include <compare>
#include <string>
#include <string_view>

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/base/result.h"

namespace dfb {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

Uuid make_uuid(TimeUs now_us, Random& random);
std::string to_string(const Uuid& uuid);            // lower case, 8-4-4-4-12
Result<Uuid> parse_uuid(std::string_view text);     // version 7, variant 10, lower case only; malformed

}  // namespace dfb
