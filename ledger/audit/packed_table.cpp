#include "ledger/audit/packed_table.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "ledger/audit/archive.h"
#include "ledger/base/check.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kDeadBytesMin = std::size_t{4} << 20;  // below this a sweep is not worth its while

std::uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>()(key); }

}  // namespace

PackedTable::Place PackedTable::read(std::uint64_t offset) const {
  const char* begin = at(offset);
  const char* next = begin;
  Place place;
  const std::uint64_t room = take_varint(next);
  place.body = offset + static_cast<std::uint64_t>(next - begin);
  place.end = place.body + room;
  const std::uint64_t key_size = take_varint(next);
  place.key = {next, static_cast<std::size_t>(key_size)};
  next += key_size;
  if (key_size == 0) return place;
  const std::uint64_t value_size = take_varint(next);
  place.value = {next, static_cast<std::size_t>(value_size)};
  return place;
}

std::size_t PackedTable::slot_of(std::string_view key, std::uint64_t hash) const {
  const std::uint64_t top = hash >> kOffsetBits << kOffsetBits;
  constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << kOffsetBits) - 1;
  for (std::size_t slot = hash % slots_.size();; slot = (slot + 1) % slots_.size()) {
    const std::uint64_t held = slots_[slot];
    if (held == 0) return slot;
    if ((held & ~kOffsetMask) == top && read((held & kOffsetMask) - 1).key == key) return slot;
  }
}

std::string_view PackedTable::find(std::string_view key) const {
  if (slots_.empty()) return {};
  const std::uint64_t held = slots_[slot_of(key, hash_of(key))];
  if (held == 0) return {};
  const Place place = read((held & ((std::uint64_t{1} << kOffsetBits) - 1)) - 1);
  return {place.value.data(), place.value.size()};
}

void PackedTable::put(std::string_view key, std::string_view value) {
  DFB_CHECK(!key.empty());
  if ((size_ + 1) * 10 > slots_.size() * 8) grow();
  const std::uint64_t hash = hash_of(key);
  std::size_t slot = slot_of(key, hash);
  std::size_t slack = 0;
  if (slots_[slot] != 0) {
    const std::uint64_t offset = (slots_[slot] & ((std::uint64_t{1} << kOffsetBits) - 1)) - 1;
    const Place place = read(offset);
    std::string size;
    put_varint(size, value.size());
    char* behind_key = at(place.body) + (place.key.data() - at(place.body)) + place.key.size();
    const std::uint64_t room_left =
        place.end - place.body - static_cast<std::uint64_t>(behind_key - at(place.body));
    if (size.size() + value.size() <= room_left) {
      std::memcpy(behind_key, size.data(), size.size());
      std::memcpy(behind_key + size.size(), value.data(), value.size());
      return;
    }
    // What has grown once will grow again.
    slack = value.size() / 4 + 8;
    kill(offset);
    if (dead_bytes_ > kDeadBytesMin && dead_bytes_ > chunks_.size() * kChunkBytes / 2) {
      const std::string kept_key(key), kept_value(value);
      slots_[slot] = 0;
      sweep();
      const std::uint64_t fresh = append(kept_key, kept_value, slack);
      slots_[slot_of(kept_key, hash)] = (hash >> kOffsetBits << kOffsetBits) | (fresh + 1);
      return;
    }
  } else {
    ++size_;
  }
  const std::uint64_t fresh = append(key, value, slack);
  slots_[slot] = (hash >> kOffsetBits << kOffsetBits) | (fresh + 1);
}

std::uint64_t PackedTable::append(std::string_view key, std::string_view value, std::size_t slack) {
  std::string body;
  put_varint(body, key.size());
  body += key;
  put_varint(body, value.size());
  body += value;
  body.append(slack, '\0');
  std::string record;
  put_varint(record, body.size());
  record += body;
  DFB_CHECK(record.size() <= kChunkBytes);
  if (chunks_.empty() || used_.back() + record.size() > kChunkBytes) {
    chunks_.push_back(std::make_unique<char[]>(kChunkBytes));
    used_.push_back(0);
  }
  const std::uint64_t offset = (chunks_.size() - 1) * kChunkBytes + used_.back();
  std::memcpy(at(offset), record.data(), record.size());
  used_.back() += record.size();
  return offset;
}

void PackedTable::kill(std::uint64_t offset) {
  const Place place = read(offset);
  dead_bytes_ += place.end - offset;
  *at(place.body) = 0;
}

void PackedTable::grow() {
  slots_.assign(std::max(kFirstSlots, slots_.size() * 2), 0);
  for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk)
    for (std::uint64_t at = chunk * kChunkBytes; at < chunk * kChunkBytes + used_[chunk];) {
      const Place place = read(at);
      if (!place.key.empty()) {
        const std::uint64_t hash = hash_of(place.key);
        slots_[slot_of(place.key, hash)] = (hash >> kOffsetBits << kOffsetBits) | (at + 1);
      }
      at = place.end;
    }
}

// Chunk by chunk, so that at no moment two whole copies are in memory.
void PackedTable::sweep() {
  std::vector<std::unique_ptr<char[]>> old = std::move(chunks_);
  std::vector<std::size_t> old_used = std::move(used_);
  chunks_.clear(), used_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
  dead_bytes_ = 0;
  for (std::size_t chunk = 0; chunk < old.size(); ++chunk) {
    for (std::size_t pos = 0; pos < old_used[chunk];) {
      const char* next = old[chunk].get() + pos;
      const std::uint64_t room = take_varint(next);
      pos = static_cast<std::size_t>(next - old[chunk].get()) + static_cast<std::size_t>(room);
      const std::uint64_t key_size = take_varint(next);
      if (key_size == 0) continue;
      const std::string_view key(next, static_cast<std::size_t>(key_size));
      next += key_size;
      const std::uint64_t value_size = take_varint(next);
      const std::uint64_t hash = hash_of(key);
      const std::uint64_t fresh = append(key, {next, static_cast<std::size_t>(value_size)}, 0);
      slots_[slot_of(key, hash)] = (hash >> kOffsetBits << kOffsetBits) | (fresh + 1);
    }
    old[chunk].reset();
  }
}

}  // namespace dfb::audit
