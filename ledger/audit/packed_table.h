// A table of byte strings by byte strings, packed: an arena of records, and one 8-byte slot a record to find
// it by. What does not fit into its old place is written anew, and the arena is swept when half of it is
// dead.
//
//   record: varint room | varint key size | key | varint value size | value | unused
//   room counts the bytes after itself; a dead record has a key size of 0
//
// Threads: reading by many at once, or one that writes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::audit {

class PackedTable {
 public:
  struct Record {
    std::string_view key, value;
  };

  // REQUIRES: a key that is not empty; key and value together below 1 MB.
  void put(std::string_view key, std::string_view value);
  // The value, valid until the next put(); or no data().
  std::string_view find(std::string_view key) const;
  std::size_t size() const { return size_; }
  std::size_t bytes() const {
    return chunks_.size() * kChunkBytes + slots_.capacity() * sizeof(std::uint64_t);
  }

  // Calls f(record) for every record.
  template <class F>
  void each(F&& f) const {
    for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk)
      for (std::uint64_t at = chunk * kChunkBytes; at < chunk * kChunkBytes + used_[chunk];) {
        const Place place = read(at);
        if (!place.key.empty()) f(Record{place.key, place.value});
        at = place.end;
      }
  }

 private:
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
  static constexpr int kOffsetBits = 40;
  struct Place {
    std::string_view key, value;
    std::uint64_t body = 0, end = 0;  // offsets: after the room, and of the next record
  };

  char* at(std::uint64_t offset) { return chunks_[offset / kChunkBytes].get() + offset % kChunkBytes; }
  const char* at(std::uint64_t offset) const {
    return chunks_[offset / kChunkBytes].get() + offset % kChunkBytes;
  }
  Place read(std::uint64_t offset) const;
  // The slot that holds the key, or the empty one where it would go. REQUIRES: a free slot.
  std::size_t slot_of(std::string_view key, std::uint64_t hash) const;
  std::uint64_t append(std::string_view key, std::string_view value, std::size_t slack);
  void kill(std::uint64_t offset);
  void grow();
  void sweep();

  std::vector<std::unique_ptr<char[]>> chunks_;
  std::vector<std::size_t> used_;     // bytes used in each chunk
  std::vector<std::uint64_t> slots_;  // 0, or the top of the hash and the record's offset + 1
  std::size_t size_ = 0;
  std::size_t dead_bytes_ = 0;
};

}  // namespace dfb::audit
