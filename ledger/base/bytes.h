// Bytes are std::string and std::string_view throughout, as text is: hashes and keys travel beside text.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace dfb {

// A SHA-256 value: an entry's leaf hash, a tree's root, the id of a key.
struct Hash {
  std::array<std::uint8_t, 32> bytes{};
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  // REQUIRES: view.size() == 32.
  static Hash from(std::string_view view) {
    Hash hash;
    std::memcpy(hash.bytes.data(), view.data(), hash.bytes.size());
    return hash;
  }
  friend auto operator<=>(const Hash&, const Hash&) = default;
};

struct HashOfHash {
  std::size_t operator()(const Hash& hash) const {
    std::size_t value;
    std::memcpy(&value, hash.bytes.data(), sizeof value);
    return value;
  }
};

// Big-endian integers of `size` bytes at the end of `out`, and back.
void put_be(std::string& out, std::uint64_t value, int size);
std::uint64_t get_be(std::string_view bytes);  // REQUIRES: bytes.size() <= 8

}  // namespace dfb
