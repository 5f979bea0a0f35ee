// What the shop sells by name, as the town last said: names, prices, and what is left.
//
// Kept in memory alone: without a line nothing is sold by name, since an offline code names no goods
// (docs/formats.md#offline-code), and how much is left only the town knows.
// How old it may be: it is asked for when the program starts and while nobody is served, and once more when a
// customer was read and it is older than kShelfAgeUs; so while a customer stands here it is at most that old plus
// the time they take. What this till sells is taken off at once, what others sell shows at the next look; a refusal
// `out_of_stock` looks at once. Whatever it says, the town decides.
// Threads: one.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "terminal/link/line.h"
#include "terminal/till/history.h"
#include "terminal/words.h"

namespace dfb::terminal {

inline constexpr TimeUs kShelfAgeUs = 30 * kSecondUs;

class Shelf {
 public:
  // Most sold by this till first, as `history` has it now: no button moves while people work.
  Shelf(Line& line, const Clock& clock, const History& history);

  // Fails as the line does; what was known stays.
  Result<void> look();
  // look(), unless one was tried within kShelfAgeUs.
  void look_when_due();
  // What the counter shows, after a face has shown it: looks and counts as above.
  void watch(Do what, const Sale& sale);

  const std::vector<ShopGood>& goods() const { return goods_; }
  TimeUs asked_us() const { return asked_us_; }  // this machine's clock at the last answer; 0: none yet
  const ShopGood* find(const std::string& id) const;
  // In that language; the id of what the town never told of in this run.
  std::string name(const std::string& id, Lang lang) const;
  // With today's prices. malformed as book::check_goods; not_found: the shop does not sell it.
  Result<Basket> priced(const std::vector<book::GoodsLine>& lines) const;
  // "2 × Rice; 1 × Soap"
  std::string text(const Basket& basket, Lang lang) const;

 private:
  Line& line_;
  const Clock& clock_;
  std::map<std::string, std::int64_t> sold_;  // when the program started
  std::vector<ShopGood> goods_;
  std::map<std::string, ShopGood> seen_;  // for the names of what is no longer sold
  TimeUs tried_us_ = 0, asked_us_ = 0;
};

}  // namespace dfb::terminal
