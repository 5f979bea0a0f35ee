// What a payload says, in Chinese and English, for a person who is about to sign it.
#pragma once
#include <string>

#include "ledger/book/command.h"

namespace dfb::server {

// Several lines, each ending in a line feed. What it has no sentence for it names by operation; the exact
// line is always the caller's to show as well.
std::string in_words(const book::Payload& payload);

}  // namespace dfb::server
