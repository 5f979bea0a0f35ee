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

// `leaves` are the entries' texts. Answers the checkpoint's note.
inline std::string write_log(const std::string& folder, const std::vector<std::string>& leaves,
                             const std::string& origin, const PrivateKey& log_key) {
  log::Edge edge;
  std::string bundle;
  const auto tile = [&](int level, std::int64_t index, int width, std::string_view bytes) {
    write_log_file(folder, log::format_tile_path({.level = level, .index = index, .width = width}),
                   std::string(bytes));
  };
  const auto flush = [&](std::int64_t index, int width) {
    write_log_file(folder, log::format_tile_path({.entries = true, .index = index, .width = width}), bundle);
    bundle.clear();
  };
  for (const std::string& leaf : leaves) {
    log::append_to_bundle(bundle, leaf);
    for (const log::FullTile& full : edge.append(log::leaf_hash(leaf)))
      tile(full.level, full.index, log::kTileWidth, full.bytes);
    if (edge.size() % log::kTileWidth == 0) flush(edge.size() / log::kTileWidth - 1, log::kTileWidth);
  }
  const std::int64_t size = edge.size();
  for (int level = 0; size >> (8 * level) > 0; ++level)
    if (const std::string_view partial = edge.partial(level); !partial.empty())
      tile(level, (size >> (8 * level)) / log::kTileWidth, static_cast<int>(partial.size() / 32), partial);
  if (!bundle.empty()) flush(size / log::kTileWidth, static_cast<int>(size % log::kTileWidth));
  std::string note = log::sign_checkpoint({origin, size, edge.root()}, log_key);
  write_log_file(folder, "checkpoint", note);
  return note;
}

}  // namespace dfb::test
