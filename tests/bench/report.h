// The measured lines, and what is said of them. Bounds are fixed: a miss is explained in docs/performance.md,
// never moved. Threads: one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/processors.h"

namespace dfb::bench {

double median(std::vector<double> values);  // REQUIRES: not empty

struct Line {
  std::string name, unit;
  std::vector<double> figures, denominators;  // of each round; the same unit
  std::string denominator;                    // in words
  double bound = 0;                           // the least ratio that passes

  double figure() const { return median(figures); }
  double ratio() const { return figure() / median(denominators); }
  bool pass() const { return ratio() >= bound; }
};

struct Report {
  int residents = 0, redemptions = 0, rounds = 0;
  Processors processors = {};
  double load_before = 0, load_after = 0;  // one-minute averages
  double bare = 0;                         // checks a second, both processors
  std::optional<double> openssl = {};
  std::vector<Line> lines = {};
  double rows = 0, bytes = 0, log_bytes = 0, syncs = 0;  // a redemption

  // Why nothing follows from the ratios: fewer processors than the bounds are for, or bare checks that are
  // not what this machine can do, which would make every ratio look better. Empty when they count.
  std::vector<std::string> invalid() const;
  bool pass() const;
  int exit_status() const;  // 0, or 1 when a line misses or the run is invalid
  std::string text() const;
  std::string json() const;
};

}  // namespace dfb::bench
