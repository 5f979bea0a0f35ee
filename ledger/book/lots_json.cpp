#include "ledger/book/lots_json.h"

namespace dfb::book {
namespace {

Result<Lot> read_lot(const json::Value& value) {
  const auto* parts = std::get_if<json::Array>(&value.data);
  if (!parts || parts->size() < 2 || parts->size() > 3) return fail(Code::malformed, "a lot is [day,points]");
  const auto* day = std::get_if<std::string>(&(*parts)[0].data);
  const auto* points = std::get_if<std::int64_t>(&(*parts)[1].data);
  if (!day || !points || *points < 1 || *points > kBalanceMax)
    return fail(Code::malformed, "a lot is [day,points] with positive points");
  Lot lot{0, Points{*points}, parts->size() == 3};
  DFB_TRY(lot.day, parse_day(*day));
  if (lot.grace) {
    const auto* mark = std::get_if<std::int64_t>(&(*parts)[2].data);
    if (!mark || *mark != 1) return fail(Code::malformed, "a grace lot is marked with 1");
  }
  return lot;
}

}  // namespace

void write_lots(json::Writer& writer, const Lots& lots) {
  writer.begin_array();
  for (const auto& lot : lots) {
    writer.begin_array().value(format_day(lot.day)).value(lot.points.value);
    if (lot.grace) writer.value(std::int64_t{1});
    writer.end_array();
  }
  writer.end_array();
}

Result<Lots> read_lots(const json::Array& array) {
  Lots lots;
  for (const auto& value : array) {
    DFB_TRY(auto lot, read_lot(value));
    lots.push_back(lot);
  }
  return lots;
}

}  // namespace dfb::book
