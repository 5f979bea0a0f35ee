// A table of byte strings by keys of one size, packed in memory: an arena of records, and one 8-byte slot a
// record to find it by. A value that does not fit into its old place is written anew; the old place is lost
// until clear().
//
//   record: varint room | key | varint value size | value | unused
//   room counts the bytes after the key
//
// Threads: reading by many at once, or one that writes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::audit {

std::uint64_t hash_of_key(std::string_view key);

class PackedTable {
 public:
  struct Record {
    std::string_view key, value;
  };

  explicit PackedTable(std::size_t key_bytes) : key_bytes_(key_bytes) {}

  // `hash` is hash_of_key(key). REQUIRES: a key of the table's size.
  void put(std::string_view key, std::uint64_t hash, std::string_view value);
  // The value, valid until the next put(); or no data().
  std::string_view find(std::string_view key, std::uint64_t hash) const;
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_ + slots_.size() * sizeof(std::uint64_t); }
  void clear();

  // The records in the order of their keys: numbers for record(), valid until the next put().
  std::vector<std::uint64_t> sorted() const;
  Record record(std::uint64_t number) const;

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t used = 0;
  };
  static constexpr std::size_t kChunkBytes = std::size_t{64} << 10;  // a larger record has one of its own

  // The slot that holds the key, or the empty one where it would go. REQUIRES: a free slot.
  std::size_t slot_of(std::string_view key, std::uint64_t hash) const;
  std::string_view key_at(std::uint64_t offset) const;
  char* at(std::uint64_t offset) const {
    return chunks_[offset / kChunkBytes].data.get() + offset % kChunkBytes;
  }
  std::uint64_t append(std::string_view key, std::string_view value, std::size_t slack);
  void grow();

  std::size_t key_bytes_;
  std::vector<Chunk> chunks_;
  std::vector<std::uint64_t> slots_;  // 0, or the top of the hash and the record's offset + 1
  std::size_t size_ = 0, bytes_ = 0;
};

}  // namespace dfb::audit
