// The question "and how did it stand then?", asked the same way of every account: `?as_of=<seq>`, right after
// that entry of the ledger, or `?at_us=<µs>`, at that moment.
#pragma once
#include <optional>

#include "api/programme/standing.h"
#include "api/routes/route.h"

namespace dfb::routes {

// The query parameters that ask it, for a route's row.
std::vector<std::string> as_of_query(std::vector<std::string> more = {});

// How `account` stood then; nothing when the request does not ask. malformed: both ways at once, no number,
// or a moment that has not come; else standing_after()'s and standing_at()'s.
Result<std::optional<programme::Standing>> asked_standing(const Call& call, const store::View& view,
                                                          const book::Account& account);

// The last entry that counts for the answer; nothing when the request does not ask. malformed, not_found.
Result<std::optional<std::int64_t>> asked_entry(const Call& call, const store::View& view);

// As it stands now.
programme::Standing standing_now(const Services& services, const book::Account& account);

std::vector<LotView> lots_view(const book::Lots& lots);

// What a view of an account says of its points, and as of when, if that was asked.
template <class View>
void fill_points(View& out, const programme::Standing& standing, bool as_of) {
  out.level = std::string(name(standing.level));
  out.state = std::string(name(standing.state));
  out.scope = standing.scope;
  out.balance = standing.balance.value;
  out.available = standing.available.value;
  out.held = standing.held.value;
  out.lots = lots_view(standing.lots);
  if (as_of) out.as_of = AsOfView{standing.seq, standing.at_us};
}

}  // namespace dfb::routes
