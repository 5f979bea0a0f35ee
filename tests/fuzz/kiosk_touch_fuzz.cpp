// Touches of the till's page, and scanned texts: what is taken keeps the bounds that the till relies on.
#include <cstdint>
#include <string_view>

#include "ledger/base/check.h"
#include "terminal/kiosk/touch.h"
#include "terminal/scan/code_kind.h"

namespace dfb::terminal {
namespace {

void try_input(std::string_view text) {
  DFB_CHECK(!name(kind_of(text)).empty());
  const auto touch = kiosk::parse_touch(text);
  if (!touch) return;
  if (const auto* scan = std::get_if<kiosk::Scan>(&*touch)) {
    DFB_CHECK(!scan->camera && !scan->text.empty() && scan->text.size() <= 512);
  } else if (const auto* pay = std::get_if<kiosk::Pay>(&*touch)) {
    DFB_CHECK(pay->points.value >= 1 && pay->points <= book::kPointsMax && pay->cash_fen >= 0);
  } else if (const auto* in = std::get_if<kiosk::SignIn>(&*touch)) {
    DFB_CHECK(book::is_name(in->staff) && !in->pin.empty() && in->pin.size() <= 16);
  } else if (const auto* undo = std::get_if<kiosk::Void>(&*touch)) {
    DFB_CHECK(book::is_name(undo->manager) && !undo->pin.empty() && undo->pin.size() <= 16);
  } else if (const auto* open = std::get_if<kiosk::OpenOwner>(&*touch)) {
    DFB_CHECK(book::is_name(open->manager) && !open->pin.empty() && open->pin.size() <= 16);
  } else if (const auto* read = std::get_if<kiosk::ReadOwner>(&*touch)) {
    DFB_CHECK(read->period.from <= read->period.to);
  } else if (const auto* back = std::get_if<kiosk::GiveBack>(&*touch)) {
    DFB_CHECK(back->points.value >= 1 && back->points <= book::kPointsMax);
  }
}

}  // namespace
}  // namespace dfb::terminal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::terminal::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
