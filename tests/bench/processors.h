// Two processors, whatever the machine has: the bounds in docs/performance.md were set for two, and a figure
// of sixteen says nothing beside them. Threads: before any other is started.
#pragma once
#include <sched.h>

namespace dfb::bench {

struct Processors {
  int used = 0;     // by this process and what it starts
  int allowed = 0;  // before it confined itself
};

// The lowest two of a set, or all of a smaller one.
cpu_set_t lowest_two(const cpu_set_t& allowed);
// Confines the process to two where it may use more. Throws std::system_error.
Processors confine_to_two();
// Those that this process may use now.
unsigned processors_used();

}  // namespace dfb::bench
