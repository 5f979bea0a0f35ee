#include "ledger/audit/held.h"

#include "ledger/base/encoding.h"
#include "ledger/log/merkle.h"

namespace dfb::audit {
namespace {

constexpr const char* kOlder = "older checkpoint";
constexpr const char* kReceipt = "receipt";
constexpr std::string_view kProofLine = "c2sp.org/tlog-proof@v1\n";
// A witness's clock and the log's may differ by as much as the writer lets its own clock fall behind.
constexpr TimeUs kClocksApartUs = 15 * kMinuteUs;

What what_of(Code code) {
  if (code == Code::bad_signature || code == Code::unknown_key) return What::signature;
  if (code == Code::bad_path) return What::hash;
  return code == Code::wrong_entry ? What::entry : What::form;
}

}  // namespace

Finding about(std::string file, const Error& error) {
  return {
      .file = std::move(file), .what = what_of(error.code), .expected = "valid", .found = to_string(error)};
}

Result<log::Vkey> signer_of(const log::Note& note, const std::vector<log::Vkey>& allowed) {
  for (const log::Vkey& key : allowed)
    for (const log::NoteSignature& line : note.signatures)
      if (line.name == key.name && line.key_id == key.key_id) return key;
  return fail(Code::unknown_key, "no signature by a key that the log had then");
}

Result<Held> Held::open(const Task& task) {
  Held held;
  if (task.older_checkpoint)
    DFB_TRY_VOID(held.add(kOlder, *task.older_checkpoint, One::Kind::older, std::nullopt));
  if (task.receipt) DFB_TRY_VOID(held.add(kReceipt, *task.receipt, One::Kind::receipt, task.entry));
  for (const Seen& seen : task.seen)
    DFB_TRY_VOID(held.add(seen.name, seen.text, One::Kind::seen, std::nullopt));
  return held;
}

Result<void> Held::add_cosigned(const std::string& name, const std::string& text) {
  return add(name, text, One::Kind::cosigned, std::nullopt);
}

Result<void> Held::add(std::string name, const std::string& bytes, One::Kind kind,
                       std::optional<std::string> leaf) {
  One one;
  one.name = std::move(name);
  one.kind = kind;
  one.leaf = std::move(leaf);
  const auto named = [&](const Error& error) {
    return fail(Code::malformed, "the " + one.name + ": " + error.detail);
  };
  if (kind == One::Kind::receipt || (kind == One::Kind::seen && bytes.starts_with(kProofLine))) {
    auto receipt = log::parse_receipt(bytes);
    if (!receipt) return named(receipt.error());
    one.note = receipt->checkpoint;
    one.receipt = std::move(*receipt);
  } else {
    auto note = log::parse_note(bytes);
    if (!note) return named(note.error());
    one.note = std::move(*note);
  }
  auto checkpoint = log::parse_checkpoint(one.note.text);
  if (!checkpoint) return named(checkpoint.error());
  one.checkpoint = std::move(*checkpoint);
  all_.push_back(std::move(one));
  return ok();
}

std::set<std::int64_t> Held::marks() const {
  std::set<std::int64_t> marks;
  for (const One& one : all_) {
    marks.insert(one.checkpoint.size);
    if (one.checkpoint.size > 0) marks.insert(one.checkpoint.size - 1);
    if (one.receipt) marks.insert(one.receipt->index);
  }
  return marks;
}

std::set<std::int64_t> Held::times_of() const {
  std::set<std::int64_t> times;
  for (const One& one : all_) times.insert({one.checkpoint.size, one.checkpoint.size - 1});
  times.erase(-1);
  return times;
}

void Held::compare(const Task& task, const Answers& answers, Report& report, Findings& findings) const {
  for (const One& one : all_) {
    const bool holds = compare_one(one, answers, report, findings);
    compare_witnesses(one.name, one.note, one.checkpoint.size, task, answers.time_of, report, findings);
    if (holds && one.kind == One::Kind::cosigned && bears_quorum(one.note, task))
      report.quorum_size = one.checkpoint.size;
  }
}

// That the log continues it.
bool Held::compare_one(const One& one, const Answers& answers, Report& report, Findings& findings) const {
  const auto is_wrong = [&](Finding finding) {
    findings.add(std::move(finding));
    return false;
  };
  if (one.checkpoint.size > answers.tree.size())
    return is_wrong({.file = one.name,
                     .what = What::size,
                     .expected = std::to_string(one.checkpoint.size) + " or more",
                     .found = std::to_string(answers.tree.size())});
  const auto key = signer_of(one.note, answers.keys(one.checkpoint.size));
  const auto opened = key ? log::open_checkpoint(one.note, *key) : Result<log::Checkpoint>(key.error());
  if (!opened) return is_wrong(about(one.name, opened.error()));
  if (one.receipt && one.leaf) {
    const auto entry = log::verify_entry(*one.receipt, *key, *one.leaf);
    if (!entry) return is_wrong(about(one.name, entry.error()));
  }
  if (!compare_root(one, answers.tree, findings)) return false;
  if (one.receipt && !compare_leaf(one, answers.tree, findings)) return false;
  if (one.kind == One::Kind::older) report.older_size = one.checkpoint.size;
  if (one.kind == One::Kind::receipt) report.receipt_index = one.receipt->index;
  if (one.kind == One::Kind::seen) report.seen.emplace_back(one.name, one.checkpoint.size);
  return true;
}

// That the log begins with the tree that was signed then.
bool Held::compare_root(const One& one, const Tree& tree, Findings& findings) const {
  const Hash root = tree.root(one.checkpoint.size);
  if (root == one.checkpoint.root) return true;
  findings.add(
      {.file = one.name, .what = What::root, .expected = base64(one.checkpoint.root), .found = base64(root)});
  return false;
}

// That the receipt is about the entry that stands there.
bool Held::compare_leaf(const One& one, const Tree& tree, Findings& findings) const {
  const log::Receipt& receipt = *one.receipt;
  if (receipt.index >= one.checkpoint.size) {
    findings.add(about(one.name, fail(Code::bad_path, "the index is not in the tree")));
    return false;
  }
  const Hash& leaf = tree.leaf(receipt.index);
  if (one.leaf && leaf_hash(*one.leaf) != leaf) {
    findings.add({.entry = receipt.index,
                  .file = one.name,
                  .what = What::hash,
                  .expected = base64(leaf_hash(*one.leaf)),
                  .found = base64(leaf)});
    return false;
  }
  const auto path =
      log::verify_inclusion(leaf, receipt.index, one.checkpoint.size, receipt.path, one.checkpoint.root);
  if (!path) findings.add(about(one.name, path.error()));
  return path.has_value();
}

bool Held::anchors(const Task& task, const Report& report) const {
  for (const One& one : all_) {
    if (one.kind == One::Kind::cosigned) continue;
    const bool continued = one.kind == One::Kind::older     ? report.older_size.has_value()
                           : one.kind == One::Kind::receipt ? report.receipt_index.has_value()
                                                            : true;  // else there is a finding
    if (continued && one.checkpoint.size > 0 && log::open_checkpoint(one.note, task.key)) return true;
  }
  return false;
}

bool bears_quorum(const log::Note& note, const Task& task) {
  const auto cosigned = cosignatures(note, *task.witnesses);
  return cosigned && has_quorum(*task.witnesses, *cosigned);
}

void compare_witnesses(const std::string& name, const log::Note& note, std::int64_t size, const Task& task,
                       const std::function<std::optional<TimeUs>(std::int64_t)>& time_of, Report& report,
                       Findings& findings) {
  if (!task.witnesses) return;
  const auto cosigned = cosignatures(note, *task.witnesses);
  if (!cosigned) return findings.add(about(name, cosigned.error()));
  for (const Cosigned& one : *cosigned) {
    Witnessed seen;
    seen.witness = task.witnesses->witnesses[one.witness].name;
    seen.file = name;
    seen.size = size;
    seen.time_us = one.time_s * kSecondUs;
    if (size > 0) seen.before_us = time_of(size - 1);
    seen.after_us = time_of(size);
    // It had seen the entry, so the entry was there.
    if (seen.before_us && *seen.before_us > seen.time_us + kClocksApartUs)
      findings.add(
          {.entry = size - 1,
           .file = name,
           .what = What::time,
           .expected = "not after " + format_time(seen.time_us) + ", when " + seen.witness + " saw it",
           .found = format_time(*seen.before_us)});
    if (seen.after_us && *seen.after_us < seen.time_us - kClocksApartUs)
      seen.dated_back_us = seen.time_us - *seen.after_us;
    report.witnessed.push_back(std::move(seen));
  }
}

}  // namespace dfb::audit
