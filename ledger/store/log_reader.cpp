#include "ledger/store/log_reader.h"

namespace dfb::store {
namespace {

// How much of the tile the head's tree has, or not_found when that is less than what is asked for.
Result<int> width_in_head(const log::TilePath& path, std::int64_t size) {
  const bool names_a_tile = path.level >= 0 && path.level <= 63 && path.index >= 0 && path.width >= 1 &&
                            path.width <= log::kTileWidth;
  if (names_a_tile) {
    const int width = log::tile_width(path.level, path.index, size);
    if (path.width <= width) return width;
  }
  return fail(Code::not_found, "the log has no such tile yet");
}

}  // namespace

Result<std::string> LogReader::tile(int level, std::int64_t index, int width) {
  DFB_TRY(const int available, width_in_head({false, level, index, width}, head_.edge.size()));
  std::string bytes;
  if (available == log::kTileWidth) {
    auto stored = view_.tile(level, index);
    if (!stored || stored->size() != log::kFullTileBytes)
      return fail(Code::corrupt,
                  log::format_tile_path({false, level, index, log::kTileWidth}) + " is missing or cut");
    bytes = std::move(*stored);
  } else {
    bytes = head_.edge.partial(level);
  }
  bytes.resize(static_cast<std::size_t>(width) * log::kHashBytes);
  return bytes;
}

Result<std::string> LogReader::bundle(std::int64_t index, int width) {
  DFB_TRY_VOID(width_in_head({true, 0, index, width}, head_.edge.size()));
  const auto entries = view_.entries(index * log::kTileWidth, width);
  if (entries.size() != static_cast<std::size_t>(width))
    return fail(Code::corrupt, log::format_tile_path({true, 0, index, width}) + ": entries are missing");
  std::string bundle;
  for (const auto& entry : entries) log::append_to_bundle(bundle, entry);
  return bundle;
}

Result<log::Receipt> LogReader::receipt(std::int64_t seq) {
  log::Receipt receipt;
  receipt.index = seq;
  DFB_TRY(receipt.path, log::inclusion_path(seq, head_.edge.size(), *this));
  DFB_TRY(receipt.checkpoint, log::parse_note(head_.note));
  return receipt;
}

Result<std::vector<Hash>> LogReader::consistency(std::int64_t old_size) {
  return log::consistency_path(old_size, head_.edge.size(), *this);
}

}  // namespace dfb::store
