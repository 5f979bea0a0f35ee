// Runs a fuzz target without libFuzzer: over every seed of its corpus, ROUNDS prefixes of a seed, evenly spread, and
// ROUNDS seeds with one byte changed, always the same ones. A target that aborts fails the test.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void run_around(const std::string& seed, int rounds) {
  run(seed);
  const std::size_t step = std::max<std::size_t>(1, seed.size() / static_cast<std::size_t>(rounds));
  for (std::size_t size = 0; size < seed.size(); size += step) run(seed.substr(0, size));
  std::mt19937 random(static_cast<std::uint32_t>(seed.size()));
  for (int i = 0; i < rounds && !seed.empty(); ++i) {
    std::string changed = seed;
    changed[random() % changed.size()] = static_cast<char>(random());
    run(changed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
  if (rounds < 1) {
    std::fprintf(stderr, "usage: %s CORPUS ROUNDS\n", argv[0]);
    return 2;
  }
  int seeds = 0;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(argv[1], error)) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string seed((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    std::printf("%s, %zu bytes\n", file.path().filename().c_str(), seed.size());
    std::fflush(stdout);
    run_around(seed, rounds);
    ++seeds;
  }
  if (seeds == 0) std::fprintf(stderr, "no seeds in %s\n", argv[1]);
  return seeds == 0 ? 1 : 0;
}
