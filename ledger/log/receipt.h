// A receipt proves, offline, that one leaf is in the log whose key one knows. Source: c2sp.org/tlog-proof.
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>                      optional, not authenticated
//   index <decimal>
//   <inclusion hash, base64>            none or more, the leaf's sibling first
//   <empty line>
//   <the checkpoint's note, cosignatures included>
//
// The leaf itself travels beside it. Threads: values; pure functions, callable from anywhere.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/note.h"

namespace dfb::log {

struct Receipt {
  std::int64_t index = 0;
  std::vector<Hash> path;  // at most kInclusionPathMax
  Note checkpoint;
  std::string extra;  // empty when there is no such line
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

// REQUIRES: a receipt that parse_receipt would accept.
std::string format_receipt(const Receipt& receipt);
// malformed, too_large. format_receipt(parse_receipt(x)) == x.
Result<Receipt> parse_receipt(std::string_view text);

// Checks the log's signature, then that the path leads from this leaf to the signed root.
// Returns the checkpoint, or malformed (no checkpoint), unknown_key, bad_signature or bad_path: the first
// that applies. REQUIRES: `log` came from the town's own publication, not with the receipt.
Result<Checkpoint> verify(const Receipt& receipt, const Vkey& log, std::string_view leaf);

// The same, and then that the leaf is an entry of this log and bears the index as its number: else
// wrong_entry. Whether the entry says what the holder expects is for the holder to compare.
Result<EntryText> verify_entry(const Receipt& receipt, const Vkey& log, std::string_view leaf);

}  // namespace dfb::log
