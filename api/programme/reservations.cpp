#include "api/programme/reservations.h"

#include <algorithm>
#include <optional>

#include "api/programme/goods.h"
#include "api/programme/row_id.h"
#include "ledger/base/check.h"
#include "ledger/log/entry_text.h"

namespace dfb::programme {
namespace {

using namespace book;

constexpr std::int64_t kEntriesMost = 1024;

void put_back(sql::Connection& sql, const Uuid& hold) {
  for (const auto& row : sql.run("SELECT shop, good, count FROM reserved_good WHERE hold = ?1", {to_string(hold)}))
    return_to_stock(sql, row.text(0), row.text(1), row.integer(2));
  sql.run("DELETE FROM reserved_good WHERE hold = ?1", {to_string(hold)});
}

void hand_over(sql::Connection& sql, const Uuid& hold, const Uuid& sale) {
  sql.run("INSERT INTO sale_good (sale, shop, good, count) SELECT ?2, shop, good, count FROM reserved_good WHERE hold = ?1",
          {to_string(hold), to_string(sale)});
  sql.run("DELETE FROM reserved_good WHERE hold = ?1", {to_string(hold)});
}

Error gone(Code code) {
  switch (code) {
    case Code::hold_resolved:
      return fail(code, "the reservation was picked up already");
    case Code::target_already_undone:
      return fail(code, "the reservation was given back");
    default:
      return fail(Code::hold_expired, "the reservation has run out");
  }
}

// How this entry ended the reservation; nothing where it did not.
std::optional<Code> ended_by(const store::View& view, const HoldRow& hold, std::int64_t seq) {
  const auto texts = view.entries(seq, 1);
  DFB_CHECK(texts.size() == 1);
  const auto entry = log::parse_entry_text(texts.front());
  DFB_CHECK(entry.has_value());
  const auto payload = parse_payload(entry->payload);
  DFB_CHECK(payload.has_value());
  if (const auto* cancel = std::get_if<Cancel>(&payload->body))
    return cancel->target == hold.id ? std::optional(Code::target_already_undone) : std::nullopt;
  const auto* resolve = std::get_if<Resolve>(&payload->body);
  if (!resolve || resolve->hold != hold.id) return std::nullopt;
  if (resolve->capture) return Code::hold_resolved;
  return entry->time_us < hold.until_us ? Code::target_already_undone : Code::hold_expired;
}

}  // namespace

Result<void> check_reserved(const std::vector<GoodsLine>& lines) {
  DFB_TRY_VOID(check_goods(lines));
  if (std::is_sorted(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.good < b.good; }))
    return ok();
  return fail(Code::malformed, "goods: in the order of their names");
}

Result<void> reserve_goods(sql::Connection& sql, AccountId shop, const Uuid& hold, const std::vector<GoodsLine>& lines,
                           Points points) {
  std::int64_t sum = 0;
  for (const auto& line : lines) {
    DFB_TRY(const Good good, take_from_stock(sql, shop, line));
    sum += good.points * line.count;
    sql.run("INSERT INTO reserved_good (hold, shop, good, count, points) VALUES (?1, ?2, ?3, ?4, ?5)",
            {to_string(hold), to_string(shop), line.good, line.count, good.points});
  }
  if (sum != points.value)
    return fail(Code::amount_wrong, "these goods cost " + std::to_string(sum) + " points now; load the list anew");
  return ok();
}

void move_goods(sql::Connection& sql, const Payload& payload) {
  if (const auto* resolve = std::get_if<Resolve>(&payload.body)) {
    if (resolve->capture)
      hand_over(sql, resolve->hold, payload.id);
    else
      put_back(sql, resolve->hold);
  }
  if (const auto* cancel = std::get_if<Cancel>(&payload.body)) {
    put_back(sql, cancel->target);
    put_goods_back(sql, cancel->target);
  }
}

void return_all_goods(sql::Connection& sql) {
  for (const auto& row : sql.run("SELECT shop, good, count FROM reserved_good"))
    return_to_stock(sql, row.text(0), row.text(1), row.integer(2));
  sql.run("DELETE FROM reserved_good");
}

std::vector<ReservedGood> goods_of_hold(sql::Connection& sql, const Uuid& hold) {
  std::vector<ReservedGood> goods;
  for (const auto& row :
       sql.run("SELECT good, count, points FROM reserved_good WHERE hold = ?1 ORDER BY good", {to_string(hold)}))
    goods.push_back({row.text(0), row.integer(1), row.integer(2)});
  return goods;
}

std::vector<HoldRow> waiting_reservations(const store::View& view, AccountId account, TimeUs now_us) {
  std::vector<HoldRow> out;
  const auto rows = view.sql().run(
      "SELECT id FROM hold WHERE account = ?1 AND resolved = 0 AND purpose = 'reserve' AND until_us > ?2 ORDER BY seq",
      {to_string(account), now_us});
  for (const auto& row : rows)
    if (auto hold = view.get<HoldRow>({row_id(row.bytes(0))})) out.push_back(*std::move(hold));
  return out;
}

Result<void> still_waits(const store::View& view, const HoldRow& hold, TimeUs now_us) {
  if (hold.resolved == 0 && now_us < hold.until_us) return ok();
  if (hold.resolved == 0) return gone(Code::hold_expired);
  std::int64_t before = view.size();
  for (std::int64_t read = 0; read < kEntriesMost;) {
    const auto page = view.entries_of(hold.account, before, 128);
    if (page.empty()) break;
    for (const std::int64_t seq : page) {
      if (seq <= hold.seq) return gone(Code::hold_expired);
      if (const auto code = ended_by(view, hold, seq)) return gone(*code);
    }
    before = page.back();
    read += std::ssize(page);
  }
  return gone(Code::hold_expired);
}

}  // namespace dfb::programme
