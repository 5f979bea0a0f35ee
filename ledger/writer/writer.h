// The writer: the only thing that changes anything. One thread takes the whole inbox as a batch: apply each
// command, write, sign the checkpoint, commit once, answer everybody.
//
// Promises:
//   - Nothing is answered, and no checkpoint leaves, before the commit that holds it is durable; so two
//   checkpoints of
//     one size never exist and an answered entry is never lost.
//   - Commands are applied in the order of the inbox; programme-only steps wait in a second queue that is
//   served when
//     the first is empty, and at least once in a while, so that they can neither delay sales nor starve.
//   - An entry's time never goes backwards. A clock more than 15 minutes behind the last entry refuses
//   everything with
//     clock_behind, but for ids that were answered before.
//   - A storage error before the commit undoes the whole batch: all of it is answered with io_error, and
//   nothing
//     happened. One inside a programme step undoes that command alone.
//   - A ledger that was restored and not yet cleared (read_only) takes nothing: a checkpoint of the next size
//   may be known
//     outside, and must never get a second root.
//   - A checkpoint bears a line of every key in force at its last entry (docs/formats.md#log). A command
//   after which a
//     key would have to sign that is not here gets `unknown_key`, and nothing happened.
//   - When a commit fails or its outcome is unknown, `fatal` is called once and nothing is answered any more;
//   what waits
//     in run() then gets `internal`.
// Threads: every member may be called from any thread; callbacks run on the writer's thread and must be
// short. busy, shutting_down and read_only are answered at once, on the thread that submits.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/check/checked_command.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/signer.h"
#include "ledger/store/log_reader.h"
#include "ledger/store/store.h"

namespace dfb {

// The ledger's answer to a command: a new entry, or the one that answered the same command before.
struct Answer {
  std::int64_t seq = 0;
  TimeUs time_us = 0;
  bool known = false;                       // the id was answered before; this is that first answer
  std::optional<Code> refused;              // the entry refuses, and burns the id
  std::string entry;                        // the leaf's text
  std::shared_ptr<const store::Head> head;  // a committed head that contains it
};

// Programme work beside a command's entry, after the rules agreed: checks and writes, in a savepoint. A
// failure or an exception refuses the command; both vanish. `seq` and `time_us` are the entry's, of a chain
// the first one's. Not called for `known` answers or refusals. The book's tables show the ledger as it was
// before the batch: they are written when it ends.
using Step = std::function<Result<void>(sql::Connection& sql, std::int64_t seq, TimeUs time_us)>;

class Writer {
 public:
  struct Options {
    std::string origin;
    std::size_t batch_max = 1000;   // commands in one transaction
    std::size_t inbox_max = 10000;  // waiting; beyond it `busy`
    bool read_only = false;         // everything submitted is answered `read_only`
    std::function<void(const std::string& why)>
        fatal;  // must not return to business: log and end the process
  };
  // Reads the head back and checks it: the edge rebuilt from tiles and last leaves gives the stored
  // checkpoint's root, and every key in force signed it. corrupt, bad_signature or io_error otherwise;
  // bad_config when a key is missing that the next checkpoint needs. The store and clock outlive it.
  static Result<std::unique_ptr<Writer>> start(store::Store& store, log::Signer signer, const Clock& clock,
                                               Options options);
  // The same for a log with one key.
  static Result<std::unique_ptr<Writer>> start(store::Store& store, const PrivateKey& log_key,
                                               const Clock& clock, Options options);
  virtual ~Writer() = default;  // as stop()

  using Callback = std::function<void(Result<Answer>)>;
  // The callback gets the answer, or a refusal without an entry, or busy / shutting_down /
  // read_only (nothing happened).
  void submit(check::CheckedCommand command, Step step, Callback callback);
  // A chain of linked commands, in its order: all of them become entries, one directly after the other, or
  // none does. The answers are theirs, in that order; a refusal is that of the first command that was
  // refused.
  using ChainCallback = std::function<void(Result<std::vector<Answer>>)>;
  virtual void submit(std::vector<check::CheckedCommand> chain, Step step, ChainCallback callback) = 0;
  // Programme-only work in a transaction shared with others, in its own savepoint.
  virtual void submit(std::function<Result<void>(sql::Connection&)> work,
                      std::function<void(Result<void>)> done) = 0;

  // The same, waiting. Not from the writer's thread.
  Result<Answer> run(check::CheckedCommand command, Step step = {});
  Result<std::vector<Answer>> run(std::vector<check::CheckedCommand> chain);
  Result<void> run(std::function<Result<void>(sql::Connection&)> work);

  virtual std::shared_ptr<const store::Head> head()
      const = 0;  // never null; an empty tree's head has an empty note
  // Takes nothing new, finishes what is in the inbox, ends the thread. Idempotent.
  virtual void stop() = 0;
};

}  // namespace dfb
