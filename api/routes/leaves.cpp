// A shop's own entries, whole, for the tills of that shop: what they recompute the shop's figures from.
#include <algorithm>

#include "api/programme/goods.h"
#include "api/routes/query.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/base/check.h"
#include "ledger/book/command.h"
#include "ledger/log/entry_text.h"

namespace dfb::routes {
namespace {

constexpr std::int64_t kLeavesMax = 100;
// An answer stays well below what a till reads.
constexpr std::size_t kLeavesBytesMax = 1'000'000;

// What a sale named, which its entry has the digest of.
std::vector<LeafGoodView> goods_of(const store::View& view, const std::string& leaf) {
  const auto entry = log::parse_entry_text(leaf);
  DFB_CHECK(entry.has_value());
  const auto payload = book::parse_payload(entry->payload);
  DFB_CHECK(payload.has_value());
  std::vector<LeafGoodView> out;
  for (auto& line : programme::goods_of_sale(view.sql(), payload->id)) out.push_back({std::move(line.good), line.count});
  return out;
}

Result<LeavesView> leaves(const Call& call) {
  DFB_TRY(const auto asked, number_in_query(call, "before"));
  const std::int64_t before = asked.value_or(call.services.writer.head()->checkpoint.size);
  const auto view = call.services.store.snapshot();
  const auto head = call.services.writer.head();
  LeavesView out;
  out.checkpoint = head->note;
  const auto numbers =
      view->entries_of(call.caller.account.id, std::min(before, head->checkpoint.size), kLeavesMax);
  std::size_t bytes = 0;
  for (const std::int64_t seq : numbers) {
    auto texts = view->entries(seq, 1);
    DFB_CHECK(texts.size() == 1);
    const bool shown = may_show(*view, call.caller.account, texts.front()).has_value();
    if (shown) bytes += texts.front().size();
    if (bytes > kLeavesBytesMax && !out.leaves.empty()) {
      out.next = out.leaves.back().seq;
      return out;
    }
    if (!shown) continue;
    auto goods = goods_of(*view, texts.front());
    out.leaves.push_back({seq, std::move(texts.front()), std::move(goods)});
  }
  if (static_cast<std::int64_t>(numbers.size()) == kLeavesMax) out.next = numbers.back();
  return out;
}

}  // namespace

void add_leaves(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/v1/till/entries", Access::till,
                               "The shop's own entries, whole, newest first, and the checkpoint they lie under",
                               leaves));
  table.back().query = {"before"};
}

}  // namespace dfb::routes
