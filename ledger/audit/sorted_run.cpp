#include "ledger/audit/sorted_run.h"

#include <algorithm>
#include <utility>

#include "ledger/audit/archive.h"
#include "ledger/audit/packed_table.h"
#include "ledger/base/bytes.h"
#include "ledger/base/check.h"

namespace dfb::audit {
namespace {

constexpr int kFilterBits = 6, kBitNumberBits = 9;  // 2^9 bits are 64 bytes

// Six numbers of bits in a part, out of the hash's bits stirred anew.
std::uint64_t bits_of(std::uint64_t hash) {
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15;
  return hash ^ hash >> 29;
}

template <class F>
void each_bit(std::uint64_t hash, F&& f) {
  std::uint64_t bits = bits_of(hash);
  for (int i = 0; i < kFilterBits; ++i, bits >>= kBitNumberBits) {
    const auto bit = static_cast<std::size_t>(bits & ((1U << kBitNumberBits) - 1));
    f(bit / 8, static_cast<char>(1U << bit % 8));
  }
}

// The record at the front of `rest`, which is then behind it; false when there is no whole one.
bool take_record(std::string_view& rest, std::size_t key_bytes, std::string_view& key,
                 std::string_view& value) {
  if (rest.size() < key_bytes) return false;
  key = rest.substr(0, key_bytes);
  rest.remove_prefix(key_bytes);
  std::uint64_t size = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest.empty()) return false;
    const auto bits = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    size |= static_cast<std::uint64_t>(bits & 0x7f) << shift;
    if (bits < 0x80) break;
  }
  if (size > rest.size()) return false;
  value = rest.substr(0, static_cast<std::size_t>(size));
  rest.remove_prefix(static_cast<std::size_t>(size));
  return true;
}

}  // namespace

void SortedRun::drop_filters() {
  for (Segment& segment : segments_)
    space_.filter_bytes_left += std::exchange(segment.filter, std::string()).size();
}

bool SortedRun::may_hold(const Segment& segment, std::uint64_t hash) {
  const std::size_t part = hash % segment.parts * kPartBytes;
  std::string_view bytes;
  if (segment.filter.empty()) {
    file_.read(segment.at + segment.data_bytes + index_bytes(segment) + part, kPartBytes, part_);
    bytes = part_;
  } else {
    bytes = std::string_view(segment.filter).substr(part, kPartBytes);
  }
  bool all = true;
  each_bit(hash, [&](std::size_t byte, char bit) { all = all && (bytes[byte] & bit) != 0; });
  return all;
}

std::string_view SortedRun::find(std::string_view key, std::uint64_t hash) {
  if (segments_.empty() || key < segments_.front().first_key || key > last_key_) return {};
  const auto after = std::upper_bound(segments_.begin(), segments_.end(), key,
                                      [](std::string_view k, const Segment& s) { return k < s.first_key; });
  const Segment& segment = *std::prev(after);
  if (!may_hold(segment, hash)) return {};

  if (index_of_ != &segment) {
    index_of_ = nullptr;
    file_.read(segment.at + segment.data_bytes, index_bytes(segment), index_);
    index_of_ = &segment;
  }
  const std::size_t step = key_bytes_ + kPlaceBytes;
  const auto key_of = [&](std::size_t block) {
    return std::string_view(index_).substr(block * step, key_bytes_);
  };
  const auto place_of = [&](std::size_t block) {
    return block == segment.blocks
               ? segment.data_bytes
               : get_be(std::string_view(index_).substr(block * step + key_bytes_, kPlaceBytes));
  };
  std::size_t low = 0, high = segment.blocks;  // the last block that begins at or before the key
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    (key_of(middle) <= key ? low : high) = middle;
  }
  const std::uint64_t begin = place_of(low), end = place_of(low + 1);
  if (begin > end || end > segment.data_bytes) file_.damaged();
  if (block_at_ != segment.at + begin) {
    block_at_ = ~std::uint64_t{0};
    file_.read(segment.at + begin, static_cast<std::size_t>(end - begin), block_);
    block_at_ = segment.at + begin;
    ++blocks_read_;
  }
  std::string_view rest = block_, found, value;
  while (!rest.empty()) {
    if (!take_record(rest, key_bytes_, found, value)) file_.damaged();
    if (found == key) return value;
    if (found > key) break;
  }
  return {};
}

void SortedRun::Writer::add(std::string_view key, std::string_view value) {
  SortedRun& run = *run_;
  DFB_CHECK(key.size() == run.key_bytes_ && (run.last_key_.empty() || run.last_key_ < key));
  if (data_.size() >= kSegmentBytes) close_segment();
  if (data_.empty()) run.segments_.push_back({std::string(key), run.file_.size(), 0, 0, 0, {}});
  if (data_.empty() || data_.size() - block_at_ >= kBlockBytes) {
    block_at_ = data_.size();
    index_ += key;
    put_be(index_, block_at_, kPlaceBytes);
    ++run.segments_.back().blocks;
  }
  data_ += key;
  put_varint(data_, value.size());
  data_ += value;
  hashes_.push_back(hash_of_key(key));
  run.last_key_ = key;
}

void SortedRun::Writer::close_segment() {
  Segment& segment = run_->segments_.back();
  segment.data_bytes = static_cast<std::uint32_t>(data_.size());
  segment.parts = static_cast<std::uint32_t>((hashes_.size() + kPartKeys - 1) / kPartKeys);
  std::string filter(segment.parts * kPartBytes, '\0');
  for (const std::uint64_t hash : hashes_)
    each_bit(hash,
             [&](std::size_t byte, char bit) { filter[hash % segment.parts * kPartBytes + byte] |= bit; });
  run_->file_.append(data_);
  run_->file_.append(index_);
  run_->file_.append(filter);
  if (std::size_t& left = run_->space_.filter_bytes_left; left >= filter.size()) {
    left -= filter.size();
    segment.filter = std::move(filter);
  }
  data_.clear(), index_.clear(), hashes_.clear();
  block_at_ = 0;
}

std::unique_ptr<SortedRun> SortedRun::Writer::close() {
  if (!data_.empty()) close_segment();
  return std::move(run_);
}

bool SortedRun::Reader::next() {
  if (at_ == data_.size()) {
    if (segment_ == run_.segments_.size()) return false;
    const Segment& segment = run_.segments_[segment_++];
    run_.file_.read(segment.at, segment.data_bytes, data_);
    at_ = 0;
  }
  std::string_view rest = std::string_view(data_).substr(at_);
  if (!take_record(rest, run_.key_bytes_, key_, value_)) run_.file_.damaged();
  at_ = data_.size() - rest.size();
  return true;
}

}  // namespace dfb::audit
