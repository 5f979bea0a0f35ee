#include "api/programme/due.h"

#include <stdexcept>

#include "api/programme/row_id.h"
#include "ledger/book/state.h"

namespace dfb::programme {
namespace {

using namespace book;

AccountId account_of(const std::string& text) {
  const auto id = parse_account(text);
  if (!id) throw std::runtime_error("the store holds an account number that is none");
  return *id;
}

// A list of lots begins with the earliest day, as text that sorts like days.
void add_expired(const store::View& view, TimeUs now_us, std::int64_t limit, std::vector<Body>& due) {
  const Day today = civil_day(now_us);
  const auto rows =
      view.sql().run("SELECT id FROM account WHERE kind = 'resident' AND lots <> '' AND lots < ?1 ORDER BY id LIMIT ?2",
                     {format_day(today), limit});
  for (const auto& row : rows) {
    const auto account = view.get<Account>({account_of(row.text(0))});
    if (!account) continue;
    Transfer expire;
    expire.kind = TransferKind::expire, expire.from = account->id, expire.to = kExpired;
    for (const Lot& lot : account->lots) {
      if (lot.day >= today) break;
      if (expire.points.value > 0 && expire.day != lot.day) {
        due.push_back(expire);
        expire.points = {};
      }
      expire.day = lot.day;
      expire.points.value += lot.points.value;
    }
    if (expire.points.value > 0) due.push_back(expire);
  }
}

void add_run_out(const store::View& view, TimeUs now_us, std::int64_t limit, std::vector<Body>& due) {
  State state(view);
  const Policy* policy = state.policy_at(now_us);
  const TimeUs upload_us = policy ? policy->limits.offline_upload_days * kDayUs : 0;
  const auto rows = view.sql().run(
      "SELECT id, account FROM hold WHERE resolved = 0 AND purpose <> 'review' AND"
      " ((purpose = 'reserve' AND until_us <= ?1) OR (purpose = 'allowance' AND until_us <= ?2))"
      " ORDER BY until_us, id LIMIT ?3",
      {now_us, now_us - upload_us, limit});
  for (const auto& row : rows) {
    Resolve release;
    release.hold = row_id(row.bytes(0));
    release.to = account_of(row.text(1));
    due.push_back(release);
  }
}

}  // namespace

std::vector<Body> due_commands(const store::View& view, TimeUs now_us, std::int64_t limit) {
  std::vector<Body> due;
  if (view.size() == 0) return due;
  add_expired(view, now_us, limit, due);
  if (static_cast<std::int64_t>(due.size()) < limit) add_run_out(view, now_us, limit, due);
  if (static_cast<std::int64_t>(due.size()) > limit) due.resize(static_cast<std::size_t>(limit));
  return due;
}

}  // namespace dfb::programme
