// The log's side of witnessing: asks every witness to cosign the newest checkpoint, again and again, and
// keeps what they answered. Nobody ever waits for it: who serves a checkpoint takes what is there.
//
// A round offers one checkpoint to all witnesses, one after the other, those that answered last time first;
// so all lines of a note are about the same tree. A witness that fails is asked again after 1, 2, 4 … 300 s,
// times a random factor from a half to one. A checkpoint that stays the newest is offered again every five
// minutes: its cosignatures then say that nothing happened until then.
//
// newest() is the newest round's note, with the cosignatures that have come by now. published() is the same,
// unless it has fewer than the one before and that one is younger than a minute: a witness's hiccup must not
// take a quorum away. It is kept in a file, so that a restart begins with it.
// Threads: tick() by one; all else by any.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/witness/inquiry.h"
#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/log/cosignature.h"

namespace dfb::witness {

enum class Standing : std::uint8_t { waiting, cosigned, failing, refusing };
std::string_view name(Standing standing);

struct Status {
  std::string name, vkey;
  Standing standing = Standing::waiting;
  std::int64_t size = 0;    // last cosigned
  TimeUs cosigned_us = 0;   // when, by this machine's clock; 0: never since the start
  std::int64_t claims = 0;  // the largest size that the witness spoke of
};

class Collector {
 public:
  struct Options {
    std::vector<Address> witnesses;
    std::string ca_file;  // for witnesses' TLS; empty: the system's authorities
    std::string file;     // where the newest cosigned note is kept; replaced as a whole
    std::vector<log::Vkey> log_keys;
    std::function<void(const std::string& line)> log;  // changes of standing; must not block
  };
  // What is to be cosigned now; nothing while the log is empty.
  using Newest = std::function<std::optional<Offer>()>;
  // The root of the log's first `size` entries. not_found beyond its size; corrupt.
  using RootAt = std::function<Result<Hash>(std::int64_t size)>;

  // Reads the file. What is there and does not read, or is not this log's own history, is evidence: it is a
  // warning from then on, is not published and not overwritten. bad_config: two witnesses of one name.
  static Result<std::unique_ptr<Collector>> open(Options options, Newest newest, const RootAt& root_at,
                                                 const Clock& clock, Random& random);
  ~Collector();  // as stop()

  void tick();  // asks whoever is due; takes as long as they take to answer
  void start(std::chrono::milliseconds every = std::chrono::seconds(1));  // tick() on a thread of its own
  void stop();  // waits for the question that is under way, at most 5 s a witness. Idempotent

  std::shared_ptr<const log::Cosigned> newest() const;     // null: none yet
  std::shared_ptr<const log::Cosigned> published() const;  // null: none yet
  std::vector<Status> status() const;
  // For anybody to read: who has been silent for 15 minutes, who refuses, what does not fit.
  std::vector<std::string> warnings() const;

 private:
  struct Witness;
  Collector(Options options, Newest newest, const Clock& clock, Random& random);
  Result<void> restore(const RootAt& root_at);
  Result<void> restore_lines(const log::Note& note, const log::Checkpoint& checkpoint);
  std::vector<Witness*> due(const Offer& offer) const;
  void ask(Witness& witness, const Offer& offer);
  void failed(Witness& witness, const Error& error);
  bool publish(const Offer& offer);  // true: what is published has changed
  void save();
  void say(const std::string& line) const;

  const Options options_;
  const Newest offered_;
  const Clock& clock_;
  Random& random_;
  const TimeUs started_us_;
  std::vector<std::unique_ptr<Witness>> witnesses_;
  log::Checkpoint round_;  // what the witnesses' lines are about
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // for what follows, and every witness's status
  std::shared_ptr<const log::Cosigned> round_note_, published_;
  TimeUs published_us_ = 0;
  std::string misfit_;  // what is wrong with the kept note
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace dfb::witness
