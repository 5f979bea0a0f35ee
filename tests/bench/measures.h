// One measurement each, in seconds or operations a second. Threads: one caller.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/audit.h"
#include "ledger/writer/key_cache.h"
#include "ledger/writer/writer.h"
#include "tests/bench/bench_town.h"

namespace dfb::bench {

// A writer over a store, with the town's clock and cached keys.
class Bench {
 public:
  Bench(const BenchTown& town, store::Store& store);

  // Lines that need each other, one batch after the other. Throws what is refused.
  void run_in_order(const std::vector<SignedLine>& lines);
  // Reads every key that the lines name, so that keys are cached as in a server that has run for a while.
  std::vector<check::CheckedCommand> check_all(const std::vector<SignedLine>& lines);
  // Checks on all processors used and writes beside that; from the first check to the last answer. Throws
  // what is refused.
  double redeem(const std::vector<SignedLine>& lines);
  // Checked before: the writer's own time. Nothing is given to it before all is there, so batches are full.
  double write(std::vector<check::CheckedCommand> commands);
  void stop() { writer_->stop(); }

 private:
  ManualClock clock_;
  KeyCache keys_;
  std::unique_ptr<Writer> writer_;
};

// P-256 verifications a second on all processors used by this project's code, with cached keys and messages
// of a payload's size.
double bare_checks(const BenchTown& town, double seconds);
// The same by `openssl speed ecdsap256`; nothing when there is no such program.
std::optional<double> openssl_checks();

struct Audited {
  double seconds = 0;
  std::int64_t entries = 0, signatures = 0;
};
// A log in a folder, as an auditor has it. Throws when it is not sound.
class AuditedLog {
 public:
  AuditedLog(const BenchTown& town, const store::View& view);
  Audited audit() const;

 private:
  const BenchTown& town_;
  std::int64_t signatures_ = 0;
};

}  // namespace dfb::bench
