// The book against the model, seed by seed. DFB_SIM_SEEDS and DFB_SIM_FIRST choose how many and from where.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "tests/sim/trial.h"
#include "tests/sim/workload.h"

namespace dfb::sim {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Sim, EveryAnswerIsTheModels) {
  const bool later = from_environment("DFB_SIM_LATER", 1) != 0;
  const Stage stage(later);
  const auto first = from_environment("DFB_SIM_FIRST", 1), seeds = from_environment("DFB_SIM_SEEDS", 2000);
  const auto failures_most = from_environment("DFB_SIM_FAILURES", 1);
  std::uint64_t failures = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const auto sequence = Workload(stage, seed, {false, later}).make(60);
    if (!trial(stage, sequence, seed)) continue;
    const auto shrunk = shrink(stage, sequence, seed);
    ADD_FAILURE() << "seed " << seed << ": " << *trial(stage, shrunk, seed) << "\n" << to_text(stage, shrunk);
    if (++failures >= failures_most) break;
  }
}

}  // namespace
}  // namespace dfb::sim
