// The auditor's own Merkle tree: RFC 6962 §2.1 written down as it reads and apart from ledger/log, so that
// one mistake cannot hide in both.
//
//   MTH({}) = SHA-256()   MTH({d}) = SHA-256(0x00 || d)   MTH(D) = SHA-256(0x01 || MTH(D[0:k]) ||
//   MTH(D[k:n])) k = the largest power of two below n
//
// Threads: functions are pure; a Tree is one thread's at a time.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"

namespace dfb::audit {

inline constexpr std::int64_t kTileLeaves = 256;

Hash leaf_hash(std::string_view entry);
Hash node_hash(const Hash& left, const Hash& right);
// MTH over leaves that are hashed already.
Hash tree_hash(std::span<const Hash> leaves);

// Roots of a long row of leaves that passes by once. Holds one hash for every 256 leaves, and the leaves
// themselves only around the marks: 4.6 MB for 37 million entries.
class Tree {
 public:
  // `marks`: sizes whose root, and positions whose leaf, will be asked for.
  explicit Tree(std::set<std::int64_t> marks = {}) : marks_(std::move(marks)) {}

  // The next 256 leaves; fewer only once and last. REQUIRES: 1 to 256 leaves, and full tiles before this one.
  void append(std::span<const Hash> leaves);
  std::int64_t size() const { return size_; }

  // MTH of the first `size` leaves. REQUIRES: `size` is size(), a mark, or a multiple of 256; not above
  // size().
  Hash root(std::int64_t size) const;
  // The root over full tiles: hash number `index` of the tiles of `level`. REQUIRES: level >= 1, all its
  // leaves are in.
  Hash subtree(int level, std::int64_t index) const;
  // REQUIRES: `index` is a mark below size().
  const Hash& leaf(std::int64_t index) const;

  // The full tiles and the leaves after them; what was kept around marks is left out.
  template <class Archive>
  void archive(Archive& a) {
    std::vector<Hash> last;
    if (const auto it = leaves_.find(size_ / kTileLeaves); it != leaves_.end()) last = it->second;
    a(size_, tiles_, last);
    if constexpr (!Archive::kReads) return;
    leaves_.clear();
    if constexpr (Archive::kReads)
      if (size_ < 0 || tiles_.size() != static_cast<std::size_t>(size_ / kTileLeaves) ||
          last.size() != static_cast<std::size_t>(size_ % kTileLeaves))
        a.refuse();
    if (!last.empty()) leaves_[size_ / kTileLeaves] = std::move(last);
  }
  // Takes the leaves after the last full tile off and answers them, so that the tile can be appended whole
  // when it comes again; from then on `marks` hold.
  std::vector<Hash> take_last(std::set<std::int64_t> marks);
  // The leaves of a full tile around a mark, read again; false when they are not those of this tree.
  bool restore(std::int64_t tile, std::span<const Hash> leaves);

 private:
  Hash range(std::int64_t begin, std::int64_t end) const;
  bool is_marked(std::int64_t tile) const;

  std::set<std::int64_t> marks_;
  std::int64_t size_ = 0;
  std::vector<Hash> tiles_;                           // MTH of each full tile
  std::map<std::int64_t, std::vector<Hash>> leaves_;  // by tile: the marked ones, and the last one
};

}  // namespace dfb::audit
