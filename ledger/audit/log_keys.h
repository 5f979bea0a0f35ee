// Which keys may sign the log's checkpoints, and when: the genesis names the first, `log_key` entries the
// next ones, and for a while two sign side by side. Threads: a value.
#pragma once
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/log/note.h"

namespace dfb::audit {

class LogKeys {
 public:
  struct Named {
    std::string vkey;
    std::int64_t from_size = 0;  // the smallest tree that it may sign
    TimeUs until_us = 0;         // trees whose last entry is of this time or later it may not; 0 = no end
  };

  // The key of entry `size` - 1: the genesis, or the next one beside the present until `until_us`.
  // malformed, unsupported_version when it is no Ed25519 key; then nothing changed.
  Result<void> name(const std::string& vkey, std::int64_t size, TimeUs until_us);

  bool knows(const std::string& vkey) const;
  const std::vector<Named>& named() const { return named_; }
  // The keys that sign a tree of `size` entries, the last of which has this time.
  std::vector<log::Vkey> in_force(std::int64_t size, TimeUs last_us) const;

  template <class Archive>
  void archive(Archive& a) {
    a(named_);
    if constexpr (Archive::kReads)
      if (!all_parse()) a.refuse();
  }

 private:
  bool all_parse() const;

  std::vector<Named> named_;
};

template <class Archive>
void archive(Archive& a, LogKeys::Named& named) {
  a(named.vkey, named.from_size, named.until_us);
}

}  // namespace dfb::audit
