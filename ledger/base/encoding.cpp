#include "ledger/base/encoding.h"

#include <array>
#include <limits>

namespace dfb {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

using Table = std::array<std::int8_t, 256>;

constexpr Table reverse(std::string_view alphabet) {
  Table table{};
  for (auto& value : table) value = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}

constexpr Table kFromBase64 = reverse(kBase64);
constexpr Table kFromBase64Url = reverse(kBase64Url);
constexpr Table kFromBase45 = reverse(kBase45);
constexpr Table kFromCrockford = reverse(kCrockford);

int lookup(const Table& table, char c) { return table[static_cast<unsigned char>(c)]; }

std::string as_crockford(std::string_view typed) {
  std::string clean;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    clean += c == 'I' || c == 'L' ? '1' : c == 'O' ? '0' : c;
  }
  return clean;
}

std::string encode64(std::string_view bytes, std::string_view alphabet, bool pad) {
  std::string out((pad ? (bytes.size() + 2) / 3 * 4 : (bytes.size() * 4 + 2) / 3), '=');
  std::size_t at = 0;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out[at++] = alphabet[buffer >> (bits - 6) & 63];
  }
  if (bits > 0) out[at] = alphabet[buffer << (6 - bits) & 63];
  return out;
}

Result<std::string> decode64(std::string_view text, const Table& table) {
  if (text.size() % 4 == 1) return fail(Code::malformed, "base64 of an impossible length");
  std::string out(text.size() * 3 / 4, '\0');
  std::size_t at = 0;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : text) {
    int value = lookup(table, c);
    if (value < 0) return fail(Code::malformed, "a character that is not base64");
    buffer = buffer << 6 | static_cast<std::uint32_t>(value);
    if ((bits += 6) >= 8) {
      bits -= 8;
      out[at++] = static_cast<char>(buffer >> bits);
    }
    buffer &= (1u << bits) - 1;
  }
  if (buffer != 0) return fail(Code::malformed, "base64 with stray bits at its end");
  return out;
}

}  // namespace

void put_be(std::string& out, std::uint64_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

std::uint64_t get_be(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string hex_encode(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char c : bytes) {
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
  }
  return out;
}

Result<std::string> hex_decode(std::string_view text) {
  auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (text.size() % 2 != 0) return fail(Code::malformed, "hex of an odd length");
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(Code::malformed, "a character that is not lower case hex");
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string base64_encode(std::string_view bytes) { return encode64(bytes, kBase64, true); }

Result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Code::malformed, "base64 without its padding");
  int padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(static_cast<std::size_t>(padding));
  return decode64(text, kFromBase64);
}

std::string base64url_encode(std::string_view bytes) { return encode64(bytes, kBase64Url, false); }

Result<std::string> base64url_decode(std::string_view text) { return decode64(text, kFromBase64Url); }

std::string base45_encode(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() / 2 * 3 + 2);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    bool pair = i + 1 < bytes.size();
    auto value = static_cast<std::size_t>(get_be(bytes.substr(i, pair ? 2 : 1)));
    out += kBase45[value % 45];
    out += kBase45[value / 45 % 45];
    if (pair) out += kBase45[value / 2025];
  }
  return out;
}

Result<std::string> base45_decode(std::string_view text) {
  if (text.size() % 3 == 1) return fail(Code::malformed, "base45 of an impossible length");
  std::string out;
  out.reserve(text.size() / 3 * 2 + 1);
  for (std::size_t i = 0; i < text.size(); i += 3) {
    bool triple = i + 2 < text.size();
    int value = 0;
    for (std::size_t j = i + (triple ? 3 : 2); j-- > i;) {
      int digit = lookup(kFromBase45, text[j]);
      if (digit < 0) return fail(Code::malformed, "a character that is not base45");
      value = value * 45 + digit;
    }
    if (value > (triple ? 0xffff : 0xff)) return fail(Code::malformed, "base45 with a value too large");
    put_be(out, static_cast<std::uint64_t>(value), triple ? 2 : 1);
  }
  return out;
}

std::string crockford_encode(std::uint64_t value) {
  std::string out(13, '0');
  for (std::size_t i = out.size(); i-- > 0; value >>= 5) out[i] = kCrockford[value & 31];
  return out;
}

Result<std::uint64_t> crockford_decode(std::string_view text) {
  if (text.size() != 13) return fail(Code::malformed, "an account id has 13 characters");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int digit = lookup(kFromCrockford, text[i]);
    if (digit < 0 || (i == 0 && digit > 15)) return fail(Code::malformed, "not an account id");
    value = value << 5 | static_cast<std::uint64_t>(digit);
  }
  return value;
}

Result<std::uint64_t> crockford_decode_typed(std::string_view text) {
  return crockford_decode(as_crockford(text));
}

std::string crockford_encode_bytes(std::string_view bytes) {
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kCrockford[buffer >> (bits - 5) & 31];
  }
  if (bits > 0) out += kCrockford[buffer << (5 - bits) & 31];
  return out;
}

Result<std::string> crockford_decode_bytes_typed(std::string_view text, std::size_t size) {
  const std::string clean = as_crockford(text);
  const std::size_t characters = (size * 8 + 4) / 5;
  if (clean.size() != characters)
    return fail(Code::malformed, "a code of " + std::to_string(characters) + " characters was expected");
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : clean) {
    const int value = lookup(kFromCrockford, c);
    if (value < 0) return fail(Code::malformed, "a character that codes do not have");
    buffer = buffer << 5 | static_cast<std::uint32_t>(value);
    if ((bits += 5) >= 8) {
      bits -= 8;
      out += static_cast<char>(buffer >> bits);
    }
    buffer &= (1u << bits) - 1;
  }
  if (buffer != 0) return fail(Code::malformed, "a code with stray bits at its end");
  return out;
}

std::string hash_text(const Hash& hash) { return base64url_encode(hash.view()); }

Result<Hash> parse_hash_text(std::string_view text) {
  if (text.size() != 43) return fail(Code::malformed, "a key id or digest has 43 characters");
  DFB_TRY(auto bytes, base64url_decode(text));
  return Hash::from(bytes);
}

Result<std::int64_t> parse_decimal(std::string_view text) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (text.empty() || (text.size() > 1 && text[0] == '0'))
    return fail(Code::malformed, "not a plain decimal");
  std::int64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return fail(Code::malformed, "not a plain decimal");
    if (value > (kMax - (c - '0')) / 10) return fail(Code::malformed, "decimal past 2^63-1");
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace dfb
