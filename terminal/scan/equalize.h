// From grey values of modules to ink, with the light of the place and the neighbours' blur taken away.
//
// What every code of the version has in common is known before anything is read, and teaches how the camera
// mixes a module with its neighbours; the rest is decided from that, and decided again. Threads: pure.
#pragma once
#include <vector>

#include "terminal/scan/read_symbol.h"
#include "terminal/scan/symbol.h"

namespace dfb::terminal {

// REQUIRES: values.size() == plan.modules.size().
Ink equalize(const Symbol& plan, const std::vector<float>& values);

}  // namespace dfb::terminal
