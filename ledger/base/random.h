// Randomness: the kernel's for keys and ids, a seeded one for tests and simulations.
#pragma once
#include <cstdint>
#include <random>
#include <string>

namespace dfb {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::string bytes(std::size_t count) = 0;
  std::uint64_t u64();
};

// getrandom(2). Threads: any. A kernel that gives none ends the process.
class SystemRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;
};

// Threads: one.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  std::string bytes(std::size_t count) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace dfb
