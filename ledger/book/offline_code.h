// The code that a phone shows when it has no line: points of its allowance, for one shop. Bytes:
// docs/formats.md#offline-code.
//
// Threads: values; pure functions.
#pragma once
#include <string>
#include <string_view>

#include "ledger/book/command.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::book {

struct OfflineCode {
  Uuid allowance;
  AccountId shop;
  std::int64_t counter = 0;
  Points points;
  TimeUs at_us = 0;  // a multiple of kPayStepUs, by the phone's idea of the server's clock
  AccountId account;
  std::string signature;  // 64 bytes

  std::string signed_part() const;  // 44 bytes
  std::string text() const;         // 162 characters of base45
};
// malformed, also for 0 points or a counter of 0; unsupported_version.
Result<OfflineCode> parse_offline_code(std::string_view text);
// Signs it. REQUIRES: points and counter fit the format.
OfflineCode make_offline_code(const PrivateKey& device, std::string_view origin, OfflineCode code);
bool verify(const OfflineCode& code, const PublicKey& device, std::string_view origin);

// The redemption that the code proves, without goods and cash.
Transfer redemption_of(const OfflineCode& code, const KeyId& device);

}  // namespace dfb::book
