// The demo town's scoring items: what residents give, and the points that it earns. The data is scoring.json,
// whose fields are those of a policy's rules with a title in two languages; the build carries it into the
// program.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/book/policy.h"

namespace dfb::demo {

struct ScoringItem {
  book::Rule rule;
  std::string zh, en;
};

// The file's text.
std::string_view scoring_text();

// malformed, naming the item: a field that is unknown, missing or of the wrong kind, no item, a name or title
// that stands twice.
Result<std::vector<ScoringItem>> parse_scoring(std::string_view text);

}  // namespace dfb::demo
