// The real writer under the workload: check, inbox, store over SQLite. In one process, and with processes that
// end in the middle of their work.
#pragma once
#include "ledger/writer/key_cache.h"
#include "ledger/writer/writer.h"
#include "tests/sim/trial.h"

namespace dfb::sim {

// A writer and what it needs. The store, stage and key must outlive it.
class Live {
 public:
  Live(const Stage& stage, store::Store& store, const PrivateKey& log_key);
  void found();
  // Sends and waits; one answer a line. `step` runs inside the transaction of a new entry (single lines
  // only).
  std::vector<Prediction> send(const Sent& sent, Step step = {});
  // Sends without waiting; `done(i, answer)` comes on the writer's thread. REQUIRES: single lines, one
  // moment.
  void burst(const Sequence& sequence, std::size_t first, std::size_t count,
             std::function<void(std::size_t, const Prediction&)> done);
  const std::unique_ptr<Writer>& writer() const { return writer_; }

 private:
  Result<std::vector<check::CheckedCommand>> checked(const Sent& sent) const;

  const Stage& stage_;
  ManualClock clock_{test::kTownStartUs};
  KeyCache keys_;
  std::unique_ptr<Writer> writer_;
};

// What the model says to a sequence that goes through ledger/check: an unknown key is refused there.
std::vector<std::vector<Prediction>> predictions(Model& model, const Sequence& sequence);

// Whether the store's entries give its rows again, each of every table, and the model's accounts. `trial` is said
// in what differs. REQUIRES: a store over SQLite, and nobody writes.
std::optional<Difference> compare_rebuilt(const World& world, store::Store& store, const std::string& trial);

std::optional<Difference> live_trial(const Stage& stage, const Sequence& sequence, store::Store& store,
                                     const PrivateKey& log_key);
// Every few commands the process that holds the writer ends without a word: after an answer, inside a
// transaction, or while answers are given. `founded` is the SQLite file of a founded town, `path` where its
// copy lives.
std::optional<Difference> crash_trial(const Stage& stage, const Sequence& sequence,
                                      const std::string& founded, const std::string& path,
                                      const PrivateKey& log_key, std::uint64_t seed);

}  // namespace dfb::sim
