#include "tests/bench/processors.h"

#include <cerrno>
#include <system_error>

namespace dfb::bench {
namespace {

constexpr int kBenchProcessors = 2;

cpu_set_t allowed_now() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_getaffinity");
  return allowed;
}

}  // namespace

cpu_set_t lowest_two(const cpu_set_t& allowed) {
  cpu_set_t two;
  CPU_ZERO(&two);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&two) < kBenchProcessors; ++cpu)
    if (CPU_ISSET(cpu, &allowed)) CPU_SET(cpu, &two);
  return two;
}

Processors confine_to_two() {
  const cpu_set_t allowed = allowed_now(), two = lowest_two(allowed);
  if (CPU_COUNT(&allowed) > kBenchProcessors && ::sched_setaffinity(0, sizeof two, &two) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_setaffinity");
  return {CPU_COUNT(&two), CPU_COUNT(&allowed)};
}

unsigned processors_used() {
  const cpu_set_t allowed = allowed_now();
  return static_cast<unsigned>(CPU_COUNT(&allowed));
}

}  // namespace dfb::bench
