#include "ledger/book/log_keys.h"

namespace dfb::book {

std::vector<std::string> log_keys_in_force(const LedgerRow& ledger) {
  std::vector<std::string> keys;
  if (!ledger.former_vkey.empty() && ledger.last_time_us < ledger.former_until_us)
    keys.push_back(ledger.former_vkey);
  if (!ledger.log_vkey.empty()) keys.push_back(ledger.log_vkey);
  return keys;
}

}  // namespace dfb::book
