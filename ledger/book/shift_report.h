// A till's reports of its shift, X and Z, and what they are called in the ledger: docs/formats.md#record.
// Threads: pure.
#pragma once
#include <string>
#include <string_view>

#include "ledger/base/encoding.h"
#include "ledger/crypto/keys.h"

namespace dfb::book {

inline constexpr std::string_view kXReport = "xreport";  // a reading of the shift so far: it closes nothing
inline constexpr std::string_view kZReport = "zreport";  // the shift's closing line

inline bool is_shift_report(std::string_view kind) { return kind == kXReport || kind == kZReport; }

// `till-<first 4 bytes of the key's id, hex>-z-<number>`, and with an `x` for a reading: each of the two
// counts from 1 without a gap.
inline std::string shift_report_subject(std::string_view kind, const KeyId& till, std::int64_t number) {
  return "till-" + hex_encode(till.view().substr(0, 4)) + (kind == kXReport ? "-x-" : "-z-") + std::to_string(number);
}

}  // namespace dfb::book
