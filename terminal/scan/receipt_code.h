// The QR code on a receipt: a link that opens the entry's proof on the customer's phone, and by which a till
// finds the sale again. Form: docs/formats.md#receipt-code.
// Threads: pure.
#pragma once
#include <string>
#include <string_view>

#include "ledger/base/result.h"
#include "ledger/book/types.h"

namespace dfb::terminal {

struct ReceiptCode {
  std::int64_t seq = 0;  // of the entry
  book::AccountId shop;
  friend bool operator==(const ReceiptCode&, const ReceiptCode&) = default;
};

// `server` is the town's URL, as https://host:port.
std::string receipt_url(std::string_view server, const ReceiptCode& code);
// From a link to any server: which one it names proves nothing. malformed.
Result<ReceiptCode> parse_receipt_url(std::string_view text);

}  // namespace dfb::terminal
