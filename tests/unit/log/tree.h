// A tree that keeps everything it was given: the source of tiles for tests.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/log/edge.h"
#include "ledger/log/merkle.h"
#include "ledger/log/tile.h"

namespace dfb::log::test {

// The entries of tests/golden/merkle-log.json, as its field `about` says.
inline std::string golden_entry(std::int64_t index) {
  std::string entry = "entry " + std::to_string(index) + "\n";
  while (entry.size() < static_cast<std::size_t>(16 + index % 97))
    entry += static_cast<char>('a' + static_cast<int>(entry.size() % 26));
  return entry;
}

class Tree final : public TileReader {
 public:
  void append(const std::string& entry) {
    leaves_.push_back(leaf_hash(entry));
    for (FullTile& tile : edge_.append(leaves_.back()))
      full_[{tile.level, tile.index}] = std::move(tile.bytes);
  }
  void grow(std::int64_t size) {
    for (std::int64_t index = edge_.size(); index < size; ++index) append(golden_entry(index));
  }

  Result<std::string> tile(int level, std::int64_t index, int width) override {
    ++reads_;
    const auto full = full_.find({level, index});
    std::string bytes = full != full_.end() ? full->second : std::string(edge_.partial(level));
    if (full == full_.end() && index != (edge_.size() >> (8 * level)) / kTileWidth)
      return fail(Code::not_found, "no such tile");
    bytes.resize(std::min(bytes.size(), static_cast<std::size_t>(width) * 32));
    return bytes;
  }

  const Edge& edge() const { return edge_; }
  const std::vector<Hash>& leaves() const { return leaves_; }
  std::map<std::pair<int, std::int64_t>, std::string>& full() { return full_; }
  int reads() const { return reads_; }

 private:
  Edge edge_;
  std::vector<Hash> leaves_;
  std::map<std::pair<int, std::int64_t>, std::string> full_;
  int reads_ = 0;
};

}  // namespace dfb::log::test
