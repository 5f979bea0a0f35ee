#include "ledger/book/policy.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/book/words.h"

namespace dfb::book {
namespace {

constexpr Words<4> kCapOf{"account", "household", "grid", "budget"};
constexpr Words<4> kCapPer{"hour", "day", "month", "life"};
constexpr Words<3> kUniques{"day", "month", "once"};
constexpr Words<3> kRuleProofs{"none", "site", "officer"};
constexpr Words<2> kReviews{"none", "all"};

}  // namespace

const Rule* Policy::rule(std::string_view id) const {
  auto it = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.id == id; });
  return it == rules.end() ? nullptr : &*it;
}

std::string_view name(Unique value) { return word(kUniques, value); }
std::string_view name(RuleProof value) { return word(kRuleProofs, value); }
std::string_view name(Review value) { return word(kReviews, value); }
Result<void> parse(std::string_view text, Unique& out) {
  return parse_word(kUniques, text, "uniqueness", out);
}
Result<void> parse(std::string_view text, RuleProof& out) {
  return parse_word(kRuleProofs, text, "proof of a rule", out);
}
Result<void> parse(std::string_view text, Review& out) { return parse_word(kReviews, text, "review", out); }

std::string to_string(const Cap& cap) {
  std::string out(word(kCapOf, cap.of));
  out += '/';
  out += word(kCapPer, cap.per);
  return out + ":" + std::to_string(cap.most);
}

Result<Cap> parse_cap(std::string_view text) {
  auto slash = text.find('/'), colon = text.find(':');
  if (slash == text.npos || colon == text.npos || colon < slash)
    return fail(Code::malformed, "a cap is written <of>/<per>:<most>");
  Cap cap;
  DFB_TRY_VOID(parse_word(kCapOf, text.substr(0, slash), "owner of a cap", cap.of));
  DFB_TRY_VOID(parse_word(kCapPer, text.substr(slash + 1, colon - slash - 1), "span of a cap", cap.per));
  DFB_TRY(cap.most, parse_decimal(text.substr(colon + 1)));
  if (cap.most > kPointsMax.value) return fail(Code::malformed, "a cap of more than 1,000,000,000");
  return cap;
}

std::string period_at(Unique unique, TimeUs now_us) {
  switch (unique) {
    case Unique::day:
      return format_day(civil_day(now_us));
    case Unique::month:
      return format_month(civil_day(now_us));
    case Unique::once:
      break;
  }
  return "-";
}

}  // namespace dfb::book
