// A log as a folder of files in the tlog-tiles layout, made with our own code for a stranger to read.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/crypto/keys.h"
#include "ledger/log/edge.h"
#include "ledger/log/tile.h"

namespace dfb::log::test {

class LogFolder final : public TileReader {
 public:
  // REQUIRES: an existing folder, an Ed25519 key.
  LogFolder(std::string folder, std::string origin, const PrivateKey& key)
      : folder_(std::move(folder)), origin_(std::move(origin)), key_(key) {}

  // Entries with made-up content; `salt` tells two logs apart from here on.
  void append(std::int64_t count, const std::string& salt = "a");
  // Signs the present size, writes partial tiles, the partial bundle and the checkpoint; answers with its
  // note.
  std::string publish();
  // For the last published size.
  std::string receipt(std::int64_t index);

  const std::string& entry(std::int64_t index) const { return entries_.at(static_cast<std::size_t>(index)); }
  std::int64_t size() const { return edge_.size(); }
  std::string vkey() const;
  // A file's path on disk from its path in the log, such as tile/0/000.
  std::string file(const std::string& path) const { return folder_ + "/" + path; }

  Result<std::string> tile(int level, std::int64_t index, int width) override;

 private:
  void write(const TilePath& path, std::string_view bytes) const;

  std::string folder_;
  std::string origin_;
  PrivateKey key_;
  Edge edge_;
  std::vector<std::string> entries_;
  std::string bundle_;  // the last, incomplete one
  std::string checkpoint_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view bytes);

}  // namespace dfb::log::test
