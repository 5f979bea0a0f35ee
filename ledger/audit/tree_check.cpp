#include "ledger/audit/tree_check.h"

#include "ledger/audit/bundle_reader.h"
#include "ledger/base/encoding.h"
#include "ledger/log/tile.h"

namespace dfb::audit {
namespace {

std::string path_of(int level, std::int64_t index, int width) {
  return log::format_tile_path({.level = level, .index = index, .width = width});
}

}  // namespace

void TreeCheck::append(std::span<const Hash> served, std::span<const Hash> own) {
  for (std::size_t i = 0; i < served.size() && differences_.size() <= Findings::kKept; ++i)
    if (served[i] != own[i])
      differences_.push_back({served_.size() + static_cast<std::int64_t>(i), served[i], own[i]});
  served_.append(served);
  own_.append(own);
}

void TreeCheck::close(const log::Checkpoint& checkpoint, const std::string& root_of, Findings& findings) {
  const Hash own = own_.root(checkpoint.size);
  const Hash served = served_.root(checkpoint.size);
  const bool own_is_true = own == checkpoint.root;
  served_is_true_ = !own_is_true && served == checkpoint.root;
  for (const Difference& difference : differences_) {
    const std::int64_t tile = difference.seq / kTileLeaves;
    if (own_is_true)
      findings.add({.file = path_of(0, tile, log::tile_width(0, tile, checkpoint.size)) + " #" +
                            std::to_string(difference.seq % kTileLeaves),
                    .what = What::hash,
                    .expected = base64(difference.own),
                    .found = base64(difference.served)});
    else
      add_entry(difference, findings);
  }
  if (!own_is_true && !served_is_true_)
    findings.add(
        {.file = root_of, .what = What::root, .expected = base64(own), .found = base64(checkpoint.root)});
}

void TreeCheck::give_up(Findings& findings) const {
  for (const Difference& difference : differences_) add_entry(difference, findings);
}

void TreeCheck::add_entry(const Difference& difference, Findings& findings) {
  findings.add({.entry = difference.seq,
                .what = What::hash,
                .expected = base64(difference.served),
                .found = base64(difference.own)});
}

Result<void> TreeCheck::check_upper_tiles(Source& source, std::int64_t size, Findings& findings) {
  const bool two_trees = !differences_.empty();
  for (int level = 1; log::tile_width(level, 0, size) > 0; ++level) {
    for (std::int64_t index = 0;; ++index) {
      const int width = log::tile_width(level, index, size);
      if (width == 0) break;
      const std::string path = path_of(level, index, width);
      const std::size_t wanted = static_cast<std::size_t>(width) * log::kHashBytes;
      auto bytes = read_tile(source, level, index, width);
      if (!bytes && bytes.error().code != Code::too_large) return bytes.error();
      if (!bytes || bytes->size() != wanted) {
        findings.add({.file = path,
                      .what = What::length,
                      .expected = std::to_string(wanted),
                      .found = bytes ? std::to_string(bytes->size()) : bytes.error().detail});
        continue;
      }
      for (int i = 0; i < width; ++i) {
        const Hash served = Hash::from(
            std::string_view(*bytes).substr(static_cast<std::size_t>(i) * log::kHashBytes, log::kHashBytes));
        const Hash own = tree().subtree(level, index * kTileLeaves + i);
        if (served == own) continue;
        // A wrong entry below has its own finding; the tiles above it may still be those of the other tree.
        if (two_trees && (served == own_.subtree(level, index * kTileLeaves + i) ||
                          served == served_.subtree(level, index * kTileLeaves + i)))
          continue;
        findings.add({.file = path + " #" + std::to_string(i),
                      .what = What::hash,
                      .expected = base64(own),
                      .found = base64(served)});
      }
    }
  }
  return ok();
}

}  // namespace dfb::audit
