// What the terminal says about selling without a line.
// Threads: pure functions.
#pragma once
#include <string>

#include "terminal/counter/counter.h"
#include "terminal/words.h"

namespace dfb::terminal {

// What is left of the till's budget and its time, what waits for the town, and the most that can be lost.
std::string offline_banner(Lang lang, const Counter& counter);

// Sales without a result that wait while customers pay by offline codes. REQUIRES: there are some.
std::string aside_words(Lang lang, const History& history);

// An offline sale that the town refused: which, whose, why, and what to do. `name` is the customer's, masked; empty
// when it is not known.
std::string conflict_line(Lang lang, const Past& past, const std::string& name);

// The gravest that is wrong with the town or the till as a whole, and what to do; empty while nothing is. The log is
// another one than the till has verified. The till was revoked: also what becomes of that which it sold and could not
// tell. Its journal is an old one. What the town said does not stand the check. `folder` is the till's.
std::string warning_words(Lang lang, const Counter& counter, const std::string& folder);

}  // namespace dfb::terminal
