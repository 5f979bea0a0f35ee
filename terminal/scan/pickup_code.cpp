#include "terminal/scan/pickup_code.h"

namespace dfb::terminal {
namespace {

constexpr std::string_view kPickupMark = "#pickup=";
constexpr std::size_t kPickupUrlMax = 512;

}  // namespace

Result<Uuid> parse_pickup_url(std::string_view text) {
  const auto bad = [] { return fail(Code::malformed, "not a pick-up code"); };
  const std::size_t mark = text.find(kPickupMark);
  if (text.size() > kPickupUrlMax || mark == text.npos) return bad();
  if (!text.starts_with("https://") && !text.starts_with("http://")) return bad();
  const auto hold = parse_uuid(text.substr(mark + kPickupMark.size()));
  return hold ? hold : Result<Uuid>(bad());
}

}  // namespace dfb::terminal
