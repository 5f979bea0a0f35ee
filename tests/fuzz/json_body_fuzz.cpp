// Bodies: what the strict reader takes is JSON for Boost.JSON too, with the same value, and survives being
// written and read again.
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>

#include "api/http/json.h"
#include "ledger/base/check.h"

namespace dfb::http {
namespace {

BOOST_DEFINE_ENUM_CLASS(Level, phone, verified)

struct Lot {
  std::string day;
  std::int32_t points = 0;
};
BOOST_DESCRIBE_STRUCT(Lot, (), (day, points))

struct Body {
  std::string account;
  std::uint16_t tries = 0;
  bool known = false;
  Level level = Level::phone;
  std::vector<Lot> lots;
  std::optional<std::int64_t> balance;
  std::map<std::string, std::int64_t> limits;
};
BOOST_DESCRIBE_STRUCT(Body, (), (account, tries, known, level, lots, balance, limits))

void try_input(std::string_view text) {
  if (const auto value = parse_json(text)) {
    boost::system::error_code error;
    const auto other = boost::json::parse({text.data(), text.size()}, error);
    DFB_CHECK(!error && other == *value);
    DFB_CHECK(parse_json(boost::json::serialize(*value)).has_value());
  }
  if (const auto body = from_json<Body>(text)) {
    const std::string written = to_json(*body);
    const auto again = from_json<Body>(written);
    DFB_CHECK(again.has_value() && to_json(*again) == written);
  }
}

}  // namespace
}  // namespace dfb::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::http::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
