// Eating lots and putting them back. Rules: docs/formats.md#transfer, "Lots".
#pragma once
#include "ledger/book/types.h"

namespace dfb::book {

// Points in lots that are still good on `today`: a lot is good until the end of its day.
Points spendable(const Lots& lots, Day today);

// Adds a lot in its place; lots of one day and kind are one.
void add_lot(Lots& lots, const Lot& lot);

// Takes `points` out of `lots`, the first to expire first, and returns what was taken in that order.
// REQUIRES: points <= spendable(lots, today).
Lots eat(Lots& lots, Points points, Day today);

struct PutBack {
  Lots got;       // what the receiver gains, in the order of putting back
  Points lapsed;  // points of grace lots whose day has passed: they go to `expired`
};
// Takes `points` from the end of `ate` and says what becomes of them on `today`: a lot returns with its day;
// if that has passed it becomes a grace lot of `grace_days`, and a grace lot lapses. REQUIRES: points <=
// total(ate).
PutBack put_back(Lots& ate, Points points, Day today, std::int64_t grace_days);

// Takes `points` from the front of held lots, whatever their days: held points do not expire. REQUIRES:
// points
// <= total(lots).
Lots take_held(Lots& lots, Points points);

// What becomes of held lots on `today`: a lot returns with its day, or lapses when that has passed.
PutBack release(const Lots& held, Day today);

}  // namespace dfb::book
