// Records in the order of their keys in a temporary file, written once and then read.
//
//   file: segments, each: blocks | index | filter
//   block: records, key | varint value size | value, up to some 4 kB of them
//   index: for each block its first key and 4 bytes, big-endian: where it begins in the segment
//   filter: Bloom's, in parts of 64 bytes; a key's hash says which part, and six bits of it
//
// In memory stand a few numbers and the first key of each segment (512 kB of records), and, as long as the
// share for it lasts, the filters. Whatever reads or writes throws TempError. Threads: one at a time.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/audit/temp_file.h"

namespace dfb::audit {

// Where runs are made, and what is left of the memory for their filters. Outlives them.
struct RunSpace {
  std::string folder;
  std::size_t filter_bytes_left = 0;
};

class SortedRun {
 public:
  class Writer;
  class Reader;
  ~SortedRun() { drop_filters(); }
  SortedRun(const SortedRun&) = delete;
  SortedRun& operator=(const SortedRun&) = delete;

  // The value, valid until the next find(); or no data(). `hash` is hash_of_key(key).
  std::string_view find(std::string_view key, std::uint64_t hash);
  // Gives the memory of the filters back; find() then reads them from the file.
  void drop_filters();
  std::int64_t blocks_read() const { return blocks_read_; }  // by find(), so far

 private:
  static constexpr std::size_t kBlockBytes = 4096, kSegmentBytes = std::size_t{512} << 10;
  static constexpr std::size_t kPartBytes = 64,
                               kPartKeys = 51;  // ten bits a key: of 100 misses one reads a block
  static constexpr int kPlaceBytes = 4;
  struct Segment {
    std::string first_key;
    std::uint64_t at = 0;
    std::uint32_t data_bytes = 0, blocks = 0, parts = 0;
    std::string filter;  // empty: it is read from the file
  };

  SortedRun(RunSpace& space, std::size_t key_bytes)
      : space_(space), key_bytes_(key_bytes), file_(space.folder) {}
  std::size_t index_bytes(const Segment& segment) const {
    return segment.blocks * (key_bytes_ + kPlaceBytes);
  }
  bool may_hold(const Segment& segment, std::uint64_t hash);

  RunSpace& space_;
  std::size_t key_bytes_;
  TempFile file_;
  std::vector<Segment> segments_;
  std::string last_key_;
  std::string index_, block_, part_;            // what find() read last
  const Segment* index_of_ = nullptr;           // whose index that is
  std::uint64_t block_at_ = ~std::uint64_t{0};  // where in the file that block lies
  std::int64_t blocks_read_ = 0;
};

class SortedRun::Writer {
 public:
  Writer(RunSpace& space, std::size_t key_bytes) : run_(new SortedRun(space, key_bytes)) {}
  // REQUIRES: keys of the given size, ascending, none twice.
  void add(std::string_view key, std::string_view value);
  std::unique_ptr<SortedRun> close();

 private:
  void close_segment();

  std::unique_ptr<SortedRun> run_;
  std::string data_, index_;
  std::size_t block_at_ = 0;  // where in data_ the present block begins
  std::vector<std::uint64_t> hashes_;
};

// All records in their order.
class SortedRun::Reader {
 public:
  explicit Reader(const SortedRun& run) : run_(run) {}
  // The next record, valid until the call after; false after the last.
  bool next();
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }

 private:
  const SortedRun& run_;
  std::size_t segment_ = 0, at_ = 0;
  std::string data_;
  std::string_view key_, value_;
};

}  // namespace dfb::audit
