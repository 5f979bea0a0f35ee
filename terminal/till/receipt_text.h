// The customer's receipt as plain text: 32 columns for 58 mm paper, 48 for 80 mm.
// Threads: pure.
#pragma once
#include <string>

#include "terminal/till/sale.h"
#include "terminal/words.h"

namespace dfb::terminal {

inline constexpr int kColumns58mm = 32;

struct ReceiptHead {
  std::string shop;    // its name
  std::string origin;  // the ledger's
};

// Shop, points, money, who (masked), the sale's id, and what a stranger needs to check it: entry number, the
// size and root of the log. The number is what a refund asks for. No line is wider than `columns`. REQUIRES:
// sale.phase is done, columns >= 24, no Z report (report_text.h).
std::string receipt_text(const Sale& sale, const ReceiptHead& head, Lang lang, int columns = kColumns58mm);

}  // namespace dfb::terminal
