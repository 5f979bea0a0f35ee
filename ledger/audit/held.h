// What somebody holds from earlier, and the log has to continue: checkpoints and receipts, each under the log
// key of its time, and the witnesses' words under them. So too what the log itself shows as `cosigned`.
// Threads: one at a time.
#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/audit/audit.h"
#include "ledger/audit/merkle.h"
#include "ledger/audit/replay.h"
#include "ledger/log/receipt.h"

namespace dfb::audit {

// The key among `allowed` that signed the note, the first of them. unknown_key.
Result<log::Vkey> signer_of(const log::Note& note, const std::vector<log::Vkey>& allowed);

class Held {
 public:
  // Takes apart what the task brings. malformed for what is no checkpoint or receipt at all: the caller's
  // mistake.
  static Result<Held> open(const Task& task);
  // The newest checkpoint that witnesses cosigned, as the log shows it; its quorum counts where it holds.
  // malformed.
  Result<void> add_cosigned(const std::string& name, const std::string& text);

  // Sizes and positions that the tree has to remember, and entries whose time is asked for.
  std::set<std::int64_t> marks() const;
  std::set<std::int64_t> times_of() const;

  // The rest of the questions, once the log was read. `keys`: the log keys that may sign a tree of a size, or
  // nothing where its last entry's time is not known. `time_of`: an entry's time.
  struct Answers {
    const Tree& tree;
    std::function<std::vector<log::Vkey>(std::int64_t size)> keys;
    std::function<std::optional<TimeUs>(std::int64_t seq)> time_of;
  };
  void compare(const Task& task, const Answers& answers, Report& report, Findings& findings) const;
  // True when something held was signed by the task's key itself: then the log begins as its owner saw it.
  // What the log shows itself says nothing there.
  bool anchors(const Task& task, const Report& report) const;

 private:
  struct One {
    std::string name;
    log::Note note;
    log::Checkpoint checkpoint;  // as its text says; whether it is signed is asked later
    std::optional<log::Receipt> receipt;
    std::optional<std::string> leaf;  // the entry's text, where it came along
    enum class Kind { older, receipt, seen, cosigned } kind = Kind::seen;
  };
  Result<void> add(std::string name, const std::string& text, One::Kind kind,
                   std::optional<std::string> leaf);
  bool compare_one(const One& one, const Answers& answers, Report& report, Findings& findings) const;
  bool compare_root(const One& one, const Tree& tree, Findings& findings) const;
  bool compare_leaf(const One& one, const Tree& tree, Findings& findings) const;

  std::vector<One> all_;
};

// REQUIRES: task.witnesses.
bool bears_quorum(const log::Note& note, const Task& task);
// The cosignatures under one checkpoint of this log, beside the entries around it.
void compare_witnesses(const std::string& name, const log::Note& note, std::int64_t size, const Task& task,
                       const std::function<std::optional<TimeUs>(std::int64_t)>& time_of, Report& report,
                       Findings& findings);

Finding about(std::string file, const Error& error);

}  // namespace dfb::audit
