#include "ledger/book/lots.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace dfb::book {
namespace {

bool before(const Lot& a, const Lot& b) { return a.day != b.day ? a.day < b.day : a.grace < b.grace; }
bool same_lot(const Lot& a, const Lot& b) { return a.day == b.day && a.grace == b.grace; }

}  // namespace

Points spendable(const Lots& lots, Day today) {
  Points sum;
  for (const auto& lot : lots)
    if (lot.day >= today) sum.value += lot.points.value;
  return sum;
}

void add_lot(Lots& lots, const Lot& lot) {
  auto at = std::lower_bound(lots.begin(), lots.end(), lot, before);
  if (at != lots.end() && same_lot(*at, lot)) {
    at->points.value += lot.points.value;
  } else {
    lots.insert(at, lot);
  }
}

Lots eat(Lots& lots, Points points, Day today) {
  DFB_CHECK(points <= spendable(lots, today));
  Lots eaten;
  for (auto& lot : lots) {
    if (lot.day < today || points.value == 0) continue;
    Lot bite = lot;
    bite.points = std::min(lot.points, points);
    lot.points.value -= bite.points.value;
    points.value -= bite.points.value;
    eaten.push_back(bite);
  }
  std::erase_if(lots, [](const Lot& lot) { return lot.points.value == 0; });
  return eaten;
}

Lots take_held(Lots& lots, Points points) {
  return lots.empty() ? Lots() : eat(lots, points, lots.front().day);
}

PutBack release(const Lots& held, Day today) {
  PutBack back;
  for (const auto& lot : held) {
    if (lot.day >= today) {
      back.got.push_back(lot);
    } else {
      back.lapsed.value += lot.points.value;
    }
  }
  return back;
}

PutBack put_back(Lots& ate, Points points, Day today, std::int64_t grace_days) {
  DFB_CHECK(points <= total(ate));
  PutBack back;
  while (points.value > 0) {
    Lot piece = ate.back();
    piece.points = std::min(piece.points, points);
    points.value -= piece.points.value;
    ate.back().points.value -= piece.points.value;
    if (ate.back().points.value == 0) ate.pop_back();
    if (piece.day < today && piece.grace) {
      back.lapsed.value += piece.points.value;
      continue;
    }
    if (piece.day < today) piece.day = today + static_cast<Day>(grace_days), piece.grace = true;
    auto same =
        std::find_if(back.got.begin(), back.got.end(), [&](const Lot& lot) { return same_lot(lot, piece); });
    if (same == back.got.end()) {
      back.got.push_back(piece);
    } else {
      same->points.value += piece.points.value;
    }
  }
  return back;
}

}  // namespace dfb::book
