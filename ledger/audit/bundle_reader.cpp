#include "ledger/audit/bundle_reader.h"

#include "ledger/base/bytes.h"
#include "ledger/base/encoding.h"
#include "ledger/log/tile.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kBundleBytesMax = kTileLeaves * (kLengthBytes + log::kEntryBytesMax);

std::string path_of(const log::TilePath& path) { return log::format_tile_path(path); }

log::TilePath bundle_path(std::int64_t tile, int width) {
  return {.entries = true, .level = 0, .index = tile, .width = width};
}

// The file of that width, or the full one: a partial file may be gone once the full one exists.
Result<std::string> read_either(Source& source, log::TilePath path, std::size_t bytes_max, bool& is_full) {
  auto bytes = source.read(path_of(path), bytes_max);
  is_full = path.width == log::kTileWidth;
  if (bytes || bytes.error().code != Code::not_found || is_full) return bytes;
  path.width = log::kTileWidth;
  auto full = source.read(path_of(path), bytes_max);
  if (!full && full.error().code == Code::not_found) return bytes;
  is_full = true;
  return full;
}

Result<std::optional<log::EntryText>> find_entry(Source& source, std::int64_t size, std::int64_t seq,
                                                 const Hash* leaf) {
  const std::int64_t tile = seq / kTileLeaves;
  bool is_full = false;
  DFB_TRY(const std::string bytes,
          read_either(source, bundle_path(tile, log::tile_width(0, tile, size)), kBundleBytesMax, is_full));
  std::string_view rest = bytes;
  for (std::int64_t at = tile * kTileLeaves; rest.size() >= kLengthBytes; ++at) {
    const std::size_t length = static_cast<std::size_t>(get_be(rest.substr(0, kLengthBytes)));
    if (rest.size() - kLengthBytes < length) break;
    const std::string_view text = rest.substr(kLengthBytes, length);
    rest.remove_prefix(kLengthBytes + length);
    if (at != seq) continue;
    auto entry = log::parse_entry_text(text);
    if (!entry || (leaf && leaf_hash(text) != *leaf)) break;
    return std::optional(std::move(*entry));
  }
  return std::optional<log::EntryText>();
}

}  // namespace

Result<std::string> read_tile(Source& source, int level, std::int64_t index, int width) {
  bool is_full = false;
  DFB_TRY(std::string bytes, read_either(source, {.level = level, .index = index, .width = width},
                                         log::kFullTileBytes, is_full));
  if (is_full && bytes.size() == log::kFullTileBytes)
    bytes.resize(static_cast<std::size_t>(width) * log::kHashBytes);
  return bytes;
}

Result<std::optional<log::EntryText>> read_entry(Source& source, std::int64_t size, std::int64_t seq,
                                                 const Hash& leaf) {
  return find_entry(source, size, seq, &leaf);
}

Result<std::optional<log::EntryText>> peek_entry(Source& source, std::int64_t size, std::int64_t seq) {
  return find_entry(source, size, seq, nullptr);
}

Result<std::optional<Chunk>> BundleReader::next() {
  const std::int64_t tiles = (size_ + kTileLeaves - 1) / kTileLeaves;
  if (next_tile_ == tiles || broken_) return std::optional<Chunk>();
  Chunk chunk;
  chunk.first = next_tile_ * kTileLeaves;
  for (int i = 0; i < tiles_at_once_ && next_tile_ < tiles && !broken_; ++i, ++next_tile_) {
    DFB_TRY_VOID(read_one(next_tile_, chunk));
    chunk.end = std::min(size_, (next_tile_ + 1) * kTileLeaves);
  }
  return std::optional<Chunk>(std::move(chunk));
}

Result<void> BundleReader::read_one(std::int64_t tile, Chunk& chunk) {
  const int width = log::tile_width(0, tile, size_);
  auto bytes = read_tile(source_, 0, tile, width);
  if (!bytes && bytes.error().code != Code::too_large) return bytes.error();
  const std::vector<Hash> served = split_tile(tile, bytes ? *bytes : std::string(), width);
  if (!entries_) {
    broken_ = served.empty();
    if (!broken_) tree_.append(served, served);
    return ok();
  }
  DFB_TRY(const std::vector<Hash> own, read_bundle(tile, width, chunk, served));
  broken_ = own.size() != static_cast<std::size_t>(width);
  if (!broken_) tree_.append(served.empty() ? own : served, own);
  return ok();
}

// The tile's hashes; none, and a finding, when it has not the length that its name says.
std::vector<Hash> BundleReader::split_tile(std::int64_t tile, const std::string& bytes, int width) {
  const std::size_t wanted = static_cast<std::size_t>(width) * log::kHashBytes;
  std::vector<Hash> hashes;
  if (bytes.size() != wanted) {
    found(-1, path_of({.level = 0, .index = tile, .width = width}), What::length, std::to_string(wanted),
          bytes.empty() ? "another length" : std::to_string(bytes.size()));
    return hashes;
  }
  for (std::size_t at = 0; at < bytes.size(); at += log::kHashBytes)
    hashes.push_back(Hash::from(std::string_view(bytes).substr(at, log::kHashBytes)));
  return hashes;
}

// Reads the bundle with the auditor's own hands: each entry that can be cut out is hashed, and the first that
// cannot is named. For what is missing after it the tile's hashes stand in, so that one torn bundle makes one
// finding.
Result<std::vector<Hash>> BundleReader::read_bundle(std::int64_t tile, int width, Chunk& chunk,
                                                    const std::vector<Hash>& served) {
  bool is_full = false;
  auto bytes = read_either(source_, bundle_path(tile, width), kBundleBytesMax, is_full);
  if (!bytes && bytes.error().code != Code::too_large) return bytes.error();
  const std::string path = path_of(bundle_path(tile, width));
  std::string_view rest = bytes ? std::string_view(*bytes) : std::string_view();
  std::vector<Hash> own;
  bool torn = !bytes;
  for (int i = 0; i < width && !torn; ++i) {
    const std::int64_t seq = tile * kTileLeaves + i;
    const std::size_t size = rest.size() < kLengthBytes ? 0 : get_be(rest.substr(0, kLengthBytes));
    torn = rest.size() < kLengthBytes || rest.size() - kLengthBytes < size;
    if (torn) {
      found(
          seq, path, What::length, rest.size() < kLengthBytes ? "an entry" : std::to_string(size),
          rest.size() < kLengthBytes ? "the end of the bundle" : std::to_string(rest.size() - kLengthBytes));
      break;
    }
    const std::string_view text = rest.substr(kLengthBytes, size);
    rest.remove_prefix(kLengthBytes + size);
    own.push_back(leaf_hash(text));
    if (!served.empty() && own.back() != served[static_cast<std::size_t>(i)]) trusted_ = false;
    if (seq >= start_.size) {
      take_entry(seq, text, chunk);
    } else if (const Hash& known = start_.last.at(static_cast<std::size_t>(i)); known != own.back()) {
      found(seq, "state", What::hash, base64_encode(known.view()), base64_encode(own.back().view()));
    }
  }
  if (!bytes)
    found(tile * kTileLeaves, path, What::length, "at most " + std::to_string(kBundleBytesMax), "more");
  if (!torn && !rest.empty() && !(is_full && width < log::kTileWidth))
    found(tile * kTileLeaves + width - 1, path, What::length, "no bytes after the last entry",
          std::to_string(rest.size()));
  if (!served.empty())
    own.insert(own.end(), served.begin() + static_cast<std::ptrdiff_t>(own.size()), served.end());
  return own;
}

void BundleReader::take_entry(std::int64_t seq, std::string_view text, Chunk& chunk) {
  if (!trusted_) return;
  auto entry = log::parse_entry_text(text);
  if (entry) {
    chunk.entries.push_back(std::move(*entry));
    return;
  }
  trusted_ = false;
  found(seq, "", What::form, "an entry", entry.error().detail);
}

void BundleReader::found(std::int64_t entry, std::string file, What what, std::string expected,
                         std::string found) {
  if (entry >= 0) trusted_ = false;
  findings_.add({.entry = entry,
                 .file = std::move(file),
                 .what = what,
                 .expected = std::move(expected),
                 .found = std::move(found)});
}

}  // namespace dfb::audit
