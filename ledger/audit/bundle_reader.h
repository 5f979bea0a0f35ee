// Reads a log's level-0 tiles and entry bundles from the first to the last, some tiles at a time, compares
// the leaf hashes, and takes the entries' texts apart. Threads: next() by one thread at a time.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/finding.h"
#include "ledger/audit/source.h"
#include "ledger/audit/tree_check.h"
#include "ledger/log/entry_text.h"

namespace dfb::audit {

struct Chunk {
  std::int64_t first = 0, end = 0;      // numbers of the leaves; end is one past the last
  std::vector<log::EntryText> entries;  // from `first` on; fewer when one could not be trusted or read
};

// The bytes of a tile, a full one cut where the copy holds no partial one; as Source::read().
Result<std::string> read_tile(Source& source, int level, std::int64_t index, int width);

// One entry of a log of `size`, whose hash has to be `leaf`; an error when it did not arrive, nothing when it
// is another.
Result<std::optional<log::EntryText>> read_entry(Source& source, std::int64_t size, std::int64_t seq,
                                                 const Hash& leaf);
// The same without a hash to compare with: a hint, not a fact.
Result<std::optional<log::EntryText>> peek_entry(Source& source, std::int64_t size, std::int64_t seq);

// Where reading begins: entries before `size` were verified, and `last` are the leaf hashes of those in the
// tile that it begins with.
struct Start {
  std::int64_t size = 0;
  std::vector<Hash> last = {};
};

class BundleReader {
 public:
  // Without `entries` tiles alone are read. The rest must outlive the reader.
  BundleReader(Source& source, std::int64_t size, bool entries, int tiles_at_once, Start start,
               TreeCheck& tree, Findings& findings)
      : start_(std::move(start)),
        source_(source),
        size_(size),
        entries_(entries),
        tiles_at_once_(tiles_at_once),
        tree_(tree),
        findings_(findings),
        next_tile_(start_.size / kTileLeaves) {}

  // nullopt at the end. After a finding about an entry's bytes no more entries are handed out, but hashes go
  // on being compared. An error says that a file did not arrive.
  Result<std::optional<Chunk>> next();
  // True when a level-0 tile was so wrong that the hashes after it cannot be compared.
  bool is_broken() const { return broken_; }

 private:
  Result<void> read_one(std::int64_t tile, Chunk& chunk);
  std::vector<Hash> split_tile(std::int64_t tile, const std::string& bytes, int width);
  Result<std::vector<Hash>> read_bundle(std::int64_t tile, int width, Chunk& chunk,
                                        const std::vector<Hash>& served);
  void take_entry(std::int64_t seq, std::string_view text, Chunk& chunk);
  void found(std::int64_t entry, std::string file, What what, std::string expected, std::string found);

  Start start_;
  Source& source_;
  std::int64_t size_;
  bool entries_;
  int tiles_at_once_;
  TreeCheck& tree_;
  Findings& findings_;
  std::int64_t next_tile_;
  bool trusted_ = true;  // entries are handed out until the first doubt
  bool broken_ = false;
};

}  // namespace dfb::audit
