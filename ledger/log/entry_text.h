// An entry as the text that is a leaf of the tree: a person can read it, and its bytes are what is hashed.
// Source: docs/formats.md#entry.
//
//   defenbao/entry/v1
//   <origin>
//   <seq> <time, µs>
//   <payload: the exact bytes that were signed>
//   <outcome>
//   <empty line>
//   — <key id, 43 characters of base64url> <base64(first 4 bytes of the key id || signature)>     1..16 lines
//
// This is the outer shape alone: what payload and outcome mean is the book's, and whether signatures hold is
// the checker's. There is one text for a value and one value for a text. Threads: values; pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::log {

inline constexpr std::size_t kEntrySignaturesMax = 16;

struct EntryText {
  std::string origin;                    // a valid key name (note.h)
  std::int64_t seq = 0;                  // the leaf's index
  TimeUs time_us = 0;                    // not negative
  std::string payload;                   // 0x20..0x7E, not empty
  std::string outcome;                   // 0x20..0x7E, not empty
  std::vector<KeySignature> signatures;  // 64 bytes each; the order is kept; no key twice
  friend bool operator==(const EntryText&, const EntryText&) = default;
};

// malformed when a field breaks its rule above, too_large when the text would not fit a leaf (65,535 bytes).
Result<std::string> format_entry_text(const EntryText& entry);
Result<EntryText> parse_entry_text(std::string_view text);

}  // namespace dfb::log
