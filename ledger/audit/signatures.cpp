#include "ledger/audit/signatures.h"

#include <algorithm>

namespace dfb::audit {
namespace {

constexpr std::size_t kStride = 32;  // entries that a thread takes at a time

}  // namespace

CheckedEntry::CheckedEntry(log::EntryText text)
    : origin(std::move(text.origin)),
      seq(text.seq),
      time_us(text.time_us),
      outcome(std::move(text.outcome)),
      parsed(check::ParsedCommand::parse(std::move(text.payload), std::move(text.signatures))) {}

void check_signatures(CheckedEntry& entry, const KeyDirectory& keys) {
  entry.signatures = entry.parsed ? check::check_signatures(*entry.parsed, keys, entry.origin)
                                  : Result<void>(entry.parsed.error());
}

SignatureChecks::SignatureChecks(const KeyDirectory& keys, unsigned threads) : keys_(keys) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

SignatureChecks::~SignatureChecks() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  more_.notify_all();
}

void SignatureChecks::add(std::vector<CheckedEntry>& batch) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({&batch});
  }
  more_.notify_all();
}

void SignatureChecks::wait() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return jobs_.front().done == jobs_.front().batch->size(); });
  jobs_.pop_front();
}

void SignatureChecks::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    auto job = jobs_.end();
    more_.wait(lock, [&] {
      job = std::find_if(jobs_.begin(), jobs_.end(),
                         [](const Job& waiting) { return waiting.begun < waiting.batch->size(); });
      return ends_ || job != jobs_.end();
    });
    if (ends_) return;
    Job& own = *job;  // stays where it is: others are added behind it, and it goes only when it is done
    const std::size_t begin = own.begun;
    const std::size_t end = own.begun = std::min(begin + kStride, own.batch->size());
    lock.unlock();
    for (std::size_t i = begin; i < end; ++i) check_signatures((*own.batch)[i], keys_);
    lock.lock();
    own.done += end - begin;
    if (own.done == own.batch->size()) done_.notify_one();
  }
}

}  // namespace dfb::audit
