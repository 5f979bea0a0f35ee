// DFB_CHECK(condition): an invariant of the program, on in every build. Never for input.
// When it fails the process says where and aborts: doubt about durable state means stop, and recover at start.
#pragma once

namespace dfb {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#define DFB_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::dfb::check_failed(#condition, __FILE__, __LINE__))
