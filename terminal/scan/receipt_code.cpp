#include "terminal/scan/receipt_code.h"

#include "ledger/base/encoding.h"

namespace dfb::terminal {
namespace {

constexpr std::string_view kMark = "/#receipt=";
constexpr std::size_t kAccountSize = 13, kUrlMax = 512;

}  // namespace

std::string receipt_url(std::string_view server, const ReceiptCode& code) {
  return std::string(server) + std::string(kMark) + std::to_string(code.seq) + "." + to_string(code.shop);
}

Result<ReceiptCode> parse_receipt_url(std::string_view text) {
  const auto bad = [] { return fail(Code::malformed, "not a receipt's code"); };
  const std::size_t mark = text.find(kMark);
  if (text.size() > kUrlMax || mark == text.npos) return bad();
  if (!text.starts_with("https://") && !text.starts_with("http://")) return bad();
  const std::string_view value = text.substr(mark + kMark.size());
  const std::size_t point = value.find('.');
  if (point == value.npos || value.size() - point - 1 != kAccountSize) return bad();
  const auto seq = parse_decimal(value.substr(0, point));
  const auto shop = book::parse_account(value.substr(point + 1));
  if (!seq || !shop) return bad();
  return ReceiptCode{seq.value(), *shop};
}

}  // namespace dfb::terminal
