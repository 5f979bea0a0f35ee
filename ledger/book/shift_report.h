// What a till's Z report is called in the ledger: docs/formats.md#record. Threads: pure.
#pragma once
#include <string>

#include "ledger/base/encoding.h"
#include "ledger/crypto/keys.h"

namespace dfb::book {

// `till-<first 4 bytes of the key's id, hex>-z-<number>`: a till's reports count from 1 without a gap.
inline std::string shift_report_subject(const KeyId& till, std::int64_t number) {
  return "till-" + hex_encode(till.view().substr(0, 4)) + "-z-" + std::to_string(number);
}

}  // namespace dfb::book
