// Writes a log as a folder in tlog-tiles layout, as a server shows it below /log/: checkpoint, tiles of all
// levels, entry bundles. Whoever holds the log's key can write any history this way; that is what its users
// test.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ledger/base/check.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/edge.h"
#include "ledger/log/merkle.h"
#include "ledger/log/tile.h"

namespace dfb::test {

inline void write_log_file(const std::string& folder, const std::string& path, const std::string& bytes) {
  const std::filesystem::path file = std::filesystem::path(folder) / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Appends leaves one after the other, so that a log of any length can be written in little memory.
class LogFolder {
 public:
  explicit LogFolder(std::string folder) : folder_(std::move(folder)) {}

  void append(const std::string& leaf) {
    log::append_to_bundle(bundle_, leaf);
    for (const log::FullTile& full : edge_.append(log::leaf_hash(leaf)))
      tile(full.level, full.index, log::kTileWidth, full.bytes);
    if (edge_.size() % log::kTileWidth == 0) flush(edge_.size() / log::kTileWidth - 1, log::kTileWidth);
  }
  // The partial tiles and the checkpoint. Answers the checkpoint's note.
  std::string finish(const std::string& origin, const PrivateKey& log_key) {
    const std::int64_t size = edge_.size();
    for (int level = 0; size >> (8 * level) > 0; ++level)
      if (const std::string_view partial = edge_.partial(level); !partial.empty())
        tile(level, (size >> (8 * level)) / log::kTileWidth, static_cast<int>(partial.size() / 32), partial);
    if (!bundle_.empty()) flush(size / log::kTileWidth, static_cast<int>(size % log::kTileWidth));
    std::string note = log::sign_checkpoint({origin, size, edge_.root()}, log_key);
    write_log_file(folder_, "checkpoint", note);
    return note;
  }

 private:
  void tile(int level, std::int64_t index, int width, std::string_view bytes) {
    write_log_file(folder_, log::format_tile_path({.level = level, .index = index, .width = width}),
                   std::string(bytes));
  }
  void flush(std::int64_t index, int width) {
    write_log_file(folder_, log::format_tile_path({.entries = true, .index = index, .width = width}),
                   bundle_);
    bundle_.clear();
  }

  std::string folder_, bundle_;
  log::Edge edge_;
};

// `leaves` are the entries' texts. Answers the checkpoint's note.
inline std::string write_log(const std::string& folder, const std::vector<std::string>& leaves,
                             const std::string& origin, const PrivateKey& log_key) {
  LogFolder log(folder);
  for (const std::string& leaf : leaves) log.append(leaf);
  return log.finish(origin, log_key);
}

}  // namespace dfb::test
