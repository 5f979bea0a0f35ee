// Bytes from a keyboard-wedge scanner or a person's keys: however they come in pieces, the same lines come
// out, within their bounds, and each is read as something.
#include <cstdint>
#include <string_view>
#include <vector>

#include "ledger/base/check.h"
#include "ledger/book/card_number.h"
#include "terminal/console_line.h"
#include "terminal/scan/line_scanner.h"

namespace dfb::terminal {
namespace {

std::vector<LineScanner::Line> lines_of(std::string_view bytes, std::size_t piece) {
  LineScanner scanner;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    scanner.feed(bytes.substr(0, piece));
  scanner.end();
  std::vector<LineScanner::Line> lines;
  while (auto line = scanner.next()) lines.push_back(*std::move(line));
  return lines;
}

void try_input(std::string_view bytes) {
  const auto whole = lines_of(bytes, bytes.size()), single = lines_of(bytes, 1);
  DFB_CHECK(whole.size() == single.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::string& text = whole[i].text;
    DFB_CHECK(text == single[i].text && whole[i].too_long == single[i].too_long);
    DFB_CHECK(text.size() <= LineScanner::kLineMax && text.find_first_of("\r\n") == text.npos);
    const ConsoleLine line = parse_console_line(text);
    if (const auto* amount = std::get_if<AmountLine>(&line))
      DFB_CHECK(amount->points.value >= 1 && amount->points <= book::kPointsMax && amount->cash_fen >= 0);
    if (const auto card = book::parse_card(text))
      DFB_CHECK(book::parse_card(book::card_text(*card)) == *card);
  }
}

}  // namespace
}  // namespace dfb::terminal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::terminal::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
