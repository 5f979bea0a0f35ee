// Filters of a whole picture, each a pass over its pixels. Threads: pure.
#pragma once
#include <cstdint>
#include <vector>

#include "terminal/scan/picture.h"

namespace dfb::terminal {

// Weights 1 2 1 across and down: takes the grain away, and a little of the edges.
Picture smoothed(const Picture& picture);
// The median of 3 by 3: takes single black and white pixels away and leaves the edges.
Picture median(const Picture& picture);
// Each pixel against the mean of the (2 * reach + 1)-wide square around it, in shares of the square's own
// standard deviation: above 128 darker, below lighter. Uneven light and weak contrast go away.
Picture darkness(const Picture& picture, int reach);

}  // namespace dfb::terminal
