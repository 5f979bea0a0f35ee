// What the terminal says about handing out a reservation.
// Threads: pure functions.
#pragma once
#include <string>

#include "terminal/till/sale.h"
#include "terminal/words.h"

namespace dfb::terminal {

// Why a sale, a pick-up or a shift report was refused, and what to do.
std::string refused_words(Lang lang, const Sale& sale);

// A given-up pick-up: what became of the points, and of the reservation. REQUIRES: it is cancelled.
std::string_view cancelled_pickup(Lang lang, CancelEffect effect);

}  // namespace dfb::terminal
