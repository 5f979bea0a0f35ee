#include "api/programme/allowances.h"

#include "api/programme/row_id.h"
#include "ledger/base/encoding.h"
#include "ledger/book/command.h"
#include "ledger/book/counters.h"
#include "ledger/book/shift_report.h"
#include "ledger/log/entry_text.h"

namespace dfb::programme {
namespace {

using namespace book;

constexpr std::int64_t kEntriesOfShopMost = 20'000, kEntriesAPage = 200;

bool may_be_spent(const store::View& view, const HoldRow& hold) {
  if (hold.resolved != 0 || hold.points.value == 0) return false;
  const auto device = view.get<KeyRow>({hold.device});
  const auto account = view.get<Account>({hold.account});
  const auto lost = view.get<CounterRow>({offline_lost_counter(hold.account)});
  return device && device->revoked_us == 0 && account && account->state == AccountState::open &&
         (!lost || lost->value == 0);
}

}  // namespace

Allowances allowances_after(const store::View& view, std::int64_t after, std::size_t most, TimeUs now_us) {
  Allowances out;
  const auto rows = view.sql().run(
      "SELECT id FROM hold WHERE purpose = 'allowance' AND until_us > ?1 ORDER BY seq", {now_us});
  for (const auto& row : rows) {
    const Uuid id = row_id(row.bytes(0));
    const auto hold = view.get<HoldRow>({id});
    if (!hold) continue;
    if (!may_be_spent(view, *hold)) {
      out.stopped.push_back(id);
    } else if (hold->seq > after && out.live.size() < most) {
      out.live.push_back(*hold);
    } else if (hold->seq > after) {
      out.more = true;
    }
  }
  return out;
}

std::int64_t count_tills(const store::View& view, TimeUs since_us) {
  return view.sql()
      .run("SELECT count(*) FROM signing_key WHERE use = 'till' AND (revoked_us = 0 OR revoked_us > ?1)", {since_us})
      .front()
      .integer(0);
}

namespace {

// What the till's journal has to hold; nothing for its cancels, and for what others signed.
std::optional<Uuid> journaled(const std::string& payload_line, const KeyId& till) {
  const auto payload = parse_payload(payload_line);
  if (!payload || payload->by != till) return std::nullopt;
  const auto* transfer = std::get_if<Transfer>(&payload->body);
  const auto* record = std::get_if<Record>(&payload->body);
  const bool moves = transfer && (transfer->kind == TransferKind::redeem || transfer->kind == TransferKind::refund);
  if (moves || std::holds_alternative<Resolve>(payload->body) || (record && is_shift_report(record->kind)))
    return payload->id;
  return std::nullopt;
}

}  // namespace

std::optional<Uuid> last_of_till(const store::View& view, AccountId shop, const KeyId& till) {
  const auto key = view.get<KeyRow>({till});
  const std::string by = hash_text(till);
  std::int64_t before = view.size();
  for (std::int64_t read = 0; read < kEntriesOfShopMost;) {
    const auto page = view.entries_of(shop, before, kEntriesAPage);
    if (page.empty()) break;
    for (const std::int64_t seq : page) {
      const auto texts = view.entries(seq, 1);
      if (texts.empty()) continue;
      const auto entry = log::parse_entry_text(texts.front());
      if (!entry) continue;
      if (key && entry->time_us < key->from_us) return std::nullopt;  // of before there was this till
      if (entry->payload.find(by) == entry->payload.npos) continue;
      if (const auto id = journaled(entry->payload, till)) return id;
    }
    before = page.back();
    read += std::ssize(page);
  }
  return std::nullopt;
}

}  // namespace dfb::programme
