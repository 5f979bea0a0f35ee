// Finds the text of a QR code in a picture: a photo or a camera frame of a customer's phone.
//
// zxing-cpp reads what it can; what it cannot is located, rectified and equalized here. A text comes back
// only when the code's check words prove it. Threads: pure functions, callable from anywhere.
#pragma once
#include <chrono>
#include <string>

#include "ledger/base/result.h"
#include "terminal/scan/picture.h"

namespace dfb::terminal {

inline constexpr std::chrono::milliseconds kFrameBudget{400};

// not_found when there is no readable QR code. `budget` is processor time of the calling thread: after it no
// further pass is begun, and one pass takes tens of milliseconds.
// REQUIRES: grey.size() == width * height, width and height > 0.
Result<std::string> decode(const Picture& picture, std::chrono::milliseconds budget = kFrameBudget);

}  // namespace dfb::terminal
