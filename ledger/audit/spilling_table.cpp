#include "ledger/audit/spilling_table.h"

#include <deque>
#include <span>

namespace dfb::audit {
namespace {

constexpr std::size_t kRunsMerged = 4;

// Runs as one, the first of equal keys counting.
class MergedRuns {
 public:
  void add(const SortedRun& run) {
    readers_.emplace_back(run);
    alive_.push_back(readers_.back().next());
  }
  // The smallest key's number, or none.
  const SortedRun::Reader* front() const {
    const SortedRun::Reader* first = nullptr;
    for (std::size_t i = 0; i < readers_.size(); ++i)
      if (alive_[i] && (!first || readers_[i].key() < first->key())) first = &readers_[i];
    return first;
  }
  // Leaves this key behind. `key` may be front()'s own.
  void skip(std::string_view key) {
    const std::string kept(key);
    for (std::size_t i = 0; i < readers_.size(); ++i)
      if (alive_[i] && readers_[i].key() == kept) alive_[i] = readers_[i].next();
  }

 private:
  std::deque<SortedRun::Reader> readers_;  // which stay where they are
  std::vector<bool> alive_;
};

}  // namespace

std::string_view SpillingTable::find(std::string_view key) const {
  const std::uint64_t hash = hash_of_key(key);
  std::string_view value = recent_.find(key, hash);
  for (auto run = runs_.rbegin(); value.data() == nullptr && run != runs_.rend(); ++run)
    value = run->rows->find(key, hash);
  return value;
}

void SpillingTable::each(const std::function<void(const Record&)>& f) const {
  MergedRuns spilled;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) spilled.add(*run->rows);
  const std::vector<std::uint64_t> recent = recent_.sorted();
  auto next = recent.begin();
  for (;;) {
    const SortedRun::Reader* old = spilled.front();
    if (next != recent.end()) {
      const Record record = recent_.record(*next);
      if (!old || record.key <= old->key()) {
        if (old && record.key == old->key()) spilled.skip(record.key);
        f(record);
        ++next;
        continue;
      }
    }
    if (!old) return;
    f({old->key(), old->value()});
    spilled.skip(old->key());
  }
}

void SpillingTable::spill(RunSpace& space) {
  if (recent_.size() == 0) return;
  SortedRun::Writer writer(space, key_bytes_);
  for (const std::uint64_t number : recent_.sorted()) {
    const Record record = recent_.record(number);
    writer.add(record.key, record.value);
  }
  runs_.push_back({writer.close(), 0});
  recent_.clear();
  merge(space);
}

void SpillingTable::merge(RunSpace& space) {
  while (runs_.size() >= kRunsMerged) {
    const auto newest = std::span(runs_).last(kRunsMerged);
    if (newest.front().merges != newest.back().merges) return;
    MergedRuns old;
    for (auto run = newest.rbegin(); run != newest.rend(); ++run) {
      run->rows->drop_filters();  // so that there is room for the new one's
      old.add(*run->rows);
    }
    SortedRun::Writer writer(space, key_bytes_);
    while (const SortedRun::Reader* record = old.front()) {
      writer.add(record->key(), record->value());
      old.skip(record->key());
    }
    Run merged{writer.close(), newest.back().merges + 1};
    runs_.resize(runs_.size() - kRunsMerged);
    runs_.push_back(std::move(merged));
  }
}

std::int64_t SpillingTable::blocks_read() const {
  std::int64_t blocks = 0;
  for (const Run& run : runs_) blocks += run.rows->blocks_read();
  return blocks;
}

}  // namespace dfb::audit
