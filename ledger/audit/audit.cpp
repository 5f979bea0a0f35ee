#include "ledger/audit/audit.h"

#include <deque>
#include <future>

#include "ledger/audit/bundle_reader.h"
#include "ledger/audit/held.h"
#include "ledger/audit/merkle.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/signatures.h"
#include "ledger/audit/state_file.h"
#include "ledger/audit/tree_check.h"
#include "ledger/base/encoding.h"
#include "ledger/log/tile.h"

namespace dfb::audit {
namespace {

constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kCosigned = "cosigned";
constexpr const char* kState = "state";

class Audit {
 public:
  Audit(Source& source, const Task& task) : source_(source), task_(task), as_of_(task.as_of) {
    report_.tree_only = task.tree_only;
  }

  Report run() {
    auto end = walk_and_save();
    if (!end) report_.could_not = end.error();
    report_.findings = findings_.sorted();
    report_.findings_left_out = findings_.left_out();
    report_.verdict = !findings_.empty() ? Verdict::unsound : end ? Verdict::sound : Verdict::could_not_check;
    return std::move(report_);
  }

 private:
  Result<void> walk_and_save() try {
    DFB_TRY_VOID(walk());
    return findings_.empty() ? save_state() : ok();
  } catch (const TempError& error) {
    return fail(Code::io_error, error.what());
  } catch (const std::runtime_error& error) {
    return fail(Code::corrupt, error.what());  // rows of a state file that do not belong together
  }

  // Ends early, and well, where a finding leaves nothing to compare with.
  Result<void> walk() {
    DFB_TRY_VOID(open_checkpoint());
    if (!report_.checkpoint) return ok();
    DFB_TRY(Held held, Held::open(task_));
    DFB_TRY_VOID(open_cosigned(held));
    const log::Checkpoint& checkpoint = *report_.checkpoint;
    marks_ = held.marks();
    marks_.insert(checkpoint.size - 1);
    if (task_.genesis) marks_.insert(0);
    Tree begun(marks_);
    replay_.emplace(checkpoint.origin, held.times_of(), memory(task_.trial ? kTrialShare - 1 : kTrialShare));
    DFB_TRY_VOID(load_state(begun));
    if (!findings_.empty()) return ok();
    Start start{replay_->size(), begun.take_last(marks_)};
    DFB_TRY_VOID(restore_marks(begun, start.size));
    if (!findings_.empty()) return ok();
    tree_.emplace(std::move(begun));
    DFB_TRY_VOID(begin_trial());
    if (as_of_) replay_->set_as_of(&*as_of_);
    BundleReader reader(source_, checkpoint.size, !task_.tree_only, task_.tiles_at_once, std::move(start),
                        *tree_, findings_);
    task_.progress(report_.resumed, checkpoint.size);
    auto read = task_.tree_only ? read_tree(reader) : read_entries(reader, *replay_);
    report_.replayed = replay_->size();
    if (!read || reader.is_broken()) {
      tree_->give_up(findings_);
      return read;
    }
    tree_->close(checkpoint, report_.resumed > 0 ? kState : kCheckpoint, findings_);
    DFB_TRY_VOID(tree_->check_upper_tiles(source_, checkpoint.size, findings_));
    return conclude(held);
  }

  // What the whole log has to answer for, once its entries and hashes are known to be right.
  Result<void> conclude(const Held& held) {
    const log::Checkpoint& checkpoint = *report_.checkpoint;
    const bool replayed = !task_.tree_only && findings_.empty();
    if (replayed) check_ends();
    DFB_TRY_VOID(read_times(held.times_of()));
    const auto keys = [&](std::int64_t size) { return keys_of(size); };
    const auto time_of = [&](std::int64_t seq) { return this->time_of(seq); };
    held.compare(task_, {tree_->tree(), keys, time_of}, report_, findings_);
    check_witnesses(time_of);
    if (task_.genesis && checkpoint.size > 0 && tree_->tree().leaf(0) != *task_.genesis)
      findings_.add({.entry = 0,
                     .what = What::hash,
                     .expected = base64(*task_.genesis),
                     .found = base64(tree_->tree().leaf(0))});
    if (!replayed) return ok();
    if (findings_.empty())
      if (auto finding = replay_->close()) findings_.add(std::move(*finding));
    report_.figures = replay_->figures();
    if (trial_) report_.trial = trial_->figures();
    if (as_of_ && findings_.empty()) {
      DFB_TRY_VOID(as_of_->answerable());
      report_.as_of = as_of_;
    }
    return check_key(held);
  }

  // The signature is checked at once where the given key made it; where only a later key did, once the
  // entries have said which that is.
  Result<void> open_checkpoint() {
    // Read before the checkpoint, so that an honest log's is never the larger one, and read always, so that
    // every copy has it. Whether it did not arrive matters only where it is needed.
    cosigned_ = source_.read(kCosigned, log::kNoteBytesMax);
    auto bytes = source_.read(kCheckpoint, log::kNoteBytesMax);
    if (!bytes && bytes.error().code != Code::too_large) return bytes.error();
    auto note = bytes ? log::parse_note(*bytes) : Result<log::Note>(bytes.error());
    auto opened = note ? open_note(*note) : Result<log::Checkpoint>(note.error());
    if (!opened) {
      Finding finding = about(kCheckpoint, opened.error());
      finding.is_key_doubtful = opened.error().code == Code::unknown_key;
      findings_.add(std::move(finding));
      return ok();
    }
    report_.checkpoint = std::move(*opened);
    note_ = std::move(*note);
    return ok();
  }

  // Under load the newest checkpoint is newer than any cosignature; then the quorum may stand under this one.
  Result<void> open_cosigned(Held& held) {
    if (!task_.witnesses || bears_quorum(note_, task_)) return ok();
    if (!cosigned_ && cosigned_.error().code == Code::not_found) return ok();
    if (!cosigned_ && cosigned_.error().code != Code::too_large) return cosigned_.error();
    const auto opened =
        cosigned_ ? held.add_cosigned(kCosigned, *cosigned_) : Result<void>(cosigned_.error());
    if (!opened) cosigned_misfit_ = about(kCosigned, opened.error());  // a finding here would end the audit
    return ok();
  }

  Result<log::Checkpoint> open_note(const log::Note& note) {
    is_own_key_ = signer_of(note, {task_.key}).has_value();
    if (is_own_key_ || task_.tree_only) return log::open_checkpoint(note, task_.key);
    DFB_TRY(log::Checkpoint checkpoint, log::parse_checkpoint(note.text));
    if (checkpoint.origin != task_.key.name || checkpoint.size == 0)
      return fail(Code::unknown_key, "no signature by a known key");
    return checkpoint;
  }

  // Everything is said to be as it was; whether this log continues it, the tree will show.
  Result<void> load_state(Tree& tree) {
    if (task_.state_file.empty() || task_.tree_only || task_.trial || task_.as_of) return ok();
    std::string origin;
    auto read = read_state_file(task_.state_file, [&](ArchiveReader& a) {
      a(origin);
      if (a.ok() && origin == report_.checkpoint->origin) {
        a(tree, *replay_);
        if (tree.size() != replay_->size()) a.refuse();
      }
      // Another log's rows are read to the end of the file for its digest alone.
      while (origin != report_.checkpoint->origin && a.ok() && !a.at_end()) a.skip();
    });
    if (!read && read.error().code == Code::not_found) return ok();
    DFB_TRY_VOID(read);
    if (origin != report_.checkpoint->origin)
      return fail(Code::bad_config, task_.state_file + ": this is the state of another log, " + origin);
    report_.resumed = report_.replayed = replay_->size();
    if (replay_->size() > report_.checkpoint->size)
      findings_.add({.file = kState,
                     .what = What::size,
                     .expected = std::to_string(replay_->size()) + " or more",
                     .found = std::to_string(report_.checkpoint->size)});
    replay_->rows().each<book::KeyRow>([&](const book::KeyRow& row) { keys_.learn_key(row.id, row.spki); });
    return ok();
  }

  Result<void> save_state() {
    if (task_.state_file.empty() || task_.tree_only || replay_->size() == 0) return ok();
    return write_state_file(
        task_.state_file, [&](ArchiveWriter& a) { a(report_.checkpoint->origin, tree_->tree(), *replay_); });
  }

  // Leaves around marks that lie before where reading begins.
  Result<void> restore_marks(Tree& tree, std::int64_t size) {
    for (const std::int64_t mark : marks_) {
      const std::int64_t tile = mark / kTileLeaves;
      if (mark < 0 || mark >= size - size % kTileLeaves) continue;
      DFB_TRY(const std::string bytes, read_tile(source_, 0, tile, log::kTileWidth));
      std::vector<Hash> leaves;
      for (std::size_t at = 0; at + 32 <= bytes.size(); at += 32)
        leaves.push_back(Hash::from(std::string_view(bytes).substr(at, 32)));
      if (!tree.restore(tile, leaves))
        findings_.add({.file = kState,
                       .what = What::root,
                       .expected = base64(tree.subtree(1, tile)) + " over tile " + std::to_string(tile),
                       .found = base64(tree_hash(leaves))});
    }
    return ok();
  }

  // A policy on trial counts much of what the replay does, but for ids, sales and awards.
  static constexpr std::size_t kTrialShare = 4;
  MemoryLimit memory(std::size_t parts) const {
    return {task_.memory.bytes / kTrialShare * parts, task_.memory.folder};
  }

  Result<void> begin_trial() {
    if (!task_.trial) return ok();
    TimeUs from_us = 0;
    if (const std::int64_t size = report_.checkpoint->size; size > 0) {
      DFB_TRY(const auto last, peek_entry(source_, size, size - 1));
      if (last) from_us = last->time_us - Trial::kWindowUs;
    }
    trial_.emplace(*task_.trial, from_us, memory(1));
    replay_->set_trial(&*trial_);
    return ok();
  }

  Result<void> read_tree(BundleReader& reader) {
    for (;;) {
      DFB_TRY(const auto chunk, reader.next());
      if (!chunk) return ok();
      task_.progress(chunk->end, report_.checkpoint->size);
    }
  }

  struct Batch {
    std::vector<CheckedEntry> entries;
    std::int64_t end = 0;
  };
  static Result<std::optional<Batch>> read_batch(BundleReader& reader) {
    DFB_TRY(auto chunk, reader.next());
    if (!chunk) return std::optional<Batch>();
    Batch batch;
    batch.end = chunk->end;
    batch.entries.reserve(chunk->entries.size());
    for (log::EntryText& text : chunk->entries) batch.entries.emplace_back(std::move(text));
    return std::optional(std::move(batch));
  }

  // Reading, checking and replaying go on at once, and none waits for another as long as batches stand in the
  // line between them: one being read, two at the checks, the oldest replayed here.
  Result<void> read_entries(BundleReader& reader, Replay& replay) {
    constexpr std::size_t kBatchesInLine = 3;
    const log::Checkpoint& checkpoint = *report_.checkpoint;
    const auto read = [&] { return std::async(std::launch::async, [&] { return read_batch(reader); }); };
    std::deque<Batch> line;  // before the checks, which write to what it holds until they have ended
    std::optional<SignatureChecks> checks;  // until a finding, after which the hashes alone are read on
    checks.emplace(keys_, task_.threads);
    std::optional<Finding> broken;
    Result<void> end = ok();
    auto reading = read();
    for (bool more = true; more || !line.empty();) {
      while (more && line.size() < kBatchesInLine) {
        auto batch = reading.get();
        if (!batch) end = batch.error();
        more = batch && batch->has_value();
        if (!more) break;
        reading = read();
        line.push_back(std::move(**batch));
        if (!checks) continue;
        for (const CheckedEntry& entry : line.back().entries)
          if (entry.parsed) keys_.learn(entry.parsed->command().payload.body);
        checks->add(line.back().entries);
      }
      if (line.empty()) break;
      if (checks) {
        checks->wait();
        broken = replay.run(line.front().entries);
        if (broken) checks.reset();
      }
      task_.progress(line.front().end, checkpoint.size);
      line.pop_front();
    }
    findings_.add(replay.totals());
    if (broken) findings_.add(std::move(*broken));
    return end;
  }

  // An origin that ended says with which root.
  void check_ends() {
    const auto& end = replay_->end();
    if (!end) return;
    const Hash root = tree_->tree().root(end->size);
    if (root != end->root)
      findings_.add(
          {.entry = end->size, .what = What::root, .expected = base64(root), .found = base64(end->root)});
  }

  // Times of entries that an earlier run has read.
  Result<void> read_times(const std::set<std::int64_t>& wanted) {
    for (const std::int64_t seq : wanted) {
      if (task_.tree_only || seq >= report_.resumed || replay_->time_of(seq)) continue;
      DFB_TRY(const auto entry, read_entry(source_, report_.checkpoint->size, seq, tree_->tree().leaf(seq)));
      if (entry) times_[seq] = entry->time_us;
    }
    return ok();
  }

  std::optional<TimeUs> time_of(std::int64_t seq) const {
    if (const auto time = replay_->time_of(seq)) return time;
    const auto read = times_.find(seq);
    if (read != times_.end()) return read->second;
    return seq == replay_->size() - 1 ? std::optional(replay_->last_us()) : std::nullopt;
  }

  std::vector<log::Vkey> keys_of(std::int64_t size) const {
    const auto last_us = size > 0 ? time_of(size - 1) : std::nullopt;
    if (task_.tree_only || !last_us) return {task_.key};
    return replay_->log_keys().in_force(size, *last_us);
  }

  void check_witnesses(const std::function<std::optional<TimeUs>(std::int64_t)>& time_of) {
    if (!task_.witnesses) return;
    compare_witnesses(kCheckpoint, note_, report_.checkpoint->size, task_, time_of, report_, findings_);
    const auto cosigned = cosignatures(note_, *task_.witnesses);
    report_.quorum = quorum_text(*task_.witnesses);
    if (cosigned_misfit_) findings_.add(*cosigned_misfit_);
    if (bears_quorum(note_, task_)) report_.quorum_size = report_.checkpoint->size;
    if (cosigned && !report_.quorum_size)
      findings_.add({.file = kCheckpoint,
                     .what = What::quorum,
                     .expected = report_.quorum,
                     .found = std::to_string(cosigned->size()) + " cosignatures of known witnesses"});
  }

  // The given key is one of the log's, every key in force signed, and something ties the log to its owner.
  Result<void> check_key(const Held& held) {
    const std::string own = log::format_vkey(task_.key);
    if (replay_->size() == 0) return ok();
    const LogKeys& named = replay_->log_keys();
    if (!named.knows(own)) {
      findings_.add({.entry = 0,
                     .what = What::log_key,
                     .expected = own,
                     .found = named.named().front().vkey,
                     .is_key_doubtful = true});
      return ok();
    }
    for (const log::Vkey& key : named.in_force(replay_->size(), replay_->last_us()))
      if (const auto signed_ = log::open_checkpoint(note_, key); !signed_)
        findings_.add({.file = kCheckpoint,
                       .what = What::signature,
                       .expected = "a signature of " + log::format_vkey(key),
                       .found = to_string(signed_.error())});
    if (is_own_key_ || task_.genesis || report_.resumed > 0 || held.anchors(task_, report_)) return ok();
    return fail(
        Code::bad_config,
        "the checkpoint bears a later key than --key; to know that the log is still the same give its "
        "present key, or with the old one --genesis or a checkpoint of that time (--seen)");
  }

  Source& source_;
  const Task& task_;
  std::optional<Trial> trial_;
  std::optional<AsOf> as_of_;
  Findings findings_;
  Report report_;
  log::Note note_;  // the newest checkpoint's
  Result<std::string> cosigned_ = fail(Code::not_found, kCosigned);
  std::optional<Finding> cosigned_misfit_;
  bool is_own_key_ = false;
  std::set<std::int64_t> marks_;
  std::optional<Replay> replay_;
  std::optional<TreeCheck> tree_;
  KeyDirectory keys_;
  std::map<std::int64_t, TimeUs> times_;
};

}  // namespace

Report audit(Source& source, const Task& task) { return Audit(source, task).run(); }

}  // namespace dfb::audit
