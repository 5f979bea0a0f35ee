#include "tests/e2e/ledger_after.h"

#include "api/programme/schema.h"
#include "ledger/log/entry_text.h"
#include "ledger/store/store.h"

namespace dfb::e2e {

LedgerAfter read_ledger(const LiveTown& town, const std::vector<book::AccountId>& accounts) {
  const auto store =
      must(store::open_sqlite(town.path("ledger.db"), programme::migrations()), "the database");
  const auto view = store->snapshot();
  LedgerAfter after;
  after.entries = view->entries(0, view->size());
  for (std::size_t i = 0; i < after.entries.size(); ++i) {
    const auto entry = must(log::parse_entry_text(after.entries[i]), "an entry");
    const auto payload = must(book::parse_payload(entry.payload), "its payload");
    after.by_id[payload.id].push_back(static_cast<std::int64_t>(i));
  }
  for (const auto account : accounts)
    if (const auto row = view->get<book::Account>({account})) after.balances[account] = row->balance.value;
  return after;
}

}  // namespace dfb::e2e
