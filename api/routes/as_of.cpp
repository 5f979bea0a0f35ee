#include "api/routes/as_of.h"

#include "api/routes/query.h"

namespace dfb::routes {
namespace {

constexpr const char *kAsOf = "as_of", *kAtUs = "at_us";

struct Asked {
  std::optional<std::int64_t> seq;
  std::optional<TimeUs> at_us;
};

Result<Asked> asked(const Call& call) {
  Asked out;
  DFB_TRY(out.seq, number_in_query(call, kAsOf));
  DFB_TRY(out.at_us, number_in_query(call, kAtUs));
  if (out.seq && out.at_us) return fail(Code::malformed, "ask for an entry (as_of) or a moment (at_us)");
  if (out.at_us && *out.at_us > call.services.clock.now_us())
    return fail(Code::malformed, "at_us has not come yet");
  return out;
}

template <class T>
Result<std::optional<T>> some(Result<T> result) {
  if (!result) return result.error();
  return std::optional<T>(*std::move(result));
}

}  // namespace

std::vector<std::string> as_of_query(std::vector<std::string> more) {
  more.insert(more.end(), {kAsOf, kAtUs});
  return more;
}

Result<std::optional<programme::Standing>> asked_standing(const Call& call, const store::View& view,
                                                          const book::Account& account) {
  DFB_TRY(const Asked asked, routes::asked(call));
  if (asked.seq) return some(programme::standing_after(view, account, *asked.seq));
  if (asked.at_us) return some(programme::standing_at(view, account, *asked.at_us));
  return std::optional<programme::Standing>();
}

Result<std::optional<std::int64_t>> asked_entry(const Call& call, const store::View& view) {
  DFB_TRY(const Asked asked, routes::asked(call));
  if (asked.seq && *asked.seq >= view.size()) return fail(Code::not_found, "no entry has this number yet");
  if (asked.at_us) return std::optional(programme::last_entry_at(view, *asked.at_us));
  return asked.seq;
}

programme::Standing standing_now(const Services& services, const book::Account& account) {
  programme::Standing now;
  now.state = account.state;
  now.level = account.level;
  now.scope = account.scope;
  now.household = account.household;
  now.balance = account.balance;
  now.available = programme::available(account, civil_day(services.clock.now_us()));
  now.held = account.held;
  now.lots = account.lots;
  return now;
}

std::vector<LotView> lots_view(const book::Lots& lots) {
  std::vector<LotView> out;
  for (const book::Lot& lot : lots) out.push_back({format_day(lot.day), lot.points.value});
  return out;
}

}  // namespace dfb::routes
