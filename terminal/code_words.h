// What a cashier who scanned the wrong code is told: which one it was, and what to do.
// Threads: pure.
#pragma once
#include <string_view>

#include "terminal/scan/code_kind.h"
#include "terminal/words.h"

namespace dfb::terminal {

// REQUIRES: !pays(kind).
std::string_view wrong_code(Lang lang, CodeKind kind);

}  // namespace dfb::terminal
