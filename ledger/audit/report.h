// An audit's report as a person reads it, and as a program does. Threads: pure functions.
#pragma once
#include <string>

#include "ledger/audit/audit.h"

namespace dfb::audit {

inline constexpr std::size_t kTop = 10;  // rows of a list in the text and on the page
inline std::string short_key(const KeyId& key) { return hash_text(key).substr(0, 12) + "…"; }

std::string to_text(const Report& report, Lang lang);
// One JSON document; docs/auditing.md names its fields.
std::string to_json(const Report& report);
// A page that needs nothing beside itself: both languages, of which `lang` is shown first.
std::string to_html(const Report& report, Lang lang);
// A line for people about an entry that lies before a cosignature that does not cover it.
// REQUIRES: one.dated_back_us > 0.
std::string dated_back(const Witnessed& one, Lang lang);
// How far the witness policy's quorum reaches. REQUIRES: a witness policy.
std::string quorum_reach(const Report& report, Lang lang);
// "sound", "unsound", "could_not_check"; and the exit status that goes with it.
std::string_view name(Verdict verdict);
int exit_status(Verdict verdict);

}  // namespace dfb::audit
