// Tiles of every width and the proofs of a committed head, cut from the store's full tiles and the head's edge.
// Threads: Head is immutable and shared; a LogReader is for one thread.
#pragma once
#include <memory>
#include <string>

#include "ledger/log/checkpoint.h"
#include "ledger/log/edge.h"
#include "ledger/log/receipt.h"
#include "ledger/log/tile.h"
#include "ledger/store/store.h"

namespace dfb::store {

// What one commit left: the tree's edge and the checkpoint over it, signed and durable.
struct Head {
  log::Edge edge;
  log::Checkpoint checkpoint;
  std::string note;  // the signed checkpoint
};

class LogReader final : public log::TileReader {
 public:
  // `view` was taken after `head` was committed. Both must outlive the reader.
  LogReader(const View& view, const Head& head) : view_(view), head_(head) {}

  // Any width that some checkpoint up to the head had, or less; not_found beyond it.
  Result<std::string> tile(int level, std::int64_t index, int width) override;
  Result<std::string> bundle(std::int64_t index, int width);  // not_found beyond the head
  Result<log::Receipt> receipt(std::int64_t seq);             // not_found beyond the head
  Result<std::vector<Hash>> consistency(std::int64_t old_size);

 private:
  const View& view_;
  const Head& head_;
};

}  // namespace dfb::store
