// What a customer buys by name, at the prices that the till showed. Threads: values; pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/book/goods.h"

namespace dfb::terminal {

struct SoldGood {
  std::string good;                     // its id in the shop's list
  std::int64_t count = 0, points = 0;  // points for each
  friend bool operator==(const SoldGood&, const SoldGood&) = default;
};
using Basket = std::vector<SoldGood>;

// As the payload's digest and the town see it.
inline std::vector<book::GoodsLine> lines_of(const Basket& basket) {
  std::vector<book::GoodsLine> lines;
  for (const SoldGood& one : basket) lines.push_back({one.good, one.count});
  return lines;
}

// REQUIRES: each line as book::check_goods wants it, prices up to book::kPointsMax.
inline std::int64_t sum_of(const Basket& basket) {
  std::int64_t sum = 0;
  for (const SoldGood& one : basket) sum += one.count * one.points;
  return sum;
}

}  // namespace dfb::terminal
