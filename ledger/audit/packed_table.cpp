#include "ledger/audit/packed_table.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "ledger/audit/archive.h"
#include "ledger/base/check.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kFirstSlots = 16;
constexpr int kOffsetBits = 40;
constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << kOffsetBits) - 1;

}  // namespace

std::uint64_t hash_of_key(std::string_view key) { return std::hash<std::string_view>()(key); }

PackedTable::Record PackedTable::record(std::uint64_t offset) const {
  const char* next = at(offset);
  take_varint(next);
  const std::string_view key(next, key_bytes_);
  next += key_bytes_;
  const std::uint64_t value_size = take_varint(next);
  return {key, {next, static_cast<std::size_t>(value_size)}};
}

std::string_view PackedTable::key_at(std::uint64_t offset) const {
  const char* next = at(offset);
  take_varint(next);
  return {next, key_bytes_};
}

std::size_t PackedTable::slot_of(std::string_view key, std::uint64_t hash) const {
  for (std::size_t slot = hash % slots_.size();; slot = (slot + 1) % slots_.size()) {
    const std::uint64_t held = slots_[slot];
    if (held == 0) return slot;
    if ((held & ~kOffsetMask) == (hash & ~kOffsetMask) && key_at((held & kOffsetMask) - 1) == key)
      return slot;
  }
}

std::string_view PackedTable::find(std::string_view key, std::uint64_t hash) const {
  if (slots_.empty()) return {};
  const std::uint64_t held = slots_[slot_of(key, hash)];
  return held == 0 ? std::string_view() : record((held & kOffsetMask) - 1).value;
}

void PackedTable::put(std::string_view key, std::uint64_t hash, std::string_view value) {
  DFB_CHECK(key.size() == key_bytes_);
  if ((size_ + 1) * 10 > slots_.size() * 8) grow();
  std::uint64_t& slot = slots_[slot_of(key, hash)];
  std::size_t slack = 0;
  if (slot != 0) {
    char* const begin = at((slot & kOffsetMask) - 1);
    const char* next = begin;
    const std::uint64_t room = take_varint(next);
    char* const behind_key = begin + (next - begin) + key_bytes_;
    std::string size;
    put_varint(size, value.size());
    if (size.size() + value.size() <= room) {
      std::memcpy(behind_key, size.data(), size.size());
      if (!value.empty()) std::memcpy(behind_key + size.size(), value.data(), value.size());
      return;
    }
    slack = value.size() / 4 + 8;  // what has grown once will grow again
  } else {
    ++size_;
  }
  slot = (hash & ~kOffsetMask) | (append(key, value, slack) + 1);
}

std::uint64_t PackedTable::append(std::string_view key, std::string_view value, std::size_t slack) {
  std::string size, record;
  put_varint(size, value.size());
  put_varint(record, size.size() + value.size() + slack);
  record += key;
  record += size;
  record += value;
  record.append(slack, '\0');
  if (chunks_.empty() || chunks_.back().used + record.size() > kChunkBytes)
    chunks_.push_back({std::make_unique<char[]>(std::max(kChunkBytes, record.size())), 0});
  Chunk& chunk = chunks_.back();
  const std::uint64_t offset = (chunks_.size() - 1) * kChunkBytes + chunk.used;
  std::memcpy(chunk.data.get() + chunk.used, record.data(), record.size());
  chunk.used += record.size();
  bytes_ += record.size();
  return offset;
}

void PackedTable::grow() {
  const std::vector<std::uint64_t> old = std::move(slots_);
  slots_.assign(std::max(kFirstSlots, old.size() * 2), 0);
  for (const std::uint64_t held : old) {
    if (held == 0) continue;
    const std::string_view key = key_at((held & kOffsetMask) - 1);
    slots_[slot_of(key, hash_of_key(key))] = held;
  }
}

std::vector<std::uint64_t> PackedTable::sorted() const {
  std::vector<std::uint64_t> offsets;
  offsets.reserve(size_);
  for (const std::uint64_t held : slots_)
    if (held != 0) offsets.push_back((held & kOffsetMask) - 1);
  std::sort(offsets.begin(), offsets.end(),
            [&](std::uint64_t a, std::uint64_t b) { return key_at(a) < key_at(b); });
  return offsets;
}

void PackedTable::clear() {
  chunks_ = std::vector<Chunk>();
  slots_ = std::vector<std::uint64_t>();
  size_ = bytes_ = 0;
}

}  // namespace dfb::audit
