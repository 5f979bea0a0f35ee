#include "api/witness/collector.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ledger/base/files.h"

namespace dfb::witness {
namespace {

constexpr TimeUs kRefreshUs = 5 * kMinuteUs;
constexpr TimeUs kSilentUs = 15 * kMinuteUs;
constexpr TimeUs kKeepFullerUs = kMinuteUs;
constexpr int kBackoffMaxS = 300;
constexpr mode_t kReadable = 0644;

}  // namespace

struct Collector::Witness {
  Witness(Address address_in, const std::string& ca_file)
      : address(std::move(address_in)), inquiry(address, ca_file) {
    status.name = address.vkey.name;
    status.vkey = format_vkey(address.vkey);
  }
  const Address address;
  Inquiry inquiry;
  std::optional<Cosignature> line;  // about the round's checkpoint
  int failures = 0;                 // since the last answer
  TimeUs next_us = 0;               // not asked before
  Status status;
};

std::string_view name(Standing standing) {
  constexpr std::string_view names[] = {"waiting", "cosigned", "failing", "refusing"};
  return names[static_cast<std::size_t>(standing)];
}

Collector::Collector(Options options, Newest newest, const Clock& clock, Random& random)
    : options_(std::move(options)),
      offered_(std::move(newest)),
      clock_(clock),
      random_(random),
      started_us_(clock.now_us()) {
  for (const Address& address : options_.witnesses)
    witnesses_.push_back(std::make_unique<Witness>(address, options_.ca_file));
}
Collector::~Collector() { stop(); }

Result<std::unique_ptr<Collector>> Collector::open(Options options, Newest newest, const RootAt& root_at,
                                                   const Clock& clock, Random& random) {
  std::set<std::string> names;
  for (const Address& address : options.witnesses)
    if (!names.insert(address.vkey.name).second)
      return fail(Code::bad_config, "two witnesses have the name " + address.vkey.name);
  std::unique_ptr<Collector> collector(new Collector(std::move(options), std::move(newest), clock, random));
  if (const auto restored = collector->restore(root_at); !restored) {
    collector->misfit_ = "the cosigned checkpoint that was kept is not of this ledger as it stands";
    collector->say(collector->options_.file + ": " + to_string(restored.error()) +
                   "; was the ledger restored from an older copy? The file is left as it is");
  }
  return collector;
}

void Collector::say(const std::string& line) const {
  if (options_.log) options_.log(line);
}

Result<void> Collector::restore(const RootAt& root_at) {
  if (!file_exists(options_.file)) return ok();
  DFB_TRY(const std::string text, read_file(options_.file, log::kNoteBytesMax));
  DFB_TRY(const log::Note note, log::parse_note(text));
  DFB_TRY_VOID(log::verify_note(note, options_.log_keys));
  DFB_TRY(const log::Checkpoint checkpoint, log::parse_checkpoint(note.text));
  DFB_TRY(const Hash root, root_at(checkpoint.size));
  if (root != checkpoint.root)
    return fail(Code::inconsistent, "the log had another root at " + std::to_string(checkpoint.size));
  return restore_lines(note, checkpoint);
}

// Lines of witnesses that are no longer asked are dropped.
Result<void> Collector::restore_lines(const log::Note& note, const log::Checkpoint& checkpoint) {
  Offer offer{checkpoint, note.text + "\n", {}};
  round_ = checkpoint;
  for (const log::NoteSignature& line : note.signatures) {
    bool is_cosignature = false;
    for (const auto& witness : witnesses_) {
      const auto time_s = log::verify_cosignature(note.text, line, witness->address.vkey);
      if (!time_s && time_s.error().code == Code::unknown_key) continue;
      if (!time_s) return time_s.error();
      is_cosignature = true;
      witness->line = Cosignature{line, *time_s};
      witness->inquiry.set_known_size(checkpoint.size);
      witness->status.size = witness->status.claims = checkpoint.size;
    }
    const bool is_logs = std::any_of(
        options_.log_keys.begin(), options_.log_keys.end(),
        [&line](const log::Vkey& key) { return key.name == line.name && key.key_id == line.key_id; });
    if (is_logs && !is_cosignature) offer.note += log::format_note_signature(line);
  }
  publish(offer);
  return ok();
}

void Collector::start(std::chrono::milliseconds every) {
  thread_ = std::jthread([this, every](const std::stop_token& stop) {
    std::mutex pause;
    std::unique_lock lock(pause);
    while (!stop.stop_requested()) {
      tick();
      wake_.wait_for(lock, stop, every, [] { return false; });
    }
  });
}

void Collector::stop() {
  stopping_ = true;
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

// Those who have not signed this checkpoint lately and may be asked, the reliable ones first.
std::vector<Collector::Witness*> Collector::due(const Offer& offer) const {
  const TimeUs now = clock_.now_us();
  std::vector<Witness*> out;
  for (const auto& witness : witnesses_) {
    const bool fresh = witness->line && round_ == offer.checkpoint && witness->status.cosigned_us != 0 &&
                       now - witness->status.cosigned_us < kRefreshUs;
    if (!fresh && witness->next_us <= now) out.push_back(witness.get());
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Witness* one, const Witness* other) { return one->failures < other->failures; });
  return out;
}

void Collector::tick() {
  const auto offer = offered_();
  if (!offer) return;
  const auto asked = due(*offer);
  if (round_ != offer->checkpoint) {
    if (asked.empty()) return;  // what was gathered stays until somebody can be asked about the next
    round_ = offer->checkpoint;
    for (const auto& witness : witnesses_) witness->line.reset();
  }
  bool changed = false;
  for (Witness* witness : asked) {
    if (stopping_) break;
    ask(*witness, *offer);
    changed = publish(*offer) || changed;
  }
  if (asked.empty()) changed = publish(*offer);
  if (changed) save();
}

void Collector::ask(Witness& witness, const Offer& offer) {
  auto cosignature = witness.inquiry.ask(offer);
  const std::lock_guard lock(mutex_);
  witness.status.claims = witness.inquiry.known_size();
  if (!cosignature) return failed(witness, cosignature.error());
  witness.line = *std::move(cosignature);
  witness.failures = 0;
  witness.next_us = 0;
  witness.status.size = offer.checkpoint.size;
  witness.status.cosigned_us = clock_.now_us();
  if (std::exchange(witness.status.standing, Standing::cosigned) != Standing::cosigned)
    say("witness " + witness.status.name + " cosigned " + std::to_string(offer.checkpoint.size) + " entries");
}

// REQUIRES: mutex_ is held.
void Collector::failed(Witness& witness, const Error& error) {
  const int wait_s = std::min(kBackoffMaxS, 1 << std::min(witness.failures++, 20));
  const TimeUs half_us = wait_s * kSecondUs / 2;
  witness.next_us =
      clock_.now_us() + half_us + static_cast<TimeUs>(random_.u64() % static_cast<std::uint64_t>(half_us));
  const Standing standing = error.code == Code::inconsistent ? Standing::refusing : Standing::failing;
  if (std::exchange(witness.status.standing, standing) != standing)
    say("witness " + witness.status.name + ": " + to_string(error));
}

bool Collector::publish(const Offer& offer) {
  log::Cosigned next{offer.checkpoint, offer.note, 0};
  for (const auto& witness : witnesses_) {
    if (!witness->line) continue;
    next.note += log::format_note_signature(witness->line->line);
    ++next.count;
  }
  const TimeUs now = clock_.now_us();
  const std::lock_guard lock(mutex_);
  if (next.count == 0) return false;
  if (!round_note_ || round_note_->note != next.note)
    round_note_ = std::make_shared<const log::Cosigned>(std::move(next));
  if (published_ && published_->note == round_note_->note) return false;
  if (published_ && round_note_->count < published_->count && now - published_us_ < kKeepFullerUs)
    return false;
  published_ = round_note_;
  published_us_ = now;
  return true;
}

void Collector::save() {
  const auto cosigned = published();
  if (!misfit_.empty()) return;
  if (const auto kept = replace_file(options_.file, cosigned->note, kReadable); !kept)
    say("the cosigned checkpoint could not be kept: " + to_string(kept.error()));
}

std::shared_ptr<const log::Cosigned> Collector::newest() const {
  const std::lock_guard lock(mutex_);
  return round_note_;
}

std::shared_ptr<const log::Cosigned> Collector::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

std::vector<Status> Collector::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<Status> out;
  for (const auto& witness : witnesses_) out.push_back(witness->status);
  return out;
}

std::vector<std::string> Collector::warnings() const {
  std::vector<std::string> out;
  if (!misfit_.empty()) out.push_back(misfit_);
  const TimeUs now = clock_.now_us();
  for (const Status& one : status()) {
    const TimeUs silent_us = now - std::max(started_us_, one.cosigned_us);
    if (one.standing == Standing::refusing)
      out.push_back("the witness " + one.name + " refuses to cosign: it has seen another history");
    else if (silent_us >= kSilentUs)
      out.push_back("the witness " + one.name + " has been silent for " +
                    std::to_string(silent_us / kMinuteUs) + " minutes");
  }
  return out;
}

}  // namespace dfb::witness
