// The tree of a log, computed twice while its leaves pass by: from the hashes in the served level-0 tiles,
// and from the entries themselves. At the end the signed root says which of the two tells the truth. Threads:
// one at a time.
#pragma once
#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "ledger/audit/finding.h"
#include "ledger/audit/merkle.h"
#include "ledger/audit/source.h"
#include "ledger/log/checkpoint.h"

namespace dfb::audit {

class TreeCheck {
 public:
  explicit TreeCheck(Tree begun) : served_(begun), own_(std::move(begun)) {}

  // The next tile: the hashes it holds, and those of its entries (the same where entries are not read).
  void append(std::span<const Hash> served, std::span<const Hash> own);

  // After the last leaf: compares the root with the signed one and names what is wrong, the entry or the
  // tile. `root_of`: what a finding about the root is about.
  void close(const log::Checkpoint& checkpoint, const std::string& root_of, Findings& findings);
  // Where the last leaf was never reached: names each entry that is not the one in its tile.
  void give_up(Findings& findings) const;
  // Reads every tile above level 0 and compares each of its hashes with the recomputed one. An error: it did
  // not arrive.
  Result<void> check_upper_tiles(Source& source, std::int64_t size, Findings& findings);

  // The tree that the signed root confirms, or else that of the entries. Meant for after close().
  const Tree& tree() const { return served_is_true_ ? served_ : own_; }

 private:
  struct Difference {
    std::int64_t seq;
    Hash served, own;
  };
  static void add_entry(const Difference& difference, Findings& findings);

  Tree served_, own_;
  std::vector<Difference> differences_;
  bool served_is_true_ = false;
};

}  // namespace dfb::audit
