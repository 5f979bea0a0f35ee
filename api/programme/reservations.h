// What the ledger does not say of a reservation: the goods that are kept for it, and how it ended.
//
// Its goods leave the shop's stock with the hold's entry, at the prices of that moment. They become the sale's with the
// entry that captures the hold, and go back to the stock with the one that releases or cancels it.
// Threads: as the connection or the view.
#pragma once
#include <vector>

#include "ledger/base/uuid.h"
#include "ledger/book/command.h"
#include "ledger/book/goods.h"
#include "ledger/book/rows.h"
#include "ledger/store/sql.h"
#include "ledger/store/store.h"

namespace dfb::programme {

struct ReservedGood {
  std::string good;
  std::int64_t count = 0, points = 0;  // points for each
};

// malformed: as book::check_goods, or not in the order of the goods' names.
Result<void> check_reserved(const std::vector<book::GoodsLine>& lines);
// Takes the lines from the shop's stock for the hold. out_of_stock, also for what the shop no longer sells;
// amount_wrong: `points` is not what they cost.
Result<void> reserve_goods(sql::Connection& sql, book::AccountId shop, const Uuid& hold,
                           const std::vector<book::GoodsLine>& lines, book::Points points);
// What an entry with this payload does to goods that are reserved or sold: for a `resolve` or a `cancel` that was
// entered and not refused. Nothing where it names no goods.
void move_goods(sql::Connection& sql, const book::Payload& payload);
// All that is reserved goes back to the stock: a new origin begins without holds.
void return_all_goods(sql::Connection& sql);

std::vector<ReservedGood> goods_of_hold(sql::Connection& sql, const Uuid& hold);  // in the order of their names
// Reservations of the account that wait and have not run out, the oldest first.
std::vector<book::HoldRow> waiting_reservations(const store::View& view, book::AccountId account, TimeUs now_us);

// Why a reservation cannot be picked up any more: hold_resolved (it was), target_already_undone (it was given back or
// cancelled), hold_expired (its time is over). ok: it still waits. Reads at most the account's newest 1,024 entries; of
// what lies behind them it says hold_expired.
Result<void> still_waits(const store::View& view, const book::HoldRow& hold, TimeUs now_us);

}  // namespace dfb::programme
