// Text encodings of bytes. Every decoder is strict: one byte string has exactly one accepted text.
// All decoders fail with malformed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace dfb {

std::string hex_encode(std::string_view bytes);            // lower case
Result<std::string> hex_decode(std::string_view text);     // lower case only
std::string base64_encode(std::string_view bytes);         // RFC 4648 §4, padded
Result<std::string> base64_decode(std::string_view text);  // unused bits must be zero
std::string base64url_encode(std::string_view bytes);      // RFC 4648 §5, no padding
Result<std::string> base64url_decode(std::string_view text);
std::string base45_encode(std::string_view bytes);         // RFC 9285
Result<std::string> base45_decode(std::string_view text);

// A 64-bit number as 13 characters of Crockford's base32: an account's id. No I, L, O, U.
std::string crockford_encode(std::uint64_t value);
Result<std::uint64_t> crockford_decode(std::string_view text);  // upper case only, 13 characters
// What a person typed: lower case, spaces and dashes allowed, I and L read as 1, O as 0.
Result<std::uint64_t> crockford_decode_typed(std::string_view text);
// Any bytes in Crockford's base32, most significant bit first; for codes that people copy by hand.
std::string crockford_encode_bytes(std::string_view bytes);
// `size` bytes as a person typed them: case, spaces and dashes do not matter, I and L read as 1, O as 0.
Result<std::string> crockford_decode_bytes_typed(std::string_view text, std::size_t size);

// A key id or digest in payloads: 43 characters of base64url.
std::string hash_text(const Hash& hash);
Result<Hash> parse_hash_text(std::string_view text);

// A decimal without sign, leading zeros or a value past 2^63-1.
Result<std::int64_t> parse_decimal(std::string_view text);

}  // namespace dfb
