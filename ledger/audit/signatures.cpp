#include "ledger/audit/signatures.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace dfb::audit {

void check_signatures(std::vector<CheckedEntry>& entries, const KeyDirectory& keys, const std::string& origin,
                      unsigned threads) {
  constexpr std::size_t kStride = 16;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(kStride);
      if (begin >= entries.size()) return;
      const std::size_t end = std::min(begin + kStride, entries.size());
      for (std::size_t i = begin; i < end; ++i)
        entries[i].command = check::check(entries[i].text.payload, entries[i].text.signatures, keys, origin);
    }
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  work();
}

}  // namespace dfb::audit
