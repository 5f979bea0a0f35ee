#include "ledger/audit/rings.h"

#include <algorithm>
#include <set>

namespace dfb::audit {

using book::AccountId;

void Rings::met(std::uint64_t place, AccountId who, TimeUs time_us) {
  const std::int64_t minute = time_us / kMinuteUs;
  if (minute != minute_) close_minute();
  minute_ = minute;
  auto& here = here_[place];
  if (here.size() < kCrowdMin && std::find(here.begin(), here.end(), who) == here.end()) here.push_back(who);
}

void Rings::close_minute() {
  for (auto& [place, here] : here_) {
    if (here.size() >= kCrowdMin) continue;
    std::sort(here.begin(), here.end());
    for (std::size_t i = 0; i < here.size(); ++i)
      for (std::size_t j = i + 1; j < here.size(); ++j) ++pairs_[{here[i], here[j]}];
  }
  here_.clear();
  if (pairs_.size() > kPairsMax) forget();
}

void Rings::forget() {
  for (std::int64_t few = 1; pairs_.size() > kPairsMax / 2; ++few)
    std::erase_if(pairs_, [&](const auto& pair) { return pair.second <= few; });
}

std::vector<Ring> Rings::rings(const std::function<bool(AccountId, AccountId)>& same) const {
  Rings closed = *this;  // the present minute may go on in a later run
  closed.close_minute();
  std::map<AccountId, std::size_t> of;
  std::vector<std::set<AccountId>> members;
  std::vector<std::int64_t> meetings;
  for (const auto& [pair, count] : closed.pairs_) {
    const auto [a, b] = pair;
    if (count < kMeetingsMin || same(a, b)) continue;
    if (!of.count(a) && !of.count(b)) {
      of[a] = members.size();
      members.emplace_back();
      meetings.push_back(0);
    }
    const std::size_t ring = of.count(a) ? of[a] : of[b];
    for (const AccountId who : {a, b}) {
      const auto other = of.find(who);
      if (other != of.end() && other->second != ring) {
        const std::size_t from = other->second;
        for (const AccountId moved : members[from]) of[moved] = ring;
        members[ring].merge(members[from]);
        meetings[ring] += std::exchange(meetings[from], 0);
      }
      of[who] = ring;
      members[ring].insert(who);
    }
    meetings[ring] += count;
  }
  std::vector<Ring> rings;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (!members[i].empty() && meetings[i] > 0)
      rings.push_back({{members[i].begin(), members[i].end()}, meetings[i]});
  std::stable_sort(rings.begin(), rings.end(),
                   [](const Ring& a, const Ring& b) { return a.meetings > b.meetings; });
  return rings;
}

}  // namespace dfb::audit
