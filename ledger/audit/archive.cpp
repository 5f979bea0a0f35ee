#include "ledger/audit/archive.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kTakenMax = std::size_t{16} << 20;  // more than any value's bytes

}  // namespace

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

std::uint64_t take_varint(const char*& at) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto bits = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(bits & 0x7f) << shift;
    if (bits < 0x80) return value;
  }
}

bool ArchiveReader::fill(std::size_t bytes) {
  while (buffer_.size() - at_ < bytes) {
    std::string piece = source_();
    if (piece.empty()) return false;
    buffer_.erase(0, at_);
    at_ = 0;
    buffer_ += piece;
  }
  return true;
}

std::string_view ArchiveReader::take(std::size_t bytes) {
  if (!ok_ || bytes > kTakenMax || !fill(bytes)) {
    ok_ = false;
    return {};
  }
  at_ += bytes;
  return std::string_view(buffer_).substr(at_ - bytes, bytes);
}

std::uint64_t ArchiveReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::string_view byte = take(1);
    if (!ok_) return 0;
    const auto bits = static_cast<unsigned char>(byte.front());
    value |= static_cast<std::uint64_t>(bits & 0x7f) << shift;
    if (bits < 0x80) return value;
  }
  ok_ = false;
  return 0;
}

}  // namespace dfb::audit
