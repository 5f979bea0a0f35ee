#include "api/witness/witness.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "ledger/log/cosignature.h"
#include "ledger/log/merkle.h"

namespace dfb::witness {
namespace {

constexpr const char* kVkeyFile = "/witness.vkey";
constexpr std::size_t kVkeyBytesMax = 4096;
constexpr mode_t kVkeyMode = 0600, kFolderMode = 0700;

http::Response text(int status, const std::string& line) { return {status, "text/plain", line + "\n", {}}; }

// Held until the process ends.
Result<File> lock_folder(const std::string& folder) {
  File file(::open((folder + kVkeyFile).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0) return io_failure(folder + kVkeyFile);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::bad_config, folder + " is in use by another witness");
  return file;
}

// A key with another's records, or with none, would sign what it has already contradicted.
Result<void> check_owner(const std::string& folder, const log::Vkey& witness) {
  DFB_TRY(std::string owner, read_file(folder + kVkeyFile, kVkeyBytesMax));
  if (owner == format_vkey(witness) + "\n") return ok();
  return fail(Code::bad_config, folder + " belongs to another witness: " + owner.substr(0, owner.find('\n')));
}

}  // namespace

Result<void> found_state(const std::string& folder, const log::Vkey& witness) {
  if (::mkdir(folder.c_str(), kFolderMode) != 0) return io_failure(folder);
  return create_file(folder + kVkeyFile, format_vkey(witness) + "\n", kVkeyMode);
}

log::Vkey Witness::vkey() const {
  return log::make_vkey(options_.name, log::NoteKeyType::cosignature, options_.key.public_key());
}

Result<std::unique_ptr<Witness>> Witness::open(Options options, const Clock& clock) {
  if (!log::valid_key_name(options.name))
    return fail(Code::bad_config, "a witness's name has no spaces and no +");
  if (options.key.public_key().algorithm() != Algorithm::ed25519)
    return fail(Code::bad_config, "a witness's key is an Ed25519 key");
  if (options.logs.empty()) return fail(Code::bad_config, "a witness trusts at least one log");
  DFB_TRY(File lock, lock_folder(options.folder));
  std::unique_ptr<Witness> witness(new Witness(std::move(options), std::move(lock), clock));
  const Options& o = witness->options_;
  DFB_TRY_VOID(check_owner(o.folder, witness->vkey()));
  std::map<std::string, std::vector<log::Vkey>> keys;
  for (const log::Vkey& vkey : o.logs) {
    if (vkey.type != log::NoteKeyType::ed25519)
      return fail(Code::bad_config, vkey.name + ": that is a witness's key, not a log's");
    keys[vkey.name].push_back(vkey);
  }
  for (auto& [origin, of_log] : keys) {
    DFB_TRY(Record record, Record::open(o.folder, origin, of_log));
    witness->logs_.emplace(origin, std::make_unique<Log>(std::move(of_log), std::move(record)));
  }
  return witness;
}

http::Response Witness::add_checkpoint(std::string_view body) {
  const auto submission = parse_submission(body);
  if (!submission) return text(400, submission.error().detail);
  const auto found = logs_.find(submission->checkpoint.origin);
  if (found == logs_.end()) return text(404, "no log of that origin is known here");
  Log& log = *found->second;
  const auto signed_by = log::verify_note(submission->note, log.keys);
  if (!signed_by) return text(403, signed_by.error().detail);
  if (submission->old_size > submission->checkpoint.size)
    return text(400, "the old size is above the checkpoint's");
  const std::lock_guard lock(log.mutex);
  return cosign(log, *submission);
}

// REQUIRES: log.mutex is held.
http::Response Witness::cosign(Log& log, const Submission& submission) {
  const log::Checkpoint& latest = log.record.latest();
  const log::Checkpoint& next = submission.checkpoint;
  if (submission.old_size != latest.size) return {409, kSizeType, std::to_string(latest.size) + "\n", {}};
  if (next.size == 0 && next.root != log::empty_root()) return text(422, "not the root of an empty tree");
  const auto extends =
      log::verify_consistency(latest.size, latest.root, next.size, next.root, submission.path);
  if (!extends) return text(422, extends.error().detail);
  if (next != latest) {
    const auto durable = log.record.advance(next, submission.note, options_.after_step);
    // Nothing was signed. On disk may stand the one or the other; both extend all that was cosigned.
    if (!durable) return text(500, "the new state could not be kept");
  }
  const std::int64_t now_s = clock_.now_us() / kSecondUs;
  return {200, "text/plain", log::cosign(submission.note.text, options_.name, options_.key, now_s), {}};
}

std::vector<std::pair<std::string, std::int64_t>> Witness::sizes() {
  std::vector<std::pair<std::string, std::int64_t>> out;
  for (const auto& [origin, log] : logs_) {
    const std::lock_guard lock(log->mutex);
    out.emplace_back(origin, log->record.latest().size);
  }
  return out;
}

}  // namespace dfb::witness
