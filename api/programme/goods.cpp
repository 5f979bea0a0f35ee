#include "api/programme/goods.h"

#include "api/programme/text.h"

namespace dfb::programme {
namespace {

bool is_title(const std::string& text) {
  const auto length = character_count(text);
  return length && *length >= 1 && *length <= 40;
}

// Of the columns id, zh, en, points, stock.
Good good_of(const sql::Row& row) {
  return {row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)};
}

}  // namespace

Result<void> check_good(const Good& good) {
  if (!book::is_name(good.id)) return fail(Code::malformed, "good: 1 to 32 of a-z 0-9 -");
  if (!is_title(good.name_zh) || !is_title(good.name_en))
    return fail(Code::malformed, "name_zh, name_en: 1 to 40 characters");
  if (good.points < 1 || good.points > book::kPointsMax.value)
    return fail(Code::malformed, "points: 1 to 1,000,000,000");
  if (good.stock < 0 || good.stock > kStockMax) return fail(Code::malformed, "stock: 0 to 1,000,000");
  return ok();
}

void put_good(sql::Connection& sql, book::AccountId shop, const Good& good) {
  sql.run(
      "INSERT INTO good (shop, id, zh, en, points, stock) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (shop, "
      "id) "
      "DO UPDATE SET zh = excluded.zh, en = excluded.en, points = excluded.points, stock = excluded.stock",
      {to_string(shop), good.id, good.name_zh, good.name_en, good.points, good.stock});
}

void drop_good(sql::Connection& sql, book::AccountId shop, const std::string& id) {
  sql.run("DELETE FROM good WHERE shop = ?1 AND id = ?2", {to_string(shop), id});
}

std::vector<Good> goods_of(sql::Connection& sql, book::AccountId shop) {
  std::vector<Good> goods;
  for (const auto& row :
       sql.run("SELECT id, zh, en, points, stock FROM good WHERE shop = ?1 ORDER BY id", {to_string(shop)}))
    goods.push_back(good_of(row));
  return goods;
}

Result<Good> take_from_stock(sql::Connection& sql, book::AccountId shop, const book::GoodsLine& line) {
  const auto rows = sql.run("SELECT id, zh, en, points, stock FROM good WHERE shop = ?1 AND id = ?2",
                            {to_string(shop), line.good});
  if (rows.empty()) return fail(Code::out_of_stock, "this shop no longer sells " + line.good);
  Good good = good_of(rows.front());
  if (good.stock < line.count)
    return fail(Code::out_of_stock, std::to_string(good.stock) + " left of " + good.name_zh);
  return_to_stock(sql, to_string(shop), line.good, -line.count);
  return good;
}

void return_to_stock(sql::Connection& sql, const std::string& shop, const std::string& good, std::int64_t count) {
  sql.run("UPDATE good SET stock = stock + ?3 WHERE shop = ?1 AND id = ?2", {shop, good, count});
}

Result<void> take_goods(sql::Connection& sql, book::AccountId shop, const Uuid& sale,
                        const std::vector<book::GoodsLine>& lines) {
  for (const auto& line : lines) {
    DFB_TRY_VOID(take_from_stock(sql, shop, line));
    sql.run("INSERT INTO sale_good (sale, shop, good, count) VALUES (?1, ?2, ?3, ?4)",
            {to_string(sale), to_string(shop), line.good, line.count});
  }
  return ok();
}

std::vector<book::GoodsLine> goods_of_sale(sql::Connection& sql, const Uuid& sale) {
  std::vector<book::GoodsLine> lines;
  for (const auto& row : sql.run("SELECT good, count FROM sale_good WHERE sale = ?1 ORDER BY good", {to_string(sale)}))
    lines.push_back({row.text(0), row.integer(1)});
  return lines;
}

void put_goods_back(sql::Connection& sql, const Uuid& sale) {
  for (const auto& row : sql.run("SELECT shop, good, count FROM sale_good WHERE sale = ?1", {to_string(sale)}))
    return_to_stock(sql, row.text(0), row.text(1), row.integer(2));
  sql.run("DELETE FROM sale_good WHERE sale = ?1", {to_string(sale)});
}

}  // namespace dfb::programme
