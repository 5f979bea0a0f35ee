#include "ledger/audit/audit.h"

#include <future>

#include "ledger/audit/bundle_reader.h"
#include "ledger/audit/merkle.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/signatures.h"
#include "ledger/audit/tree_check.h"
#include "ledger/base/encoding.h"
#include "ledger/log/receipt.h"

namespace dfb::audit {
namespace {

constexpr const char* kOlder = "older checkpoint";
constexpr const char* kReceipt = "receipt";

What what_of(Code code) {
  if (code == Code::bad_signature || code == Code::unknown_key) return What::signature;
  if (code == Code::bad_path) return What::hash;
  return code == Code::wrong_entry ? What::entry : What::form;
}

Finding about(std::string file, const Error& error) {
  return {
      .file = std::move(file), .what = what_of(error.code), .expected = "valid", .found = to_string(error)};
}

// What the caller holds from earlier, opened; empty where it does not hold true.
struct Held {
  std::optional<log::Checkpoint> older, receipt;
  std::int64_t index = 0;  // the receipt's
};

class Audit {
 public:
  Audit(Source& source, const Task& task) : source_(source), task_(task) {
    report_.tree_only = task.tree_only;
  }

  Report run() {
    auto end = walk();
    if (!end) report_.could_not = end.error();
    report_.findings = findings_.sorted();
    report_.findings_left_out = findings_.left_out();
    report_.verdict = !findings_.empty() ? Verdict::unsound : end ? Verdict::sound : Verdict::could_not_check;
    return std::move(report_);
  }

 private:
  // Ends early, and well, where a finding leaves nothing to compare with.
  Result<void> walk() {
    DFB_TRY_VOID(open_checkpoint());
    if (!report_.checkpoint) return ok();
    DFB_TRY_VOID(open_held());
    const log::Checkpoint& checkpoint = *report_.checkpoint;
    TreeCheck tree(marks());
    BundleReader reader(source_, checkpoint.size, !task_.tree_only, task_.tiles_at_once, tree, findings_);
    Replay replay(checkpoint.origin, task_.key);
    auto read = task_.tree_only ? read_tree(reader) : read_entries(reader, replay);
    report_.replayed = replay.size();
    if (!read || reader.is_broken()) {
      tree.give_up(findings_);
      return read;
    }
    tree.close(checkpoint, findings_);
    DFB_TRY_VOID(tree.check_upper_tiles(source_, checkpoint.size, findings_));
    compare_held(tree.tree());
    if (!task_.tree_only && findings_.empty())
      if (auto finding = replay.close()) findings_.add(std::move(*finding));
    report_.figures = replay.figures();
    return ok();
  }

  Result<void> open_checkpoint() {
    auto note = source_.read("checkpoint", log::kNoteBytesMax);
    if (!note && note.error().code != Code::too_large) return note.error();
    auto opened = note ? log::open_checkpoint(*note, task_.key) : Result<log::Checkpoint>(note.error());
    if (opened)
      report_.checkpoint = std::move(*opened);
    else
      findings_.add(about("checkpoint", opened.error()));
    return ok();
  }

  // A file that is no checkpoint or receipt at all is the caller's mistake; one that does not hold is a
  // finding.
  Result<void> open_held() {
    if (task_.older_checkpoint) {
      auto older = log::open_checkpoint(*task_.older_checkpoint, task_.key);
      if (!older && older.error().code == Code::malformed)
        return fail(Code::malformed, "the older checkpoint: " + older.error().detail);
      if (older)
        held_.older = std::move(*older);
      else
        findings_.add(about(kOlder, older.error()));
    }
    if (task_.receipt) {
      auto receipt = log::parse_receipt(*task_.receipt);
      if (!receipt) return fail(Code::malformed, "the receipt: " + receipt.error().detail);
      auto proven = log::verify(*receipt, task_.key, *task_.entry);
      auto entry = log::verify_entry(*receipt, task_.key, *task_.entry);
      held_.index = receipt->index;
      if (proven && entry)
        held_.receipt = std::move(*proven);
      else
        findings_.add(about(kReceipt, proven ? entry.error() : proven.error()));
    }
    return ok();
  }

  std::set<std::int64_t> marks() const {
    std::set<std::int64_t> marks;
    if (held_.older) marks.insert(held_.older->size);
    if (held_.receipt) marks.insert({held_.receipt->size, held_.index});
    return marks;
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
    explicit Batch(Chunk chunk) : end(chunk.end) {
      for (log::EntryText& text : chunk.entries) entries.push_back({std::move(text), std::nullopt});
    }
  };

  // Three batches are in hand at once: one is being read, `next` has its signatures checked, `ready` is
  // replayed here.
  Result<void> read_entries(BundleReader& reader, Replay& replay) {
    const log::Checkpoint& checkpoint = *report_.checkpoint;
    const auto read = [&] { return std::async(std::launch::async, [&] { return reader.next(); }); };
    KeyDirectory keys;
    std::optional<Batch> ready;
    std::optional<Finding> broken;
    Result<void> end = ok();
    auto reading = read();
    for (bool more = true; more || ready;) {
      std::optional<Batch> next;
      if (more) {
        auto chunk = reading.get();
        if (!chunk) end = chunk.error();
        more = chunk && chunk->has_value();
        if (more) {
          next.emplace(std::move(**chunk));
          reading = read();
        }
      }
      const bool replaying = !broken;
      if (next && replaying)
        for (const CheckedEntry& entry : next->entries) keys.learn(entry.text.payload);
      auto checking = std::async(std::launch::async, [&] {
        if (next && replaying) check_signatures(next->entries, keys, checkpoint.origin, task_.threads);
      });
      if (ready && replaying) broken = replay.run(ready->entries);
      checking.get();
      if (ready) task_.progress(ready->end, checkpoint.size);
      ready = std::move(next);
    }
    if (broken) findings_.add(std::move(*broken));
    return end;
  }

  void compare_held(const Tree& tree) {
    if (held_.older && compare(tree, *held_.older, kOlder)) report_.older_size = held_.older->size;
    if (!held_.receipt || !compare(tree, *held_.receipt, kReceipt)) return;
    const Hash leaf = leaf_hash(*task_.entry);
    if (tree.leaf(held_.index) == leaf)
      report_.receipt_index = held_.index;
    else
      findings_.add({.entry = held_.index,
                     .file = kReceipt,
                     .what = What::hash,
                     .expected = base64_encode(leaf.view()),
                     .found = base64_encode(tree.leaf(held_.index).view())});
  }

  // That the log begins with the tree that was signed then.
  bool compare(const Tree& tree, const log::Checkpoint& held, const char* what) {
    if (held.size > tree.size()) {
      findings_.add({.file = what,
                     .what = What::size,
                     .expected = std::to_string(held.size) + " or more",
                     .found = std::to_string(tree.size())});
      return false;
    }
    const Hash root = tree.root(held.size);
    if (root == held.root) return true;
    findings_.add({.file = what,
                   .what = What::root,
                   .expected = base64_encode(held.root.view()),
                   .found = base64_encode(root.view())});
    return false;
  }

  Source& source_;
  const Task& task_;
  Findings findings_;
  Held held_;
  Report report_;
};

}  // namespace

Report audit(Source& source, const Task& task) { return Audit(source, task).run(); }

}  // namespace dfb::audit
