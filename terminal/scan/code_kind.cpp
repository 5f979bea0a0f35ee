#include "terminal/scan/code_kind.h"

#include <array>

#include "ledger/base/digits.h"
#include "ledger/base/encoding.h"
#include "ledger/book/card_number.h"
#include "terminal/scan/pickup_code.h"
#include "terminal/scan/receipt_code.h"

namespace dfb::terminal {
namespace {

constexpr std::array<std::string_view, 11> kNames{"pay_code", "card",      "handle", "offline_code",
                                                  "pickup",   "site_code", "ticket", "receipt",
                                                  "link",     "number",    "unknown"};
constexpr std::size_t kHandleSize = 8;
constexpr std::size_t kPayCodeSize = 120, kOfflineCodeSize = 162, kSiteCodeSize = 135, kTicketSize = 20;

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

std::string_view name(CodeKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

CodeKind kind_of(std::string_view text) {
  // Any version of a pay code: the counter says when it is too new.
  if (text.size() == kPayCodeSize && base45_decode(text)) return CodeKind::pay_code;
  if (text.size() == kOfflineCodeSize && base45_decode(text)) return CodeKind::offline_code;
  if (text.starts_with("https://") || text.starts_with("http://")) {
    if (has(text, "#site=")) return CodeKind::site_code;
    if (has(text, "#ticket=")) return CodeKind::ticket;
    if (parse_pickup_url(text)) return CodeKind::pickup;
    return parse_receipt_url(text) ? CodeKind::receipt : CodeKind::link;
  }
  if (text.size() == kSiteCodeSize && base64url_decode(text)) return CodeKind::site_code;
  if (text.starts_with("c2sp.org/tlog-proof") || text.starts_with("defenbao/entry/"))
    return CodeKind::receipt;
  if (book::parse_card(text)) return CodeKind::card;
  if (is_digits(text)) return text.size() == kHandleSize ? CodeKind::handle : CodeKind::number;
  if (crockford_decode_bytes_typed(text, kTicketSize)) return CodeKind::ticket;
  return CodeKind::unknown;
}

std::string without_caps_lock(std::string text) {
  if (kind_of(text) != CodeKind::unknown) return text;
  std::string turned = text;
  for (char& c : turned) {
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
    else if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  }
  return kind_of(turned) == CodeKind::unknown ? text : turned;
}

}  // namespace dfb::terminal
