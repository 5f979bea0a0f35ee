#include "ledger/audit/log_keys.h"

#include <algorithm>

namespace dfb::audit {

Result<void> LogKeys::name(const std::string& vkey, std::int64_t size, TimeUs until_us) {
  DFB_TRY(const log::Vkey parsed, log::parse_vkey(vkey));
  if (parsed.type != log::NoteKeyType::ed25519) return fail(Code::malformed, "a log's key is no witness's");
  if (!named_.empty()) named_.back().until_us = until_us;
  named_.push_back({vkey, size, 0});
  return ok();
}

bool LogKeys::all_parse() const {
  return std::all_of(named_.begin(), named_.end(),
                     [](const Named& named) { return log::parse_vkey(named.vkey).has_value(); });
}

bool LogKeys::knows(const std::string& vkey) const {
  return std::any_of(named_.begin(), named_.end(), [&](const Named& named) { return named.vkey == vkey; });
}

std::vector<log::Vkey> LogKeys::in_force(std::int64_t size, TimeUs last_us) const {
  std::vector<log::Vkey> keys;
  for (const Named& named : named_)
    if (named.from_size <= size && (named.until_us == 0 || last_us < named.until_us))
      keys.push_back(log::parse_vkey(named.vkey).value());
  return keys;
}

}  // namespace dfb::audit
