// The shop's own entries, fetched from the town and proven to stand in its log.
//
// What the town leaves out cannot be seen from the entries alone; the report compares them with the till's own
// journal and its Z reports. Threads: one.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/log/tile.h"
#include "terminal/counter/counter.h"

namespace dfb::terminal {

struct Leaf {
  std::int64_t seq = 0;
  TimeUs time_us = 0;
  book::Payload payload;
  book::Outcome outcome;
  std::vector<book::GoodsLine> goods = {};  // of a sale, as the town says: the entry has their digest alone
};

struct Leaves {
  std::vector<Leaf> leaves;  // oldest first
  log::Checkpoint under;     // proven to continue all that this till has seen
  std::int64_t settled_through = -1;  // the town has settled with the shop up to this entry; -1: nothing yet
};

// The shop's own entries page by page, newest first, each proven to stand in the log of the first page's checkpoint.
class LeafPages {
 public:
  // The entries below `before`; for nothing all of them.
  LeafPages(Counter& counter, Line& line, std::optional<std::int64_t> before = std::nullopt);

  // The next page. Fails as the line does; malformed, bad_path, wrong_entry, inconsistent when what came is not what the
  // log holds. After a failure it is of no more use. REQUIRES: has_more().
  Result<std::vector<Leaf>> next();
  bool has_more() const { return more_; }
  const log::Checkpoint& under() const { return under_; }  // REQUIRES: next() gave a page

 private:
  // Entries of one shop lie close together: most of their proofs come from the same tiles.
  class KeptTiles final : public log::TileReader {
   public:
    explicit KeptTiles(log::TileReader& reader) : reader_(reader) {}
    Result<std::string> tile(int level, std::int64_t index, int width) override;

   private:
    log::TileReader& reader_;
    std::map<std::tuple<int, std::int64_t, int>, std::string> tiles_;
  };
  Result<LeafPage> ask();

  Counter& counter_;
  Line& line_;
  KeptTiles tiles_;
  log::Checkpoint under_;
  std::optional<std::int64_t> before_;  // the next page lies below it
  std::int64_t last_ = 0;               // the oldest entry so far
  bool begun_ = false, more_ = true;
};

// Reads the entries of [from_us, until_us), and older ones as far as a cancel in that time undid them or a pick-up
// handed out what they reserved, a page at a time, so that a till can do something else between two pages.
class LeafReading {
 public:
  LeafReading(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us);

  // Asks for the next page. True: that was the last one. Fails as LeafPages does.
  Result<bool> step();
  std::size_t count() const { return count_; }  // entries read so far
  Leaves take();                                // REQUIRES: step() said true

 private:
  bool read(std::vector<Leaf> page);

  LeafPages pages_;
  const TimeUs from_us_, until_us_;
  Leaves out_;
  std::int64_t undone_from_ = 0;       // the oldest entry that a cancel of the time undid
  std::set<Uuid> holds_;               // reservations that were picked up, and whose own entries are still to come
  std::size_t count_ = 0;
};

// All of it at once. `progress` is told how many were read.
Result<Leaves> own_leaves(Counter& counter, Line& line, TimeUs from_us, TimeUs until_us,
                          const std::function<void(std::size_t)>& progress);

}  // namespace dfb::terminal
