#include "terminal/report/period.h"

#include <string>

namespace dfb::terminal {

Result<Period> parse_period(std::string_view text, Day today) {
  const auto wrong = [] {
    return fail(Code::malformed,
                "a period is a day (2026-11-28), a month (2026-11) or two days (2026-11-01..2026-11-28)");
  };
  if (text.empty()) return Period{today, today};
  if (const auto dots = text.find(".."); dots != std::string_view::npos) {
    const auto from = parse_day(text.substr(0, dots)), to = parse_day(text.substr(dots + 2));
    if (!from || !to || *from > *to) return wrong();
    return Period{*from, *to};
  }
  if (const auto day = parse_day(text)) return Period{*day, *day};
  const auto first = parse_day(std::string(text) + "-01");
  if (!first) return wrong();
  Day last = *first;
  while (format_month(last + 1) == format_month(*first)) ++last;
  return Period{*first, last};
}

}  // namespace dfb::terminal
