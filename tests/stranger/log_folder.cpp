#include "tests/stranger/log_folder.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/base/check.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"
#include "ledger/log/receipt.h"

namespace dfb::log::test {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  DFB_CHECK(file.is_open());
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void write_file(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  DFB_CHECK(file.good());
}

void LogFolder::append(std::int64_t count, const std::string& salt) {
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t seq = edge_.size();
    const std::string payload = "{\"v\":1,\"salt\":\"" + salt + "\",\"memo\":\"" +
                                std::string(static_cast<std::size_t>(seq * 7 % 300), 'm') + "\"}";
    entries_.push_back(format_entry_text({origin_,
                                          seq,
                                          1795484400000000 + seq,
                                          payload,
                                          "{}",
                                          {{Hash::from(std::string(32, 'k')), std::string(64, 's')}}})
                           .value());
    append_to_bundle(bundle_, entries_.back());
    for (const FullTile& full : edge_.append(leaf_hash(entries_.back())))
      write({false, full.level, full.index, kTileWidth}, full.bytes);
    if (edge_.size() % kTileWidth != 0) continue;
    write({true, 0, seq / kTileWidth, kTileWidth}, bundle_);
    bundle_.clear();
  }
}

std::string LogFolder::publish() {
  for (int level = 0; edge_.size() >> (8 * level) > 0; ++level) {
    const std::int64_t hashes = edge_.size() >> (8 * level);
    const int width = static_cast<int>(hashes % kTileWidth);
    if (width > 0) write({false, level, hashes / kTileWidth, width}, edge_.partial(level));
  }
  const int width = static_cast<int>(edge_.size() % kTileWidth);
  if (width > 0) write({true, 0, edge_.size() / kTileWidth, width}, bundle_);
  checkpoint_ = sign_checkpoint({origin_, edge_.size(), edge_.root()}, key_);
  write_file(file("checkpoint"), checkpoint_);
  return checkpoint_;
}

std::string LogFolder::receipt(std::int64_t index) {
  const Note note = parse_note(checkpoint_).value();
  const std::int64_t published = parse_checkpoint(note.text).value().size;
  return format_receipt({index, inclusion_path(index, published, *this).value(), note, ""});
}

std::string LogFolder::vkey() const {
  return format_vkey(make_vkey(origin_, NoteKeyType::ed25519, key_.public_key()));
}

Result<std::string> LogFolder::tile(int level, std::int64_t index, int width) {
  return read_file(file(format_tile_path({false, level, index, width})));
}

void LogFolder::write(const TilePath& path, std::string_view bytes) const {
  write_file(file(format_tile_path(path)), bytes);
}

}  // namespace dfb::log::test
