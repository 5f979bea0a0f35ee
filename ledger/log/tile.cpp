#include "ledger/log/tile.h"

#include <algorithm>

#include "ledger/base/check.h"
#include "ledger/base/digits.h"
#include "ledger/base/encoding.h"

namespace dfb::log {
namespace {

constexpr int kLevelMax = 63;
constexpr std::int64_t kIndexEnd = std::int64_t{1} << 55;  // tiles of a tree with 2^63 leaves
constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntriesPrefix = "entries/";
constexpr std::string_view kPartial = ".p/";

std::string three_digits(std::int64_t value) {
  std::string digits = std::to_string(value);
  return std::string(3 - digits.size(), '0') + digits;
}

std::string format_index(std::int64_t index) {
  std::string text = three_digits(index % 1000);
  while ((index /= 1000) > 0) text = "x" + three_digits(index % 1000) + "/" + text;
  return text;
}

// Reads the groups and leaves what follows them in `text`.
Result<std::int64_t> take_index(std::string_view& text) {
  std::int64_t index = 0;
  for (bool first = true;; first = false) {
    const bool more = text.starts_with('x');
    if (more) text.remove_prefix(1);
    if (text.size() < 3 || !is_digits(text.substr(0, 3)))
      return fail(Code::malformed, "a tile's index has groups of three digits");
    const int group = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    if (first && more && group == 0) return fail(Code::malformed, "a tile's index has a leading zero group");
    if (index > (kIndexEnd - 1 - group) / 1000) return fail(Code::malformed, "a tile's index is too large");
    index = index * 1000 + group;
    text.remove_prefix(3);
    if (!more) return index;
    if (!text.starts_with('/')) return fail(Code::malformed, "a tile's index ends too early");
    text.remove_prefix(1);
  }
}

}  // namespace

std::string format_tile_path(const TilePath& path) {
  DFB_CHECK(path.level >= 0 && path.level <= kLevelMax && path.index >= 0 && path.index < kIndexEnd);
  DFB_CHECK(path.width >= 1 && path.width <= kTileWidth && (!path.entries || path.level == 0));
  std::string text(kTilePrefix);
  text += path.entries ? std::string(kEntriesPrefix) : std::to_string(path.level) + "/";
  text += format_index(path.index);
  if (path.width < kTileWidth) text.append(kPartial).append(std::to_string(path.width));
  return text;
}

Result<TilePath> parse_tile_path(std::string_view text) {
  TilePath path;
  if (!text.starts_with(kTilePrefix)) return fail(Code::malformed, "a tile's path begins with tile/");
  text.remove_prefix(kTilePrefix.size());
  if (text.starts_with(kEntriesPrefix)) {
    path.entries = true;
    text.remove_prefix(kEntriesPrefix.size());
  } else {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return fail(Code::malformed, "a tile's path names level and index");
    DFB_TRY(const std::int64_t level, parse_decimal(text.substr(0, slash)));
    if (level > kLevelMax) return fail(Code::malformed, "a tile's level is 0 to 63");
    path.level = static_cast<int>(level);
    text.remove_prefix(slash + 1);
  }
  DFB_TRY(path.index, take_index(text));
  if (text.empty()) return path;
  if (!text.starts_with(kPartial))
    return fail(Code::malformed, "a tile's path ends after its index or its width");
  DFB_TRY(const std::int64_t width, parse_decimal(text.substr(kPartial.size())));
  if (width < 1 || width >= kTileWidth) return fail(Code::malformed, "a partial tile's width is 1 to 255");
  path.width = static_cast<int>(width);
  return path;
}

int tile_width(int level, std::int64_t index, std::int64_t size) {
  DFB_CHECK(level >= 0 && index >= 0 && size >= 0);
  const std::int64_t hashes = level * 8 >= 63 ? 0 : size >> (level * 8);
  if (index >= kIndexEnd || index * kTileWidth >= hashes) return 0;
  return static_cast<int>(std::min<std::int64_t>(hashes - index * kTileWidth, kTileWidth));
}

void append_to_bundle(std::string& bundle, std::string_view entry) {
  DFB_CHECK(entry.size() <= kEntryBytesMax);
  put_be(bundle, entry.size(), 2);
  bundle.append(entry);
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bundle, int width) {
  std::vector<std::string_view> entries;
  while (!bundle.empty()) {
    if (bundle.size() < 2) return fail(Code::malformed, "a bundle ends inside a length");
    const std::size_t size = get_be(bundle.substr(0, 2));
    bundle.remove_prefix(2);
    if (bundle.size() < size) return fail(Code::malformed, "a bundle ends inside an entry");
    entries.push_back(bundle.substr(0, size));
    bundle.remove_prefix(size);
    if (entries.size() > static_cast<std::size_t>(kTileWidth)) break;
  }
  if (width < 1 || entries.size() != static_cast<std::size_t>(width))
    return fail(Code::malformed, "a bundle holds another number of entries than its name says");
  return entries;
}

}  // namespace dfb::log
