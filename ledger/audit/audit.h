// An audit: everything that a log claims, checked with its public key alone.
//
// Order: the checkpoint's signature; then, as they pass by, each entry's hash, signatures, authority, rules
// and derived outcome; then the root, the tiles above, the log's later keys, what was seen of it before, its
// witnesses, and every balance. Reading, signatures and replay run beside each other. docs/auditing.md says
// what this proves and what it cannot. Threads: audit() is called by one thread; the source is used by one
// thread at a time.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/as_of.h"
#include "ledger/audit/figures.h"
#include "ledger/audit/finding.h"
#include "ledger/audit/source.h"
#include "ledger/audit/temp_file.h"
#include "ledger/audit/trial_policy.h"
#include "ledger/audit/witness_policy.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"

namespace dfb::audit {

// Something signed earlier that the log has to continue: a checkpoint's note, or a receipt (.tlog-proof).
struct Seen {
  std::string name;  // what a finding calls it
  std::string text;
};

struct Task {
  log::Vkey key;                                        // one that the log ever had; best its first
  std::optional<Hash> genesis = {};                     // the leaf hash of entry 0, where it is known
  std::optional<std::string> older_checkpoint = {};     // a checkpoint's note
  std::optional<std::string> receipt = {}, entry = {};  // both or neither
  std::vector<Seen> seen = {};
  std::optional<WitnessPolicy> witnesses = {};
  std::optional<TrialPolicy> trial = {};
  std::optional<AsOf> as_of = {};
  std::string state_file = {};  // empty: every run begins at entry 0
  bool tree_only = false;       // hashes alone, for those without a token
  MemoryLimit memory = {};      // for the replayed rows, and what a policy on trial counts
  unsigned threads = 1;
  int tiles_at_once = 8;  // of 256 entries each; four times as many are in memory
  // Entries done and entries in all: first, with those that an earlier run did, before any is read; then by
  // the calling thread some times a second.
  std::function<void(std::int64_t done, std::int64_t all)> progress = [](std::int64_t, std::int64_t) {};
};

enum class Verdict : std::uint8_t { sound, unsound, could_not_check };

// A witness's word about one checkpoint, beside the entries around it.
struct Witnessed {
  std::string witness, file;  // file: "checkpoint", or the name of what was seen
  std::int64_t size = 0;
  TimeUs time_us = 0;
  std::optional<TimeUs> before_us, after_us;  // the last entry that it covers, the first that it does not
  // How far the first entry that it does not cover lies before it, where that is more than clocks may differ;
  // else 0. A hint and no finding: a witness may have been asked late, or by somebody else.
  TimeUs dated_back_us = 0;
};

struct Report {
  Verdict verdict = Verdict::could_not_check;
  std::optional<Error> could_not;  // why the audit did not reach its end; findings before it still count
  std::optional<log::Checkpoint> checkpoint;
  bool tree_only = false;
  std::int64_t replayed = 0;  // entries whose every claim held, earlier runs' among them
  std::int64_t resumed = 0;   // of these, those that an earlier run had verified
  std::vector<Finding> findings;
  std::int64_t findings_left_out = 0;
  std::optional<std::int64_t> older_size;     // the older checkpoint that this log extends
  std::optional<std::int64_t> receipt_index;  // the entry that the receipt proves
  std::vector<std::pair<std::string, std::int64_t>>
      seen;  // what was seen that this log continues, with its size
  std::vector<Witnessed> witnessed;
  std::string quorum;  // empty without a witness policy
  // The newest tree that bears the quorum: the checkpoint's, or that of `cosigned`, which the log then
  // continues.
  std::optional<std::int64_t> quorum_size;
  std::optional<TrialResults> trial;
  std::optional<AsOf> as_of;  // answered only when sound
  Figures figures;            // complete only when sound and not tree_only
};

// unsound when anything that arrived contradicts what was signed, also when the rest could not be fetched.
Report audit(Source& source, const Task& task);

}  // namespace dfb::audit
